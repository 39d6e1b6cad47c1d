import Credentials
import LiveBroker
import Market
import Network
import Persistence
import Sandbox
import TestKit

/// A client of ours at a sandbox with faults, whose prices stand at 100; for the rows of coinbase.md C.
struct RowStage: Sendable {
  let sandbox: SandboxServer
  let exchange: Coinbase

  /// Three candles, the second of which is missing.
  static let candles = [
    Candle(0, open: "100", high: "110", low: "90", close: "100"),
    Candle(2, open: "100", high: "105", low: "95", close: "100"),
  ]

  /// Runs `body` at an exchange after its candles.
  ///
  /// - Parameters:
  ///   - key: Of which kind, and so whose API.
  ///   - rules: What goes wrong.
  ///   - ahead: How far its clock is off.
  ///   - coins: What the account has of base currency.
  ///   - body: What is done there.
  /// - Throws: What `body` does.
  static func run(
    _ key: KeyKind, _ rules: [FaultRule] = [], ahead: TimeSpan = TimeSpan(seconds: 0),
    coins: Money = 2, _ body: @Sendable (RowStage) async throws -> Void
  ) async throws {
    try await EventLoop.running { loop in
      var settings = SandboxSettings(
        listings: [Listing(Product())], pace: .speed(10_000_000), limitsRequests: false)
      settings.balances["BTC"] = coins
      settings.faults.rules = rules
      let sandbox = try await SandboxServer.start(
        settings, candles: [candles], on: loop, clock: { Timestamp.now + ahead })
      let patience = ClientTimeouts(connection: .seconds(500), total: .seconds(500))
      let exchange = Coinbase(
        ExchangeClient(
          key == .hmac ? .exchange : .advancedTrade, at: sandbox.endpoint,
          over: try HTTPClient(
            on: loop, trusting: Trust.nobody.adding(pem: sandbox.certificate), timeouts: patience),
          signer: RequestSigner(sandbox.credentials.clientCredentials(key)), policy: .unlimited))
      do {
        try await sandbox.play()
        try await body(RowStage(sandbox: sandbox, exchange: exchange))
      } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    }
  }

  /// An order of ours.
  func wish(
    _ number: UInt64, _ side: Side = .buy, limit: String, size: String = "1",
    trigger: String? = nil, isPostOnly: Bool = false
  ) -> OrderWish {
    OrderWish(
      Order(
        id: ClientOrderID(session: 7, pair: 0, number: number), side: side, limit: price(limit),
        trigger: trigger.map(price), quantity: quantity(size), isPostOnly: isPostOnly,
        submitted: .testStart), productID: "BTC-USD")
  }

  /// Why the exchange does not take an order; `nil` where it does.
  func refusal(of wish: OrderWish) async throws -> OrderRefusal? {
    do throws(ExchangeError) { _ = try await exchange.place(wish, .entry) } catch {
      guard case .refused(let refusal) = error.problem else { throw error }
      return refusal
    }
    return nil
  }
}

extension FaultRule {
  /// A rule that concerns some requests and strikes so often.
  init(
    _ kind: FaultKind, _ requests: [RequestGroup] = [], chance: Rate = .one, most: Int? = nil,
    effect: Effect = .either, as forms: [Form] = []
  ) {
    self.init(kind)
    self.requests = requests
    self.chance = chance
    self.most = most
    self.effect = effect
    if !forms.isEmpty { self.forms = forms }
  }
}
