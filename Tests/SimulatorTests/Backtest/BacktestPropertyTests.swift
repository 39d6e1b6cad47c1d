import Execution
import Market
import Matching
import Simulator
import Strategy
import TestKit
import Testing

/// Random candles, random parameters: what must hold in every run.
@Suite struct BacktestPropertyTests {
  /// A run of one seed: its plan, its candles, and the strategy by the scripted signals.
  struct World {
    var candles: [Candle]
    var model: MarketModel
    var settings: EngineSettings
    var strategy: ScriptedStrategy

    init(seed: UInt64) throws {
      var random = SplitMix64(seed: seed)
      let ticks: [Int64] = [1, 1_000_000]
      let tick = ticks[Int.random(in: 0..<2, using: &random)]
      candles = randomCandles(400, ticks: tick, using: &random)
      model = MarketModel(
        slippage: Rate(steps: .random(in: 0...20, using: &random) * 100_000_000_000_000),
        makerRate: Rate(steps: .random(in: 0...9, using: &random) * 1_000_000_000_000_001),
        takerRate: Rate(steps: .random(in: 9...20, using: &random) * 1_000_000_000_000_001),
        participation: Rate(steps: .random(in: 0...50, using: &random) * 2_000_000_000_000_000),
        fillsOnTouch: Bool.random(using: &random),
        path: CandlePath.allCases[Int.random(in: 0..<3, using: &random)])
      settings = EngineSettings(
        product: Product(
          quoteIncrement: Price(steps: tick),
          baseIncrement: Quantity(
            steps: [1, 1000, 50_000_000][Int.random(in: 0..<3, using: &random)]),
          quoteMinSize: .zero),
        positionSize: Rate(steps: .random(in: 1...100, using: &random) * 10_000_000_000_000_000),
        takerRate: model.takerRate)
      strategy = try ScriptedStrategy(
        signals: Set((0..<400).filter { _ in Int.random(in: 0..<5, using: &random) == 0 }),
        offset: Rate(steps: .random(in: 0...20, using: &random) * 1_000_000_000_000_000),
        timeToLive: Int.random(in: 1...6, using: &random),
        isPostOnly: Int.random(in: 0..<4, using: &random) == 0,
        cooldown: Int.random(in: 0...3, using: &random),
        exit: [
          "trail": "0.0\(Int.random(in: 1...9, using: &random))",
          "min_ratchet": ["0", "0.001", "0.01"][Int.random(in: 0..<3, using: &random)],
          "stop_limit_offset": ["0", "0.005", "0.03"][Int.random(in: 0..<3, using: &random)],
          "escalate_after": ["0", "60", "250", "900"][Int.random(in: 0..<4, using: &random)],
        ])
    }

    /// Plays the first `count` candles.
    func play(
      _ count: Int = .max, walksEveryCandle: Bool = false
    ) throws -> Backtest<ScriptedStrategy, BothJournals<RunRecord, InMemoryJournal>> {
      var backtest = Backtest(
        engine: ExecutionEngine(strategy: strategy, settings: settings), cash: 10_000, model: model,
        journal: BothJournals(RunRecord(), InMemoryJournal()), walksEveryCandle: walksEveryCandle)
      for candle in candles.prefix(count) { try backtest.play(candle) }
      return backtest
    }

    /// Plays all candles the way a run does: in blocks, and past what touches nothing.
    func playFast(
      blocks: Int
    ) throws -> Backtest<ScriptedStrategy, RunRecord> {
      var backtest = Backtest(
        engine: ExecutionEngine(strategy: strategy, settings: settings), cash: 10_000, model: model,
        journal: RunRecord())
      var tracks = [CandleTrack(candles)]
      for start in stride(from: 0, to: candles.count, by: blocks) {
        let end = start + blocks
        try backtest.play(&tracks, until: end < candles.count ? candles[end].start : .distant)
      }
      return backtest
    }
  }

