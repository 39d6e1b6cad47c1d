import Configuration
import Credentials
import LiveBroker
import Network

/// The exchange outside this process that a command line names.
extension LiveArguments {
  /// What the exchange is called, also in the record of a session.
  var place: String { isOnCoinbase ? "Coinbase" : "the sandbox" }

  /// Who the session is there.
  ///
  /// - Throws: `CredentialError`.
  func credentials() throws(CredentialError) -> ExchangeCredentials {
    guard let neighbour else {
      return try CredentialFinder(keyFile: settings.exchange.keyFile).find()
    }
    return try NeighbouringExchange.credentials(in: neighbour, key)
  }

  /// Access to it, with a key unless the money is simulated.
  ///
  /// - Throws: What keeps it from being found.
  func outside(on loop: EventLoop) throws -> ExchangeAccess {
    try outside(on: loop, as: isPaper ? nil : credentials())
  }

  /// Access to it as somebody; `nil` for public data alone.
  ///
  /// - Throws: As above.
  func outside(
    on loop: EventLoop, as credentials: ExchangeCredentials?
  ) throws -> ExchangeAccess {
    if let folder = neighbour {
      let neighbour = try NeighbouringExchange(folder: folder, key: key)
      return try ExchangeAccess(
        on: loop, neighbour.api, at: neighbour.addresses, as: credentials,
        trusting: neighbour.trust,
        policy: RateLimitPolicy(settings.exchange, for: neighbour.api),
        timeScale: settings.live.timeScale)
    }
    let api = credentials.map { RequestSigner($0).api } ?? .advancedTrade
    return try ExchangeAccess(
      on: loop, api, at: .coinbase(api), as: credentials,
      policy: RateLimitPolicy(settings.exchange, for: api))
  }
}
