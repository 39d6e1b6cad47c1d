import Configuration
import Credentials
import Execution
import Foundation
import Market
import Network
import Persistence
import Sandbox
import Simulator
import Strategy
import TestKit

@testable import LiveBroker
@testable import Runner

/// A session on a sandbox in lockstep, both over sockets, and the backtest of the same candles.
struct SessionStage: Sendable {
  /// A fill without what each exchange numbers for itself.
  struct Trade: Hashable, Sendable {
    var pair: Int
    var order: UInt64
    var side: Side
    var price: Price
    var quantity: Quantity
    var fee: Money
    var time: Timestamp
  }

  let candles: [[Candle]]
  let settings: Settings
  let entry: StrategyEntry

  /// How far apart replacements of a stop are to be.
  var replaceInterval = Duration.zero
  /// How often the exchange's books are looked at, where it is not the standard.
  var reconcileEvery: Duration?
  /// How long an answer is waited for, where that is to be short.
  var patience: Duration?
  /// How much faster than the clock its waits are, but for its patience.
  var timeScale = 1
  /// The session's key, and so its API.
  var key = KeyKind.ed25519
  /// What goes wrong at the sandbox.
  var faults = FaultPlan.none
  /// The exchange's tick where it is another than the engines'.
  var tick: Price?
  /// What becomes of what passes between the session and its feed; nothing where it is `nil`.
  var feed: FeedDoor.Habits?
  /// The longest that the feed may be silent; `nil` where nobody looks.
  var staleAfter: Duration?
  /// How far this machine's clock may be off.
  var maxClockSkew = TimeSpan(seconds: 30)
  /// How far the exchange's clock is ahead of this machine's.
  var ahead: @Sendable () -> TimeSpan = { TimeSpan(seconds: 0) }
  /// What is done before the session hears of anything.
  var beforehand: @Sendable (LiveSession, Heard) async throws -> Void = { _, _ in }

  /// The longest that a session waits, by the clock: that a test fails otherwise is no reason to go on.
  private static let patience = Duration.seconds(500)

  /// Made-up candles of so many pairs, with the example's settings and `more`.
  init(seed: UInt64, count: Int, pairs: Int = 1, more: [String] = []) throws {
    let program = Program(strategies: StrategyEntry.builtIn)
    let names = ["BTC-USD", "ETH-USD", "SOL-USD"].prefix(pairs)
    settings = try Settings(
      sets: ["strategy.rsi_oversold=40", "portfolio.position_size=0.2"] + more,
      pairs: pairs == 1 ? [] : Array(names), strategies: program.strategyKeys)
    entry = program.strategy(of: settings)
    candles = (0..<pairs).map { pair in
      Array(
        SyntheticCandles(.init(seed: seed &+ UInt64(pair) &* 1000, count: count)))
    }
  }

  private var plan: PortfolioPlan {
    let pairs = settings.tradedPairs
    return PortfolioPlan(
      pairs: pairs.map(BacktestPlan.init), cash: settings.simulation.cash,
      limits: settings.limits)
  }

  /// The fills of the backtest.
  func backtest() throws -> [Trade] {
    let outcomes = try entry.runPortfolio(plan, candles, nil)
    return outcomes.enumerated().flatMap { pair, outcome in
      outcome.record.fills.map { Trade($0, of: pair) }
    }.sorted(by: Trade.isBefore)
  }

  /// The fills of a session, as its store has them, and what it told of trouble.
  ///
  /// - Parameters:
  ///   - fate: What becomes of requests, by their number; nothing happens to them where it is not given.
  ///   - afterwards: What is done when the candles are over: prices stand still then, and orders are taken
  ///     as before.
  /// - Returns: The fills in the order of time, and what was told of trouble.
  /// - Throws: What goes wrong.
  func rehearse(
    _ fate: (@Sendable (Int, HTTPRequest) -> LossyDoor.Fate)? = nil,
    afterwards: @escaping @Sendable (LiveSession, Heard) async throws -> Void = { _, _ in }
  ) async throws -> (fills: [Trade], trouble: [String]) {
    try await EventLoop.running { loop in
      let heard = try await rehearse(fate, afterwards, on: loop)
      let fills = heard.fills.map { Trade($0.fill, of: $0.pair) }
      return (fills.sorted(by: Trade.isBefore), heard.trouble)
    }
  }

