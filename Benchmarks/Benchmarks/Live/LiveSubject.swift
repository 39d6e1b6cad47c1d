import Credentials
import Execution
import Foundation
import LiveBroker
import Market
import Network
import Persistence
import Sandbox
import Strategy

/// A live session that trades on a stand-in over TLS, each on an event loop of its own.
struct LiveSubject<S: TradingStrategy> {
  /// The pairs' names.
  var products: [String]
  /// Each pair's.
  var strategy: S
  /// How durable a commit is.
  var synchronous: Synchronous
  /// Where the store goes.
  var folder: URL

  private let interval = TimeSpan(seconds: 60)

  init(_ products: [String], _ strategy: S, _ synchronous: Synchronous, in folder: URL) {
    self.products = products
    self.strategy = strategy
    self.synchronous = synchronous
    self.folder = folder
  }

  /// Runs the session while `body` tells it of trades.
  ///
  /// - Parameters:
  ///   - start: Of the feed's time.
  ///   - body: Ends when the session has heard all.
  /// - Returns: What the session counted.
  /// - Throws: What the session, its store or `body` do.
  func run(
    from start: Timestamp, _ body: @Sendable (StandInExchange) async throws -> Void
  ) async throws -> SessionCounts {
    let (outside, inside) = (try EventLoop(), try EventLoop())
    let counts: SessionCounts
    do {
      let exchange = try await StandInExchange.start(on: outside, at: start)
      counts = try await run(on: exchange, over: inside, body)
      await exchange.stop()
    } catch {
      await outside.shutDown()
      await inside.shutDown()
      throw error
    }
    await outside.shutDown()
    await inside.shutDown()
    return counts
  }

  private func run(
    on exchange: StandInExchange, over loop: EventLoop,
    _ body: @Sendable (StandInExchange) async throws -> Void
  ) async throws -> SessionCounts {
    let trust = Trust.nobody.adding(pem: exchange.certificate)
    let signer = RequestSigner(SandboxCredentials().clientCredentials(.es256))
    let client = ExchangeClient(
      .advancedTrade, at: exchange.endpoint, over: try HTTPClient(on: loop, trusting: trust),
      signer: signer, policy: .unlimited)
    let pairs = products.map {
      SessionPair(product: Product(id: $0), interval: interval)
    }
    let session = try makeSession(Coinbase(client), pairs)
    let feed = SessionFeed(
      of: session, at: WebAddress(endpoint: exchange.endpoint, target: "/"),
      over: try WebSocketClient(on: loop, trusting: trust), client, pairs, tell: { _ in })
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await feed.run() }
      await exchange.untilFollowed()
      try await body(exchange)
      group.cancelAll()
    }
    if let failure = await session.failure { throw failure }
    return await session.figures
  }

  private func makeSession(
    _ exchange: Coinbase, _ pairs: [SessionPair]
  ) throws -> LiveSession {
    let number: UInt64 = 1
    let engines = pairs.enumerated().map { index, pair in
      var settings = EngineSettings(
        product: pair.product, pair: UInt32(index), interval: interval,
        positionSize: Rate(steps: 10_000_000_000_000_000), takerRate: .zero)
      settings.session = number
      return ExecutionEngine(strategy: strategy, settings: settings)
    }
    let machine = TradingState(
      engines: engines,
      portfolio: Portfolio(
        cash: 10_000, limits: .off, groups: Array(repeating: nil, count: pairs.count)))
    let store = try Store.openOrCreate(
      at: Store.Location(
        path: folder.appending(path: "live-\(UUID().uuidString).db").path(),
        synchronous: synchronous),
      run: RunRow(
        kind: .live, session: number, strategy: S.name, manifest: "{}", keeping: .all,
        cash: 10_000),
      pairs: pairs.map {
        PairRow(
          product: $0.product.id, group: nil, quoteIncrement: $0.product.quoteIncrement,
          baseIncrement: $0.product.baseIncrement, interval: interval, positionSize: .zero)
      })
    return try LiveSession(
      machine, pairs, on: exchange, keptIn: store, settings: SessionSettings(warmUp: 0),
      tell: { _ in })
  }
}

/// Buys at every close.
struct EveryClose: TradingStrategy {
  static let name = "every-close"
  static let summary = "buys at every close"

  let exit: RatchetExit
  var cooldown: Int { 0 }

  init(_ parameters: Parameters, exit: RatchetExit) { self.exit = exit }

  func candleClosed(_ candle: Candle) -> EntrySignal? { EntrySignal(reference: candle.close) }
}
