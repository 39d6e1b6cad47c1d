import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy
import TestKit
import Testing

/// SEMANTICS 9: candles before the time range warm the indicators and do nothing else.
@Suite("Warm-up")
struct WarmUpTests {
  @Test("A run over a range equals one of a strategy warmed by hand", arguments: Seeds.ofThisRun)
  func byHand(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(500, using: &random)
    let warmUp = Int.random(in: 0...400, using: &random)
    var plan = try Self.plan
    plan.warmUp = warmUp

    let entry = StrategyEntry(MovingAverageCrossStrategy.self)
    let outcome = try entry.run(plan, candles, nil)

    var strategy = try MovingAverageCrossStrategy(
      plan.strategy, exit: MovingAverageCrossStrategy.Exit(plan.exit))
    for candle in candles[..<warmUp] { _ = strategy.candleClosed(candle) }
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: plan.engine), cash: plan.cash,
      model: plan.model, journal: RunRecord())
    for candle in candles[warmUp...] { try backtest.play(candle) }

    #expect(outcome.record == backtest.loop.journal, "replay with SEED=\(seed)")
    #expect(!outcome.record.signals.isEmpty, "seed \(seed) is worth nothing")
    let first = candles[warmUp].start
    #expect(outcome.record.signals.allSatisfy { $0.time > first })
    #expect(outcome.record.holdings.allSatisfy { $0.candle < candles.count - warmUp })
  }

  @Test func `a warm strategy decides at once, a cold one cannot`() throws {
    var random = SplitMix64(seed: 5)
    let candles = randomCandles(60, using: &random)
    let entry = StrategyEntry(MovingAverageCrossStrategy.self)
    var warm = try Self.plan
    warm.warmUp = 40
    let first = try #require(try entry.indicators(warm, candles).first)
    #expect(first.time == candles[40].start)
    let cold = try #require(try entry.indicators(Self.plan, Array(candles[40...])).first)
    #expect(cold.time > candles[40].start)
  }

  @Test func `nothing is left to play when all candles warm up`() throws {
    var random = SplitMix64(seed: 5)
    let candles = randomCandles(60, using: &random)
    var plan = try Self.plan
    plan.warmUp = 60
    let entry = StrategyEntry(MovingAverageCrossStrategy.self)
    #expect(try entry.run(plan, candles, nil).record == RunRecord())
    #expect(try entry.indicators(plan, candles).isEmpty)
  }

  private static var plan: BacktestPlan {
    get throws {
      var strategy = Parameters(MovingAverageCrossStrategy.parameters)
      try strategy.set("fast", to: "2")
      try strategy.set("slow", to: "5")
      return BacktestPlan(
        engine: .test, cash: 10_000, model: .free, strategy: strategy,
        exit: Parameters(MovingAverageCrossStrategy.Exit.parameters))
    }
  }
}