  private func rehearse(
    _ fate: (@Sendable (Int, HTTPRequest) -> LossyDoor.Fate)?,
    _ afterwards: @Sendable (LiveSession, Heard) async throws -> Void, on loop: EventLoop
  ) async throws -> Heard {
    var market = SandboxSettings(settings, pace: .lockstep)
    market.faults = faults
    let sandbox = try await SandboxServer.start(
      market, candles: candles, on: loop,
      clock: { [ahead] in Timestamp.now + ahead() })
    var trust = Trust.nobody.adding(pem: sandbox.certificate)
    let signer = RequestSigner(sandbox.credentials.clientCredentials(key))
    var rest = sandbox.endpoint
    if let fate {
      let door = try await LossyDoor.open(
        to: rest, trusting: trust, on: loop, signer: signer, fate)
      trust = trust.adding(pem: door.authority)
      rest = door.endpoint
    }
    var address = WebAddress(endpoint: sandbox.endpoint, target: "/")
    if let feed {
      let door = try await FeedDoor.open(to: address, trusting: trust, on: loop, feed)
      trust = trust.adding(pem: door.authority)
      address = door.address
    }
    let timeouts = ClientTimeouts(connection: .seconds(500), total: .seconds(500))
    let exchange = Coinbase(
      ExchangeClient(
        key == .hmac ? .exchange : .advancedTrade, at: rest,
        over: try HTTPClient(on: loop, trusting: trust, timeouts: timeouts),
        signer: signer,
        policy: .unlimited, signingFor: sandbox.endpoint.authority))
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ratchet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "run.db").path(percentEncoded: false)
    let heard = Heard(database: path)
    let pairs = plan.pairs.map {
      var product = $0.engine.product
      product.quoteIncrement = tick ?? product.quoteIncrement
      return SessionPair(product: product, interval: $0.engine.interval)
    }
    var plan = plan
    for index in plan.pairs.indices { plan.pairs[index].engine.session = 77 }
    var habits = SessionSettings(
      candleGrace: TimeSpan(seconds: 0), patience: Self.patience * timeScale)
    habits.farewellPatience = Self.patience * timeScale
    habits.reconcileEvery = reconcileEvery ?? habits.reconcileEvery
    habits.patience = patience ?? habits.patience
    habits.replaceInterval = replaceInterval
    habits.staleAfter = staleAfter
    habits.maxClockSkew = maxClockSkew
    habits.timeScale = timeScale
    let session = try LiveSession(
      try entry.begin(plan).machine, pairs, on: exchange,
      keptIn: try Self.store(path, plan),
      settings: habits, tell: heard.hear)
    let feed = SessionFeed(
      of: session, at: address, over: try WebSocketClient(on: loop, trusting: trust),
      exchange.client, pairs, tell: heard.hear)
    try await beforehand(session, heard)
    let following = Task { await feed.run() }
    defer { following.cancel() }
    try await sandbox.play()
    try await afterwards(session, heard)
    following.cancel()
    await session.end(.keep)
    if let failure = await session.failure { throw failure }
    await sandbox.stop()
    _ = await following.value
    return heard
  }

  /// What Advanced Trade says of the first pair's product.
  static func product(tick: String, isCancelOnly: Bool = false) -> String {
    """
    {"product_id":"BTC-USD","price":"100","base_currency_id":"BTC","quote_currency_id":"USD",\
    "price_increment":"\(tick)","quote_increment":"\(tick)","base_increment":"0.00000001",\
    "base_min_size":"0.00000001","quote_min_size":"1","status":"online","is_disabled":false,\
    "trading_disabled":false,"cancel_only":\(isCancelOnly),"limit_only":false,"post_only":false,\
    "auction_mode":false,"view_only":false}
    """
  }

  private static func store(_ path: String, _ plan: PortfolioPlan) throws -> Store {
    try Store.openOrCreate(
      at: Store.Location(path: path, synchronous: .off),
      run: RunRow(
        kind: .live, session: 77, strategy: "confluence", manifest: "{}", keeping: .all,
        cash: plan.cash),
      pairs: plan.pairs.map {
        PairRow(
          product: $0.engine.product.id, group: $0.group,
          quoteIncrement: $0.engine.product.quoteIncrement,
          baseIncrement: $0.engine.product.baseIncrement, interval: $0.engine.interval,
          positionSize: $0.engine.positionSize)
      })
  }
}

extension SessionStage.Trade {
  init(_ fill: Fill, of pair: Int) {
    self.init(
      pair: pair, order: fill.order.number, side: fill.side, price: fill.price,
      quantity: fill.quantity, fee: fill.fee, time: fill.time)
  }

  static func isBefore(_ left: Self, _ right: Self) -> Bool {
    (left.time, left.pair, left.order) < (right.time, right.pair, right.order)
  }
}

extension LiveSession {
  /// Has the first pair buy above the market, and waits until something is held or the entry is over.
  ///
  /// - Returns: The last trade's price.
  @discardableResult
  func buyAtOnce() async throws -> Price {
    let price = standing(of: 0).lastTrade
    submitEntry(
      pair: 0, EntrySignal(reference: Price(steps: price.steps / 100 * 102), timeToLive: 100))
    while standing(of: 0).held == .zero, standing(of: 0).entry != nil {
      try await Task.sleep(for: .milliseconds(2))
    }
    return price
  }

  /// Waits until nothing of the first pair is held: that it is sold is news of the feed.
  func awaitSale() async throws {
    while standing(of: 0).held > .zero { try await Task.sleep(for: .milliseconds(2)) }
  }

  /// A trade at the last price, and what comes of it.
  func tradeAgain() async {
    await trade(0, at: standing(of: 0).lastTrade)
    await settleAll()
  }

  /// A trade of the market.
  ///
  /// - Parameters:
  ///   - number: Which of the test's, from 0.
  ///   - price: At what price.
  ///   - time: When; `nil` is now.
  func trade(_ number: UInt64, at price: Price, _ time: Timestamp? = nil) async {
    await onTrade(
      FeedTrade(
        productID: "BTC-USD", id: 1 << 40 + number, price: price, size: 1, makerSide: .sell,
        time: time ?? clock))
  }
}
