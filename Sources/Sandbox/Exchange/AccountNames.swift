/// The names under which the account is known: UUIDs, made from the seed.
package struct AccountNames: Hashable, Sendable {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = OrderName.mixed(seed ^ 0x5EED_0000_0000_0001) }

  /// The user.
  package var user: String { OrderName.make(0, seed: seed) }
  /// The portfolio that every key is of; on the Exchange, the profile.
  package var portfolio: String { OrderName.make(1, seed: seed) }

  /// The account of the currency in this place.
  package func account(_ place: Int) -> String { OrderName.make(2 + place, seed: seed) }
}

extension SandboxExchange {
  /// The names under which the account is known.
  package var names: AccountNames { AccountNames(seed: settings.seed) }
}
