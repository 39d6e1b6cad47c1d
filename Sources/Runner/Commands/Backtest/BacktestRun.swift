import Configuration
import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy

/// One backtest: a strategy and its settings against the candles of a file.
struct BacktestRun {
  private let strategy: StrategyEntry
  private let settings: Settings
  private let file: CandleFile
  private let source: String
  private let walksEveryCandle: Bool

  /// A run of these parts.
  ///
  /// - Parameters:
  ///   - strategy: The one that the settings choose.
  ///   - settings: All that the run depends on besides the candles.
  ///   - file: The candles.
  ///   - source: What reports call the file.
  ///   - walksEveryCandle: Whether candles that touch nothing are walked all the same.
  init(
    _ strategy: StrategyEntry, _ settings: Settings, _ file: CandleFile, source: String,
    walksEveryCandle: Bool = false
  ) {
    self.strategy = strategy
    self.settings = settings
    self.file = file
    self.source = source
    self.walksEveryCandle = walksEveryCandle
  }

  /// Plays it; `withIndicators` adds the strategy's figures at a few candles, for another walk.
  func play(withIndicators: Bool = true) throws -> RunResult {
    var plan = BacktestPlan(settings)
    plan.walksEveryCandle = walksEveryCandle
    plan.warmUp = file.warmUp
    let bar = ProgressBar("playing", total: file.candles.count, unit: "candles")
    let outcome = try strategy.run(plan, file.candles) { done in
      try Interruption.check()
      bar?.show(done)
    }
    bar?.erase()
    var result = RunResult(
      source: source, product: settings.product, interval: settings.simulation.interval,
      candles: file.warmUp == 0 ? file.candles : Array(file.candles[file.warmUp...]),
      data: file.quality,
      settings: settings.ofRun.map { .init(key: $0.key, value: $0.text) },
      changed: settings.ofRun.filter { !$0.isDefault }.map { .init(key: $0.key, value: $0.text) },
      startingCash: settings.simulation.cash, trail: trail, record: outcome.record,
      openPosition: outcome.openPosition, workingOrders: outcome.workingOrders,
      indicators: withIndicators ? try strategy.indicators(plan, file.candles) : [])
    result.timeRange = file.timeRange
    result.warmUp = file.warmUp
    return result
  }

  /// The stop's distance, of an exit that has such a setting.
  private var trail: Rate? {
    guard case .rate(let trail) = settings["exit.trail"]?.value else { return nil }
    return trail
  }
}

extension BacktestPlan {
  /// The plan that settings describe.
  init(_ settings: Settings) {
    let simulation = settings.simulation
    guard let path = CandlePath(rawValue: simulation.path) else {
      preconditionFailure("simulation.path was checked, but is '\(simulation.path)'")
    }
    self.init(
      engine: EngineSettings(
        product: settings.product, interval: simulation.interval,
        positionSize: settings.positionSize, takerRate: simulation.takerRate),
      cash: simulation.cash,
      model: MarketModel(
        slippage: simulation.slippage, makerRate: simulation.makerRate,
        takerRate: simulation.takerRate, participation: simulation.participation,
        fillsOnTouch: simulation.fillsOnTouch, path: path),
      strategy: settings.strategy, exit: settings.exit)
  }
}
