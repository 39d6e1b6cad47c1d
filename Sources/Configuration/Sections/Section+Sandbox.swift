public import Strategy

extension Section {
  /// What the local exchange is like, beside its market, which is section `simulation`.
  public static let sandbox = Section(
    "sandbox",
    help: "the local exchange to rehearse on; its market, fees and cash are those of simulation",
    parameters: [
      Parameter(
        "balances", .amounts, default: "off",
        help: "what the account begins with besides simulation.cash, which is quote currency"),
      Parameter(
        "enforce_exit_minimums", .flag, default: "false",
        help: "whether sells below the product's minimums are refused, as buys always are"),
      Parameter(
        "rate_limits", .choice(["auto", "on", "off"]), default: "auto",
        help: "whether too many requests are refused; auto: unless it runs in lockstep"),
    ])
}

/// What the local exchange is like.
public struct LocalExchangeSettings: Hashable, Sendable {
  /// Whether too many requests are refused.
  public enum RateLimits: String, Hashable, Sendable {
    /// Unless the exchange waits for its client, who then may ask as fast as he can.
    case auto
    /// Always.
    case on
    /// Never.
    case off
  }

  /// What the account begins with, besides the cash.
  public let balances: [CurrencyAmount]
  /// Whether the product's minimums also hold for sells.
  public let enforcesExitMinimums: Bool
  /// Whether too many requests are refused.
  public let rateLimits: RateLimits

  init(_ values: Parameters) {
    balances = values.amounts("balances")
    enforcesExitMinimums = values.flag("enforce_exit_minimums")
    rateLimits = RateLimits(rawValue: values.text("rate_limits")) ?? .auto
  }
}
