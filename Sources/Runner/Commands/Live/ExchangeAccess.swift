import Configuration
import Credentials
import LiveBroker
import Market
import Network

/// Everything that speaks to an exchange: Coinbase, or the sandbox inside.
struct ExchangeAccess: Sendable {
  /// The exchange's verbs.
  let exchange: Coinbase
  /// Connects to its feed.
  let sockets: WebSocketClient
  /// Where its requests go.
  let rest: Endpoint
  /// Where its feed is.
  let feed: WebAddress

  /// Access to an exchange.
  ///
  /// - Parameters:
  ///   - loop: Runs the sockets.
  ///   - api: Whose API it speaks.
  ///   - addresses: Where it is.
  ///   - credentials: Who we are there; `nil` for public data alone.
  ///   - trust: Whose certificates are good.
  ///   - policy: How often it may be asked.
  ///   - timeScale: How many times as fast its answers have to come.
  /// - Throws: `NetworkError`.
  init(
    on loop: EventLoop, _ api: ExchangeAPI, at addresses: ExchangeAddresses,
    as credentials: ExchangeCredentials?, trusting trust: Trust = .system,
    policy: RateLimitPolicy, timeScale: Int = 1
  ) throws(NetworkError) {
    let http = try HTTPClient(
      on: loop, trusting: trust,
      timeouts: ClientTimeouts(
        connection: .seconds(10) / timeScale, total: .seconds(20) / timeScale))
    sockets = try WebSocketClient(on: loop, trusting: trust)
    exchange = Coinbase(
      ExchangeClient(
        api, at: addresses.rest, over: http, signer: credentials.map { RequestSigner($0) },
        policy: policy, timeScale: timeScale))
    rest = addresses.rest
    feed = addresses.feed
  }
}
