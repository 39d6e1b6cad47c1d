public import Market

/// What a recorded session is compared with.
public struct AuditPlan: Sendable {
  /// The backtest as its settings have it; the session's cash takes the place of theirs.
  public var portfolio: PortfolioPlan
  /// The candles of each pair; `nil` for those that the session has recorded.
  public var candles: [[Candle]]?
  /// Called now and then; ends the comparison by throwing.
  public var goesOn: @Sendable () throws -> Void

  /// A plan of these parts.
  public init(
    _ portfolio: PortfolioPlan, candles: [[Candle]]? = nil,
    goesOn: @escaping @Sendable () throws -> Void = {}
  ) {
    self.portfolio = portfolio
    self.candles = candles
    self.goesOn = goesOn
  }
}