  @Test(
    "The books reconcile with the fills, triggers never fall, entries are limit buys",
    arguments: Seeds.ofThisRun)
  func books(seed: UInt64) throws {
    var fills = 0
    for round in 0..<6 {
      let world = try World(seed: seed &* 100 &+ UInt64(round))
      let run = try world.play()
      let record = run.loop.journal.first
      fills += record.fills.count

      var cash: Money = 10_000
      var position = Quantity.zero
      for fill in record.fills {
        cash += fill.side == .buy ? -(fill.notional + fill.fee) : fill.notional - fill.fee
        position += fill.side == .buy ? fill.quantity : -fill.quantity
        #expect(position >= .zero, "I2, seed \(seed)")
      }
      #expect(run.portfolio.account.cash == cash, "I5, seed \(seed)")
      #expect(run.loop.engine.position.quantity == position, "I5, seed \(seed)")
      let realised = record.trades.reduce(Money.zero) { $0 + $1.realised }
      if position == .zero { #expect(cash - 10_000 == realised, "I5, seed \(seed)") }
      #expect(Set(record.fills.map(\.id)).count == record.fills.count, "I4, seed \(seed)")
      #expect(record.anomalies.isEmpty, "seed \(seed)")

      var trigger: Price?
      for (index, entry) in record.orders.enumerated() {
        #expect(entry.order.id.number == UInt64(index + 1))
        #expect(entry.order.quantity > .zero && entry.order.limit > .zero)
        if entry.role == .entry {
          #expect(entry.order.side == .buy && entry.order.trigger == nil, "I6, seed \(seed)")
          trigger = nil
        } else if let now = entry.order.trigger {
          if let before = trigger { #expect(now >= before, "I1, seed \(seed)") }
          trigger = now
        }
      }
      // I3: at the end a position is covered by exactly one order for all of it.
      let exits = record.orders.filter { $0.ending == nil && $0.order.side == .sell }
      #expect(exits.count == (position == .zero ? 0 : 1), "I3, seed \(seed)")
      #expect(exits.allSatisfy { $0.order.quantity - $0.filled == position }, "I3, seed \(seed)")
    }
    #expect(fills > 0, "the worlds of this seed trade at all")
  }

  @Test(
    "Candles passed over as a whole give the same run as candles walked", arguments: Seeds.ofThisRun
  )
  func passing(seed: UInt64) throws {
    for round in 0..<6 {
      let world = try World(seed: seed &* 100 &+ UInt64(round))
      let fast = try world.playFast(blocks: [1, 7, 400][round % 3])
      let slow = try world.play(walksEveryCandle: true)
      #expect(fast.loop.journal == slow.loop.journal.first, "seed \(seed)")
      #expect(fast.portfolio == slow.portfolio, "seed \(seed)")
      #expect(
        fast.loop.engine.position.highest == slow.loop.engine.position.highest, "seed \(seed)")
      #expect(fast.loop.engine.candleIndex == slow.loop.engine.candleIndex, "seed \(seed)")
    }
  }

  @Test(
    "The same run twice is the same, and replaying its events gives the same commands",
    arguments: Seeds.ofThisRun)
  func replay(seed: UInt64) throws {
    let world = try World(seed: seed)
    let first = try world.play(walksEveryCandle: true)
    let second = try world.play(walksEveryCandle: true)
    #expect(
      first.loop.journal.second.entries == second.loop.journal.second.entries, "I9, seed \(seed)")

    var engine = ExecutionEngine(strategy: world.strategy, settings: world.settings)
    var portfolio = Portfolio(cash: 10_000)
    var outbox = Outbox()
    for entry in first.loop.journal.second.entries {
      engine.handle(entry.event, portfolio: &portfolio, into: &outbox)
      #expect(outbox == entry.outbox, "I9, seed \(seed)")
      outbox.clear()
    }
    #expect(portfolio == first.portfolio, "I9, seed \(seed)")
  }

  @Test("A run on a prefix of the candles gives a prefix of the events", arguments: Seeds.ofThisRun)
  func noLookahead(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 7)
    let world = try World(seed: seed)
    let whole = try world.play(walksEveryCandle: true).loop.journal.second.entries
    for _ in 0..<5 {
      let count = Int.random(in: 0...world.candles.count, using: &random)
      let part = try world.play(count, walksEveryCandle: true).loop.journal.second.entries
      #expect(part == Array(whole.prefix(part.count)), "seed \(seed), \(count) candles")
    }
  }

  @Test func `an account beyond what money counts ends the run with an error, not a trap`() throws {
    let strategy = try ScriptedStrategy(signals: [0], exit: ["trail": "0.9"])
    var settings = EngineSettings.test
    settings.product.quoteIncrement = Price(steps: 1)
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: settings), cash: 1_000_000_000_000,
      model: .free, journal: RunRecord())
    func candle(_ index: Int, _ price: String) -> Candle {
      Candle(index, open: price, high: price, low: price, close: price, volume: "1e19")
    }
    try backtest.play(candle(0, "0.00001"))
    try backtest.play(candle(1, "0.00001"))
    #expect(backtest.loop.engine.position.isOpen)
    do {
      try backtest.play(candle(2, "9e10"))
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains("at 2024-01-01T00:10:00Z"))
      #expect(error.description.contains("--cash"))
    }
  }
}

extension Timestamp {
  /// Later than any candle.
  fileprivate static var distant: Timestamp { Timestamp(nanoseconds: .max) }
}
