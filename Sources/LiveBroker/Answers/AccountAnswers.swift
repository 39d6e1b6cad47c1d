package import Market

/// What a key may do.
package struct KeyPermissions: Hashable, Sendable {
  /// Read balances and orders.
  package var canView: Bool
  /// Place and cancel orders.
  package var canTrade: Bool
  /// Move money out: a key for a program should not.
  package var canTransfer: Bool
  /// The portfolio that the key belongs to; nothing else can be seen with it.
  package var portfolio: String
}

/// What the account has of one currency.
///
/// Amounts are exact to the 18th decimal, also of base currency, so `Money` holds them.
package struct Balance: Hashable, Sendable {
  /// Such as `USD` or `BTC`.
  package var currency: String
  /// What new orders can use.
  package var available: Money
  /// What working orders hold.
  package var held: Money
  /// Whether the exchange lets it be traded.
  package var isActive: Bool

  /// Available and held.
  package var total: Money { available + held }

  /// All of it in steps of 1e-8, rounded down.
  package var totalQuantity: Quantity { Quantity(steps: total.steps / 10_000_000_000) }

  /// What can be sold of it, in steps of 1e-8, rounded down.
  package var availableQuantity: Quantity { Quantity(steps: available.steps / 10_000_000_000) }
}

/// What the exchange takes of each fill now.
package struct FeeTier: Hashable, Sendable {
  /// Its name, where it has one.
  package var name: String
  /// Of a fill that waited in the book.
  package var makerRate: Rate
  /// Of a fill that took from the book.
  package var takerRate: Rate

  /// A tier of these rates.
  package init(name: String = "", makerRate: Rate, takerRate: Rate) {
    self.name = name
    self.makerRate = makerRate
    self.takerRate = takerRate
  }
}

/// The exchange's clock.
package struct ServerTime: Hashable, Sendable {
  /// What it showed when it answered.
  package var time: Timestamp
}
