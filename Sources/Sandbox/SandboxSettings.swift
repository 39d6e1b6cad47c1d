package import Market

/// What a sandbox trades and how it behaves.
package struct SandboxSettings: Hashable, Sendable {
  /// How time passes.
  package enum Pace: Hashable, Sendable {
    /// The price moves on when the clients have been quiet, so that a run can be repeated.
    case lockstep
    /// So many times as fast as the clock.
    case speed(Double)
  }

  /// The products, in the order of registration; SEMANTICS 8.3.
  package var listings: [Listing]
  /// The length of a candle, of all products.
  package var interval: TimeSpan
  /// What the account begins with, by currency.
  package var balances: [String: Money]
  /// How time passes.
  package var pace: Pace
  /// What the names of orders are made from.
  package var seed: UInt64
  /// Whether sells below a minimum are refused too; SEMANTICS 5.9.
  package var enforcesExitMinimums: Bool
  /// Whether too many requests are refused, as coinbase.md A.11 and B.2 say.
  package var limitsRequests: Bool

  /// What goes wrong on purpose.
  package var faults = FaultPlan.none
  /// Within what time a client has to subscribe; coinbase.md A.13.
  package var subscriptionPatience = Duration.seconds(5)

  /// The currencies of the account: those of the products, then those that it has besides.
  package var currencies: [String] {
    var currencies: [String] = []
    for listing in listings {
      for currency in [listing.quoteCurrency, listing.baseCurrency]
      where !currencies.contains(currency) { currencies.append(currency) }
    }
    for currency in balances.keys.sorted() where !currencies.contains(currency) {
      currencies.append(currency)
    }
    return currencies
  }

  /// A sandbox of these products; each currency that buys begins with `cash`.
  ///
  /// Requests are limited unless it runs in lockstep, where nobody says otherwise.
  package init(
    listings: [Listing], interval: TimeSpan = TimeSpan(seconds: 300), cash: Money = 10_000,
    pace: Pace = .lockstep, seed: UInt64 = 1, enforcesExitMinimums: Bool = false,
    limitsRequests: Bool? = nil
  ) {
    self.listings = listings
    self.interval = interval
    balances = [:]
    for listing in listings { balances[listing.quoteCurrency] = cash }
    self.pace = pace
    self.seed = seed
    self.enforcesExitMinimums = enforcesExitMinimums
    self.limitsRequests = limitsRequests ?? (pace != .lockstep)
  }
}
