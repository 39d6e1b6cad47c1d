import Configuration
import Reporting
import Simulator

/// One backtest: a strategy and its settings against the candles of a file.
struct BacktestRun {
  private let strategy: StrategyEntry
  private let settings: Settings
  private let candles: PairCandles
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
    candles = PairCandles(source: source, file: file)
    self.walksEveryCandle = walksEveryCandle
  }

  /// Plays it; `withIndicators` adds the strategy's figures at a few candles, for another walk.
  func play(withIndicators: Bool = true, keptBy keeper: RunKeeper? = nil) throws -> RunResult {
    var plan = BacktestPlan(settings)
    plan.walksEveryCandle = walksEveryCandle
    plan.warmUp = candles.file.warmUp
    let bar = ProgressBar("playing", total: candles.file.candles.count, unit: "candles")
    func progress(_ done: Int) throws {
      try Interruption.check()
      bar?.show(done)
    }
    let outcome =
      if let keeper {
        try strategy.keepPortfolio(
          PortfolioPlan(plan), [candles.file.candles], keeper, progress)[0]
      } else {
        try strategy.run(plan, candles.file.candles, progress)
      }
    bar?.erase()
    let indicators = withIndicators ? try strategy.indicators(plan, candles.file.candles) : []
    return RunResult(candles, settings.common, outcome, indicators)
  }
}
