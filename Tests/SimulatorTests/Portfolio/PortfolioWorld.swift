import Market
import Matching
import Simulator
import Strategy
import TestKit

@testable import Execution

/// A random portfolio: pairs with their candles and signals, and limits on all of it.
struct PortfolioWorld {
  /// How the candles of the pairs lie to each other.
  enum Grid {
    /// At the same times mostly, with gaps and spans of each pair's own.
    case shared
    /// No two pairs have a candle at one time, so that no order among them can matter.
    case interleaved
  }

  struct Pair {
    var candles: [Candle]
    var model: MarketModel
    var product: Product
    var positionSize: Rate
    var strategy: ScriptedStrategy
    var group: String?
  }

  static let cash: Money = 10_000
  static let interval = TimeSpan(seconds: 300)

  var pairs: [Pair] = []
  var limits: PortfolioLimits

  init(seed: UInt64, grid: Grid = .shared, count: Int = 120) throws {
    var random = SplitMix64(seed: seed)
    let most = Int.random(in: 1...6, using: &random)
    limits = Self.limits(of: most, using: &random)
    let day = Int.random(in: 0..<288, using: &random)
    for index in 0..<most {
      var pair = try Self.pair(count, using: &random)
      let begin = day + (Bool.random(using: &random) ? 0 : Int.random(in: 0..<60, using: &random))
      for (place, candle) in pair.candles.enumerated() {
        let slot = Int((candle.start - .testStart).nanoseconds / Self.interval.nanoseconds)
        if pair.product.quoteIncrement == Price(steps: 1) {
          // Cheap units trade in greater numbers, or hardly any money would be at work.
          pair.candles[place].volume = Quantity(steps: candle.volume.steps * 1_000_000)
        }
        let moved = grid == .shared ? begin + slot : (begin + slot) * most + index
        pair.candles[place].start = .testStart + Self.interval * moved
      }
      pairs.append(pair)
    }
  }

  private static func limits(of pairs: Int, using random: inout SplitMix64) -> PortfolioLimits {
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    func percent(_ range: ClosedRange<Int64>) -> Money {
      // Thousandths, so that a level is no round number.
      Money(steps: Int128(Int64.random(in: range, using: &random)) * 1_000_000_000_000_000)
    }
    return PortfolioLimits(
      maxPositions: maybe(.random(in: 1...pairs, using: &random)),
      maxPositionSize: maybe(percent(500...40_000)),
      maxCorrelatedExposure: maybe(percent(5_000...80_000)),
      emergencyLiquidationLoss: maybe(-percent(50...2_000)),
      dailyLossLimit: maybe(percent(50...2_000)))
  }

  private static func pair(_ count: Int, using random: inout SplitMix64) throws -> Pair {
    let tick: Int64 = [1, 1_000_000][Int.random(in: 0..<2, using: &random)]
    let model = MarketModel(
      slippage: Rate(steps: .random(in: 0...20, using: &random) * 100_000_000_000_000),
      makerRate: Rate(steps: .random(in: 0...9, using: &random) * 1_000_000_000_000_001),
      takerRate: Rate(steps: .random(in: 9...20, using: &random) * 1_000_000_000_000_001),
      participation: Rate(steps: .random(in: 1...50, using: &random) * 2_000_000_000_000_000),
      fillsOnTouch: Bool.random(using: &random),
      path: CandlePath.allCases[Int.random(in: 0..<3, using: &random)])
    return Pair(
      candles: randomCandles(
        .random(in: count / 2...count, using: &random), ticks: tick, using: &random),
      model: model,
      product: Product(
        quoteIncrement: Price(steps: tick),
        baseIncrement: Quantity(
          steps: [1, 1000, 5_000_000][Int.random(in: 0..<3, using: &random)]),
        quoteMinSize: [.zero, 100, 500][Int.random(in: 0..<3, using: &random)]),
      positionSize: Rate(steps: .random(in: 1...100, using: &random) * 10_000_000_000_000_000),
      strategy: try ScriptedStrategy(
        signals: Set((0..<count).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }),
        offset: Rate(steps: .random(in: 0...8, using: &random) * 1_000_000_000_000_000),
        timeToLive: .random(in: 1...6, using: &random),
        isPostOnly: Int.random(in: 0..<4, using: &random) == 0,
        cooldown: .random(in: 0...3, using: &random),
        exit: [
          "trail": "0.0\(Int.random(in: 1...9, using: &random))",
          "escalate_after": ["0", "60", "250", "900"][Int.random(in: 0..<4, using: &random)],
        ]),
      group: ["a", "b", nil][Int.random(in: 0..<3, using: &random)])
  }

  /// The same pairs in another order of registration.
  func registered(_ order: [Int]) -> PortfolioWorld {
    var world = self
    world.pairs = order.map { pairs[$0] }
    return world
  }

  /// The same pairs with those candles only that start before a time.
  func before(_ end: Timestamp) -> PortfolioWorld {
    var world = self
    for index in pairs.indices { world.pairs[index].candles.removeAll { $0.start >= end } }
    return world
  }

  /// The closes of any pair, in order.
  var times: [Timestamp] {
    Set(pairs.flatMap { $0.candles.map { $0.start + Self.interval } }).sorted()
  }

  /// A run that went through every point, and all that happened in it.
  struct Walk {
    var backtest: Backtest<ScriptedStrategy, PairJournal>
    var log: [SharedLog.Entry]

    /// The pairs' records without their numbers, which depend on the order of registration.
    var records: [RunRecord] { backtest.pairs.map { $0.loop.journal.record.withoutPair } }
    var portfolio: Portfolio { backtest.portfolio }
  }

  /// Plays all candles point by point.
  func walk() throws -> Walk {
    let log = SharedLog()
    let backtest = try play(walks: true) { PairJournal(pair: $0, log: log) }
    return Walk(backtest: backtest, log: log.entries)
  }

  /// Plays all candles the way a run does: in blocks, and past what touches nothing.
  func run(block: TimeSpan? = nil) throws -> Backtest<ScriptedStrategy, RunRecord> {
    try play(block: block) { _ in RunRecord() }
  }

  private func play<J: Journal>(
    walks: Bool = false, block: TimeSpan? = nil, _ journal: (Int) -> J
  ) throws -> Backtest<ScriptedStrategy, J> where J.Failure == Never {
    var backtest = Backtest(
      portfolio: Portfolio(cash: Self.cash, limits: limits, groups: pairs.map(\.group)),
      pairs: pairs.enumerated().map { index, pair in
        let settings = EngineSettings(
          product: pair.product, pair: UInt32(index), interval: Self.interval,
          positionSize: pair.positionSize, takerRate: pair.model.takerRate)
        return PairBacktest(
          engine: ExecutionEngine(strategy: pair.strategy, settings: settings), model: pair.model,
          journal: journal(index), walksEveryCandle: walks)
      })
    var tracks = pairs.map { CandleTrack($0.candles) }
    if let block, var end = times.first {
      while let last = times.last, end < last {
        try backtest.play(&tracks, until: end)
        end = end + block
      }
    }
    try backtest.play(&tracks)
    return backtest
  }
}

extension RunRecord {
  /// The record as it would be if the pair were the first.
  var withoutPair: RunRecord {
    func first(_ id: ClientOrderID) -> ClientOrderID {
      ClientOrderID(session: id.session, pair: 0, number: id.number)
    }
    var record = self
    for index in orders.indices { record.orders[index].order.id = first(orders[index].order.id) }
    for index in fills.indices { record.fills[index].order = first(fills[index].order) }
    return record
  }
}
