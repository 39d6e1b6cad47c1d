public import Market

/// A rule of the portfolio that can refuse an entry or make it smaller; SEMANTICS 8.4 to 8.6.
///
/// The cases are in the order in which the rules are looked at.
public enum PortfolioRule: String, Hashable, Sendable, CaseIterable {
  /// The breaker has tripped.
  case breaker
  /// Equity fell too far today.
  case dailyLossLimit = "daily_loss_limit_pct"
  /// The pair is being removed; live only.
  case removal
  /// Too many pairs have a position or a working entry.
  case maxPositions = "max_positions"
  /// The entry is larger than one may be.
  case maxPositionSize = "max_position_size_pct"
  /// The correlation group would hold too much.
  case maxCorrelatedExposure = "max_correlated_exposure_pct"
  /// Too many entries wait for the exchange's answer; live only.
  case maxConcurrentOrders = "max_concurrent_orders"
}

/// Why the portfolio refused an entry: the rule, what would have been, and what may be.
///
/// Both figures are exact: amounts in the quote currency, or a number of
/// pairs for `maxPositions` and `removal`, of orders for `maxConcurrentOrders`.
public struct Refusal: Hashable, Sendable, CustomStringConvertible {
  /// The rule.
  public var rule: PortfolioRule
  /// What would have been; of equity, what is.
  public var value: WideMoney
  /// The limit.
  public var limit: WideMoney

  /// A refusal of these figures.
  public init(rule: PortfolioRule, value: WideMoney, limit: WideMoney) {
    self.rule = rule
    self.value = value
    self.limit = limit
  }

  /// One line for the user.
  public var description: String {
    switch rule {
    case .breaker: "breaker: tripped; equity is \(value), the level \(limit)"
    case .dailyLossLimit: "daily_loss_limit_pct: equity is \(value), today's limit \(limit)"
    case .removal: "removal: the pair is to go as soon as it is flat"
    case .maxPositions: "max_positions: it would be \(value) of at most \(limit)"
    case .maxPositionSize: "max_position_size_pct: it would cost \(value) of at most \(limit)"
    case .maxCorrelatedExposure:
      "max_correlated_exposure_pct: its group would hold \(value) of at most \(limit)"
    case .maxConcurrentOrders:
      "max_concurrent_orders: \(value) entries would wait for an answer, at most \(limit) may"
    }
  }
}

/// What the portfolio says to an entry of a certain size.
public enum Approval: Hashable, Sendable {
  /// It may be submitted, with this quantity, which is less than was asked where `isCut`.
  case approved(Quantity, isCut: Bool)
  /// Rule (b) left less than the product's minimums.
  case tooSmall
  /// It may not.
  case refused(Refusal, isCut: Bool)
}

/// The breaker's trip; SEMANTICS 8.5.
public struct BreakerTrip: Hashable, Sendable, Codable {
  /// The close event at which it tripped.
  public var time: Timestamp
  /// Equity then.
  public var equity: Money
  /// The level it had reached.
  public var level: WideMoney
}
