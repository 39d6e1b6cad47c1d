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

  /// Plays the candles of each pair, oldest first; the outcomes are in the order of the pairs.
  ///
  /// `progress` hears now and then how many are done, those included that only warm the indicators,
  /// and may end the run by throwing.
  public let runPortfolio:
    @Sendable (
      _ plan: PortfolioPlan, _ candles: [[Candle]], _ progress: ((Int) throws -> Void)?
    ) throws -> [BacktestOutcome]

  /// The strategy's figures at the first two candles that have them all, the middle one and the last.
  public let indicators:
    @Sendable (_ plan: BacktestPlan, _ candles: [Candle]) throws -> [RunResult.IndicatorRow]

  /// Plays candles and keeps every event that changed something, for explanations.
  public let recordPortfolio:
    @Sendable (_ plan: PortfolioPlan, _ candles: [[Candle]]) throws -> [[JournalEntry]]

  /// Plays the candles of each pair as `runPortfolio` does, and keeps the run in a store.
  public let keepPortfolio:
    @Sendable (
      _ plan: PortfolioPlan, _ candles: [[Candle]], _ keeper: RunKeeper,
      _ progress: ((Int) throws -> Void)?
    ) throws -> [BacktestOutcome]

  /// Replays a record of every event and compares each command; how many events there were.
  public let audit: @Sendable (_ record: RecordedRun) throws -> Int64

  /// Compares a recorded session with the backtest over its candles.
  public let compare: @Sendable (_ record: RecordedRun, _ plan: AuditPlan) throws -> AuditReport

  /// The state of a session before its first event.
  public let begin: @Sendable (_ plan: PortfolioPlan) throws -> RunState

  /// The state after the last event of a record that began with that of the plan.
  public let recover: @Sendable (_ record: RecordedRun, _ plan: PortfolioPlan) throws -> RunState

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
    runPortfolio = { plan, candles, progress in
      let strategies = try plan.pairs.map { try S($0.strategy, exit: S.Exit($0.exit)) }
      return try Self.run(strategies, plan, candles, progress)
    }
    indicators = { plan, candles in
      Self.indicators(of: try S(plan.strategy, exit: S.Exit(plan.exit)), plan, candles)
    }
    recordPortfolio = { plan, candles in
      let strategies = try plan.pairs.map { try S($0.strategy, exit: S.Exit($0.exit)) }
      return try Self.record(strategies, plan, candles)
    }
    keepPortfolio = { plan, candles, keeper, progress in
      let strategies = try plan.pairs.map { try S($0.strategy, exit: S.Exit($0.exit)) }
      return try Self.keep(strategies, plan, candles, keeper, progress)
    }
    audit = { record in try record.audit(S.self) }
    compare = { record, plan in
      try record.compare(S.self, plan) { run, tracks in try run.play(&tracks) }
    }
    begin = { plan in RunState(try Self.state(S.self, plan)) }
    recover = { record, plan in try record.recover(from: try Self.state(S.self, plan)) }
    explain = { plan, candles in
      SignalExplanation(of: try S(plan.strategy, exit: S.Exit(plan.exit)), after: candles)
    }
  }

  /// Plays the candles of one pair.
  public func run(
    _ plan: BacktestPlan, _ candles: [Candle], _ progress: ((Int) throws -> Void)? = nil
  ) throws -> BacktestOutcome {
    try runPortfolio(PortfolioPlan(plan), [candles], progress)[0]
  }

  /// Plays the candles of one pair and keeps every event that changed something.
  public func record(_ plan: BacktestPlan, _ candles: [Candle]) throws -> [JournalEntry] {
    try recordPortfolio(PortfolioPlan(plan), [candles])[0]
  }

  @inlinable
  static func run<S: TradingStrategy>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]],
    _ progress: ((Int) throws -> Void)?
  ) throws -> [BacktestOutcome] {
    var (backtest, tracks) = prepare(strategies, plan, candles) { _ in RunRecord() }
    // In blocks of time, so that the loop itself has no progress to report.
    let block = blockLength(plan)
    while let start = tracks.map(\.start).min(), start < .endOfTracks {
      try backtest.play(&tracks, until: start + block)
      try progress?(tracks.reduce(0) { $0 + $1.next })
    }
    return outcomes(of: backtest) { $0 }
  }

  /// How much time is played at once.
  @inlinable
  static func blockLength(_ plan: PortfolioPlan) -> TimeSpan {
    plan.pairs[0].engine.interval * max(Turns.longestLead, 65_536 / plan.pairs.count)
  }

  @inlinable
  static func record<S: TradingStrategy>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]]
  ) throws(BacktestError) -> [[JournalEntry]] {
    var (backtest, tracks) = prepare(strategies, plan, candles) { _ in ChangeJournal() }
    try backtest.play(&tracks)
    return backtest.pairs.map(\.loop.journal.entries)
  }

  /// A backtest before its first candle, its strategies warmed, and the candles it is to play.
  @inlinable
  static func prepare<S: TradingStrategy, J: Journal>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]], journal: (Int) -> J
  ) -> (Backtest<S, J>, [CandleTrack]) where J.Failure == Never {
    var pairs: [PairBacktest<S, J>] = []
    var tracks: [CandleTrack] = []
    for (index, pair) in plan.pairs.enumerated() {
      var strategy = strategies[index]
      for candle in candles[index].prefix(pair.warmUp) { _ = strategy.candleClosed(candle) }
      var settings = pair.engine
      settings.pair = UInt32(index)
      pairs.append(
        PairBacktest(
          engine: ExecutionEngine(strategy: strategy, settings: settings), model: pair.model,
          journal: journal(index), walksEveryCandle: pair.walksEveryCandle))
      tracks.append(CandleTrack(candles[index], from: pair.warmUp))
    }
    let portfolio = Portfolio(
      cash: plan.cash, limits: plan.limits, groups: plan.pairs.map(\.group))
    return (Backtest(portfolio: portfolio, pairs: pairs), tracks)
  }

  /// What a backtest leaves behind of each pair.
  @inlinable
  static func outcomes<S: TradingStrategy, J: Journal>(
    of backtest: Backtest<S, J>, record: (J) -> RunRecord
  ) -> [BacktestOutcome] {
    backtest.pairs.map { pair in
      BacktestOutcome(
        record: record(pair.loop.journal),
        openPosition: openPosition(pair.loop.engine.position))
    }
  }

  @inlinable
  static func openPosition<Exit: ExitRule>(
    _ position: Position<Exit>
  ) -> RunResult.OpenPosition? {
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
