import Configuration
import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy

/// A file of candles that was read.
struct PairCandles {
  /// What reports call it.
  var source: String
  /// What is in it.
  var file: CandleFile
}

extension RunResult {
  /// The result of a pair: its candles, what was in force for it, and what happened.
  init(
    _ candles: PairCandles, _ pair: PairSettings, _ outcome: BacktestOutcome,
    _ indicators: [IndicatorRow]
  ) {
    let file = candles.file
    self.init(
      source: candles.source, product: pair.product, interval: pair.simulation.interval,
      candles: file.warmUp == 0 ? file.candles : Array(file.candles[file.warmUp...]),
      data: file.quality, settings: pair.ofRun.map(Setting.init),
      changed: pair.ofRun.filter { !$0.isDefault }.map(Setting.init),
      startingCash: pair.simulation.cash, trail: pair.trail, record: outcome.record,
      openPosition: outcome.openPosition, workingOrders: outcome.workingOrders,
      indicators: indicators)
    timeRange = file.timeRange
    warmUp = file.warmUp
  }
}

extension RunResult.Setting {
  /// A setting as reports show it.
  init(_ setting: Configuration.Setting) { self.init(key: setting.key, value: setting.text) }
}

extension BacktestPlan {
  /// The plan that settings without pairs describe.
  init(_ settings: Settings) {
    self.init(settings.common)
    limits = settings.limits
  }

  /// A pair's part of the plan.
  init(_ pair: PairSettings) {
    let simulation = pair.simulation
    guard let path = CandlePath(rawValue: simulation.path) else {
      preconditionFailure("simulation.path was checked, but is '\(simulation.path)'")
    }
    self.init(
      engine: EngineSettings(
        product: pair.product, interval: simulation.interval,
        positionSize: pair.positionSize, takerRate: simulation.takerRate),
      cash: simulation.cash,
      model: MarketModel(
        slippage: simulation.slippage, makerRate: simulation.makerRate,
        takerRate: simulation.takerRate, participation: simulation.participation,
        fillsOnTouch: simulation.fillsOnTouch, path: path),
      strategy: pair.strategy, exit: pair.exit)
    group = pair.group
  }
}
