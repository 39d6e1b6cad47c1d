import Execution
import Market
import Strategy

extension Section {
  /// The size of an entry and the limits on all pairs together; SEMANTICS 4.4, 8.
  public static let portfolio = Section(
    "portfolio", help: "how much is risked, by an entry and by all pairs of the account together",
    parameters: [
      Parameter(
        "position_size", .rate(Bounds(.excluded(0), .included(1))), default: "0.05",
        help: "the budget of an entry, as a fraction of equity"),
      Parameter(
        "total_capital", .choice(["off"]), default: "off",
        help: "the capital that losses are measured by; simulated: simulation.cash"),
      Parameter(
        "max_positions", .count(Bounds(1...10_000)), default: "off",
        help: "how many pairs may have a position or a working entry"),
      limit("max_position_size_pct", "the most an entry may cost, in percent of equity; cut to it"),
      limit(
        "max_correlated_exposure_pct",
        "the most a correlation group may hold, in percent of equity; more is refused"),
      Parameter(
        "emergency_liquidation_loss_pct", .limit(Bounds(.included(-100), .excluded(0))),
        default: "off", help: "the result that sells everything, in percent of the capital"),
      limit("daily_loss_limit_pct", "the loss that stops entries for the day, in percent"),
      limit(
        "rebalance_threshold_pct", "the drift from its target that lists a pair, in percent; advice"
      ),
      Parameter(
        "max_concurrent_orders", .count(Bounds(1...10_000)), default: "off",
        help: "how many entries may be unanswered by the exchange at once; live only"),
    ])

  private static func limit(_ name: String, _ help: String) -> Parameter {
    Parameter(
      name, .limit(Bounds(.excluded(0), .included(100))), default: "off", help: help)
  }

  /// Why a key of this section takes no other value than `off`; `nil` for the others.
  static func reasonForOff(section: String, key: String) -> String? {
    guard section == portfolio.name, key == "total_capital" else { return nil }
    return
      "the only value now: in a simulated run the capital is simulation.cash, set that; live it is all "
      + "that the key's portfolio has available, so keep the rest in another portfolio"
  }

  /// What a cautious trader sets a key to whose default is another; the example file says so.
  static func recommendation(section: String, key: String) -> String? {
    guard section == portfolio.name else { return nil }
    return switch key {
    case "max_positions": "10"
    case "max_position_size_pct": "5"
    case "max_correlated_exposure_pct": "20"
    case "emergency_liquidation_loss_pct": "-10"
    case "rebalance_threshold_pct": "10"
    case "max_concurrent_orders": "3"
    default: nil
    }
  }
}

extension PortfolioLimits {
  /// The limits that section `portfolio` describes.
  init(_ values: Parameters) {
    self.init(
      maxPositions: values.count("max_positions"),
      maxPositionSize: values.limit("max_position_size_pct"),
      maxCorrelatedExposure: values.limit("max_correlated_exposure_pct"),
      emergencyLiquidationLoss: values.limit("emergency_liquidation_loss_pct"),
      dailyLossLimit: values.limit("daily_loss_limit_pct"),
      maxConcurrentOrders: values.count("max_concurrent_orders"))
  }
}
