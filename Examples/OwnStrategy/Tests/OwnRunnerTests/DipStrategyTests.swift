import Execution
import Market
import Matching
import Simulator
import Strategy
import Testing

@testable import OwnRunner

@Suite struct DipStrategyTests {
  private func strategy(_ changes: KeyValuePairs<String, String> = quick) throws -> DipStrategy {
    DipStrategy(
      try Parameters(DipStrategy.parameters, changes),
      exit: try ReturnExit(Parameters(ReturnExit.parameters)))
  }

  /// The mean of 100, 100, 100, 90 is 97.5, the lower band 97.5 − 4.33.
  @Test func `a close below the lower band is bought at that close`() throws {
    var strategy = try strategy()
    let signals = candles([100, 100, 100, 90]).map { strategy.candleClosed($0) }
    #expect(signals == [nil, nil, nil, EntrySignal(reference: 90)])
    #expect(strategy.exit.target == (try Price("97.5")))
    #expect(strategy.readings[1] == Reading("middle", 97.5))
  }

  @Test func `a dip from which the mean is too near is left alone`() throws {
    var strategy = try strategy(["band_period": "4", "band_width": "1", "min_reach": "0.1"])
    #expect(candles([100, 100, 100, 90]).allSatisfy { strategy.candleClosed($0) == nil })
  }

  @Test(arguments: [[100, 100, 100, 100, 100], [100, 101, 102, 103, 104], [100, 90, 80]])
  func `no dip, no signal, and none before the bands exist`(closes: [Price]) throws {
    var strategy = try strategy()
    #expect(candles(closes).allSatisfy { strategy.candleClosed($0) == nil })
  }

  /// The whole run, with the engine and the market of `backtest`, without fees.
  @Test func `it buys the dip and sells behind the top after the mean`() throws {
    let plan = BacktestPlan(
      engine: EngineSettings(product: Product(), positionSize: try Rate("0.5"), takerRate: 0),
      cash: 10_000, model: MarketModel(slippage: 0, makerRate: 0, takerRate: 0),
      strategy: try Parameters(DipStrategy.parameters, quick),
      exit: Parameters(ReturnExit.parameters))
    let entry = StrategyEntry(DipStrategy.self)
    let outcome = try entry.run(plan, candles([100, 100, 100, 90, 89, 100, 99]), nil)
    let trade = try #require(outcome.record.trades.first)
    #expect(outcome.record.trades.count == 1)
    #expect(trade.entryNotional == Price(90) * trade.quantity)
    #expect(trade.exitNotional == (try Price("99.5")) * trade.quantity)  // 0.5 % below 100.
  }
}
