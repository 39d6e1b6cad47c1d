import Market
import Strategy

extension Section {
  /// The size of an entry and the limits, which are off for now; SEMANTICS 4.4, 8.
  public static let portfolio = Section(
    "portfolio", help: "how much is risked; the limits are off, their only value in this version",
    parameters: [
      Parameter(
        "position_size", .rate(Bounds(.excluded(0), .included(1))), default: "0.05",
        help: "the budget of an entry, as a fraction of equity"),
      off("total_capital", "the capital that losses are measured by; simulated: simulation.cash"),
      off("max_positions", "how many pairs may have a position or a working entry"),
      off("max_position_size_pct", "the most an entry may cost, in percent of equity"),
      off("max_correlated_exposure_pct", "the most a correlation group may hold, in percent"),
      off(
        "emergency_liquidation_loss_pct", "the loss that sells everything, in percent of capital"),
      off("daily_loss_limit_pct", "the loss that stops entries for the day, in percent"),
      off("rebalance_threshold_pct", "the drift from its target that lists a pair, in percent"),
      off("max_concurrent_orders", "how many orders may work at once"),
    ])

  private static func off(_ name: String, _ help: String) -> Parameter {
    Parameter(name, .choice(["off"]), default: "off", help: help)
  }

  /// Why a key of this section takes no other value than `off` yet; `nil` for the others.
  static func reasonForOff(section: String, key: String) -> String? {
    guard section == portfolio.name, portfolio.parameter(key)?.kind == .choice(["off"]) else {
      return nil
    }
    return key == "total_capital"
      ? "the only value now: in a simulated run the capital is simulation.cash, set that"
      : "the only value now: limits arrive with a later version"
  }
}
