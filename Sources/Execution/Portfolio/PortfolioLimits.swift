public import Market

/// What a portfolio may risk; SEMANTICS 8.4 to 8.6.
///
/// What is `nil` is off. Percentages are of 100: 5 means 0.05. They are exact decimals, kept as `Money` for its width.
public struct PortfolioLimits: Hashable, Sendable, Codable {
  /// (a) How many pairs may have a position or a working entry at once.
  public var maxPositions: Int?
  /// (b) The most that one entry may cost, in percent of equity.
  public var maxPositionSize: Money?
  /// (c) The most that a correlation group may hold and order, in percent of equity.
  public var maxCorrelatedExposure: Money?
  /// The result in percent of the capital at which everything is sold; below 0.
  public var emergencyLiquidationLoss: Money?
  /// The loss in percent of the day's first equity that ends entries for the day.
  public var dailyLossLimit: Money?
  /// How many entries may be submitted and unanswered at once.
  ///
  /// Orders that protect a position are exempt. It binds live sessions only: a simulated exchange
  /// answers at once.
  public var maxConcurrentOrders: Int?

  /// Limits of these values; all are off by default.
  public init(
    maxPositions: Int? = nil, maxPositionSize: Money? = nil, maxCorrelatedExposure: Money? = nil,
    emergencyLiquidationLoss: Money? = nil, dailyLossLimit: Money? = nil,
    maxConcurrentOrders: Int? = nil
  ) {
    self.maxPositions = maxPositions
    self.maxPositionSize = maxPositionSize
    self.maxCorrelatedExposure = maxCorrelatedExposure
    self.emergencyLiquidationLoss = emergencyLiquidationLoss
    self.dailyLossLimit = dailyLossLimit
    self.maxConcurrentOrders = maxConcurrentOrders
  }

  /// None.
  public static var off: PortfolioLimits { PortfolioLimits() }

  /// Whether equity must be looked at after every close.
  @inlinable
  public var watchesEquity: Bool { emergencyLiquidationLoss != nil || dailyLossLimit != nil }
}
