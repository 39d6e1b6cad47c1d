import Configuration
import Reporting
import Simulator

/// One backtest of several pairs on one account.
struct PortfolioRun {
  private let strategy: StrategyEntry
  private let settings: Settings
  private let candles: [PairCandles]
  private let walksEveryCandle: Bool

  /// A run of these parts.
  ///
  /// - Parameters:
  ///   - strategy: The one that the settings choose, for all pairs.
  ///   - settings: All that the run depends on besides the candles; with at least one pair.
  ///   - candles: Those of the pairs, in the order of `settings.pairs`.
  ///   - walksEveryCandle: Whether candles that touch nothing are walked all the same.
  init(
    _ strategy: StrategyEntry, _ settings: Settings, _ candles: [PairCandles],
    walksEveryCandle: Bool = false
  ) {
    precondition(
      candles.count == settings.pairs.count,
      "\(settings.pairs.count) pairs cannot have \(candles.count) files")
    self.strategy = strategy
    self.settings = settings
    self.candles = candles
    self.walksEveryCandle = walksEveryCandle
  }

  /// What is to be played.
  var plan: PortfolioPlan {
    let pairs = zip(settings.pairs, candles).map { pair, candles in
      var plan = BacktestPlan(pair)
      plan.walksEveryCandle = walksEveryCandle
      plan.warmUp = candles.file.warmUp
      return plan
    }
    return PortfolioPlan(pairs: pairs, cash: settings.simulation.cash, limits: settings.limits)
  }

  /// Plays it; `withIndicators` adds the strategy's figures at a few candles, for another walk.
  func play(
    withIndicators: Bool = true, keptBy keeper: RunKeeper? = nil
  ) throws -> PortfolioResult {
    let plan = plan
    let total = candles.reduce(0) { $0 + $1.file.candles.count }
    let bar = ProgressBar("playing", total: total, unit: "candles")
    func progress(_ done: Int) throws {
      try Interruption.check()
      bar?.show(done)
    }
    let all = candles.map(\.file.candles)
    let outcomes =
      if let keeper {
        try strategy.keepPortfolio(plan, all, keeper, progress)
      } else {
        try strategy.runPortfolio(plan, all, progress)
      }
    bar?.erase()
    let results = try outcomes.indices.map { index in
      let indicators =
        withIndicators
        ? try strategy.indicators(plan.pairs[index], candles[index].file.candles) : []
      return RunResult(candles[index], settings.pairs[index], outcomes[index], indicators)
    }
    return PortfolioResult(
      pairs: results, groups: settings.pairs.map(\.group),
      startingCash: settings.simulation.cash, interval: settings.simulation.interval,
      limits: settings.limits, settings: settings.ofRun.map(RunResult.Setting.init),
      changed: settings.ofRun.filter { !$0.isDefault }.map(RunResult.Setting.init))
  }
}
