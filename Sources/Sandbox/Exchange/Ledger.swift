package import Market

/// What the account has, by currency: all of it, and the part that working orders hold.
///
/// Base currencies too are counted in steps of 1e-18, as the exchange's answers show them.
package struct Ledger: Hashable, Sendable {
  /// One currency.
  package struct Balance: Hashable, Sendable {
    /// Held and available.
    package var total = Money.zero
    /// What working orders hold.
    package var held = Money.zero

    /// What a new order can use.
    package var available: Money { total - held }
  }

  /// The currencies in the order in which they are listed.
  package let currencies: [String]
  private var balances: [String: Balance]

  /// Accounts of these currencies; what is not in `balances` begins with nothing.
  package init(currencies: [String], balances: [String: Money]) {
    self.currencies = currencies
    self.balances = [:]
    for currency in currencies {
      self.balances[currency] = Balance(total: balances[currency] ?? .zero)
    }
  }

  /// What there is of a currency.
  package subscript(currency: String) -> Balance { balances[currency] ?? Balance() }

  /// Sets an amount aside for an order, or gives a part of it back where it is negative.
  mutating func hold(_ amount: Money, of currency: String) {
    balances[currency, default: Balance()].held += amount
  }

  /// Adds an amount, or takes it away where it is negative.
  mutating func add(_ amount: Money, of currency: String) {
    balances[currency, default: Balance()].total += amount
  }
}

extension Money {
  /// An amount of base currency, which has 8 decimals, in steps of 1e-18.
  package init(_ quantity: Quantity) { self.init(steps: quantity.steps * 10_000_000_000) }
}
