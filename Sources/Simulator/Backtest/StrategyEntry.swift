public import Execution
public import Market
public import Reporting
public import Strategy

/// A strategy among those that a program offers, chosen by name at run time.
///
/// Made where the strategy's type is known, so that the closures it carries are specialised for that
/// type and the loop over the candles runs without an existential, in an outside package too.
public struct StrategyEntry: Sendable {
  /// The value of `strategy.name` that chooses it.
  public let name: String
  /// One line for `--help`.
  public let summary: String
  /// The keys of the `strategy` section.
  public let parameters: [Parameter]
  /// The keys of the `exit` section.
  public let exitParameters: [Parameter]

  /// Finds values that do not go together.
  public let check:
    @Sendable (_ strategy: Parameters, _ exit: Parameters) throws(ParameterError) -> Void

  /// Plays candles, oldest first; `progress` hears now and then how many are done, and may end the
  /// run by throwing.
  public let run:
    @Sendable (
      _ plan: BacktestPlan, _ candles: [Candle], _ progress: ((Int) throws -> Void)?
    ) throws -> BacktestOutcome

  /// The strategy's figures at the first two candles that have them all, the middle one and the last.
  public let indicators:
    @Sendable (_ plan: BacktestPlan, _ candles: [Candle]) throws -> [RunResult.IndicatorRow]

  /// Plays candles and keeps every event that changed something, for explanations.
  public let record: @Sendable (_ plan: BacktestPlan, _ candles: [Candle]) throws -> [JournalEntry]

  /// Why the last of these closes was a signal; `nil` where it was none.
  public let explain:
    @Sendable (_ plan: BacktestPlan, _ candles: ArraySlice<Candle>) throws -> SignalExplanation?

  /// Offers a strategy.
  @inlinable
  public init<S: TradingStrategy>(_ type: S.Type) {
    name = S.name
    summary = S.summary
    parameters = S.parameters
    exitParameters = S.Exit.parameters
    check = { (strategy, exit) throws(ParameterError) in _ = try S(strategy, exit: S.Exit(exit)) }
    run = { plan, candles, progress in
      try Self.run(S(plan.strategy, exit: S.Exit(plan.exit)), plan, candles, progress)
    }
    indicators = { plan, candles in
      Self.indicators(of: try S(plan.strategy, exit: S.Exit(plan.exit)), plan, candles)
    }
    record = { plan, candles in
      try Self.record(S(plan.strategy, exit: S.Exit(plan.exit)), plan, candles)
    }
    explain = { plan, candles in
      SignalExplanation(of: try S(plan.strategy, exit: S.Exit(plan.exit)), after: candles)
    }
  }

  @inlinable
  static func run<S: TradingStrategy>(
    _ strategy: S, _ plan: BacktestPlan, _ candles: [Candle], _ progress: ((Int) throws -> Void)?
  ) throws -> BacktestOutcome {
    var strategy = strategy
    for candle in candles.prefix(plan.warmUp) { _ = strategy.candleClosed(candle) }
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: plan.engine), cash: plan.cash,
      model: plan.model, journal: RunRecord(), walksEveryCandle: plan.walksEveryCandle)
    // In blocks, so that the loop itself has no progress to report.
    var start = plan.warmUp
    while start < candles.count {
      let end = min(start + 65_536, candles.count)
      try backtest.play(candles.span, start..<end)
      try progress?(end)
      start = end
    }
    return BacktestOutcome(
      record: backtest.loop.journal, cash: backtest.loop.account.cash,
      openPosition: Self.openPosition(backtest.loop.engine.position))
  }

  @inlinable
  static func record<S: TradingStrategy>(
    _ strategy: S, _ plan: BacktestPlan, _ candles: [Candle]
  ) throws(BacktestError) -> [JournalEntry] {
    var strategy = strategy
    for candle in candles.prefix(plan.warmUp) { _ = strategy.candleClosed(candle) }
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: plan.engine), cash: plan.cash,
      model: plan.model, journal: ChangeJournal(), walksEveryCandle: plan.walksEveryCandle)
    try backtest.play(candles.span, plan.warmUp..<candles.count)
    return backtest.loop.journal.entries
  }

  @inlinable
  static func openPosition<Exit>(_ position: Position<Exit>) -> RunResult.OpenPosition? {
    guard position.isOpen else { return nil }
    return RunResult.OpenPosition(
      entryTime: position.entryTime, quantity: position.quantity, highest: position.highest,
      trigger: position.trigger)
  }

  @inlinable
  static func indicators<S: TradingStrategy>(
    of strategy: S, _ plan: BacktestPlan, _ candles: [Candle]
  ) -> [RunResult.IndicatorRow] {
    var strategy = strategy
    var wanted: Set<Int> = []
    var rows: [RunResult.IndicatorRow] = []
    for (index, candle) in candles.enumerated() {
      _ = strategy.candleClosed(candle)
      guard index >= plan.warmUp else { continue }
      if wanted.isEmpty {
        let readings = strategy.readings
        guard !readings.isEmpty, readings.allSatisfy({ $0.value != nil }) else { continue }
        wanted = [index, index + 1, index + (candles.count - index) / 2, candles.count - 1]
      }
      guard wanted.contains(index) else { continue }
      rows.append(RunResult.IndicatorRow(time: candle.start, readings: strategy.readings))
    }
    return rows
  }
}
