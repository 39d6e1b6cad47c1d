public import Execution
public import Market
public import Strategy

/// Backtests that are kept in a store.
extension StrategyEntry {
  /// Plays the candles of each pair and keeps the run.
  @inlinable
  static func keep<S: TradingStrategy>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]], _ keeper: RunKeeper,
    _ progress: ((Int) throws -> Void)?
  ) throws -> [BacktestOutcome] {
    keeper.keepsAll
      ? try keepAll(strategies, plan, candles, keeper, progress)
      : try keepChanges(strategies, plan, candles, keeper, progress)
  }

  /// Keeps what changed something, a block of time after the other.
  @inlinable
  static func keepChanges<S: TradingStrategy>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]], _ keeper: RunKeeper,
    _ progress: ((Int) throws -> Void)?
  ) throws -> [BacktestOutcome] {
    var (backtest, tracks) = prepare(strategies, plan, candles) { _ in
      BothJournals(RunRecord(), ChangeJournal())
    }
    let block = blockLength(plan)
    while let start = tracks.map(\.start).min(), start < .endOfTracks {
      try backtest.play(&tracks, until: start + block)
      for pair in backtest.pairs.indices {
        for entry in backtest.pairs[pair].loop.journal.second.takeEntries() {
          keeper.record(entry.event, entry.outbox, of: pair)
        }
      }
      try keeper.commit(closes: latestCloses(tracks, plan))
      try progress?(tracks.reduce(0) { $0 + $1.next })
    }
    return outcomes(of: backtest) { $0.first }
  }

  /// Keeps every event as it happens, and the whole state now and then; between two candles it does
  /// what operators ask for.
  @inlinable
  static func keepAll<S: TradingStrategy>(
    _ strategies: [S], _ plan: PortfolioPlan, _ candles: [[Candle]], _ keeper: RunKeeper,
    _ progress: ((Int) throws -> Void)?
  ) throws -> [BacktestOutcome] {
    var (backtest, tracks) = prepare(strategies, plan, candles) { pair in
      BothJournals(RunRecord(), KeptJournal(keeper, pair: pair))
    }
    try keeper.keepState(
      isLast: false,
      TradingState(engines: backtest.pairs.map(\.loop.engine), portfolio: backtest.portfolio))
    let block = plan.pairs[0].engine.interval
    while let start = tracks.map(\.start).min(), start < .endOfTracks {
      repeat {
        while let move = try keeper.nextStep(at: start) {
          for (pair, event) in move.events {
            backtest.pairs[pair].deliver(event, &backtest.portfolio)
          }
          if move.resetsBreaker { backtest.portfolio.reset() }
          try keeper.finish(move)
        }
      } while try keeper.waits(for: start)
      try backtest.play(&tracks, until: start + block)
      try keeper.commit(closes: latestCloses(tracks, plan))
      try keeper.keepState(
        isLast: tracks.allSatisfy { $0.start == .endOfTracks },
        TradingState(engines: backtest.pairs.map(\.loop.engine), portfolio: backtest.portfolio))
      try progress?(tracks.reduce(0) { $0 + $1.next })
    }
    return outcomes(of: backtest) { $0.first }
  }

  @inlinable
  static func latestCloses(
    _ tracks: [CandleTrack], _ plan: PortfolioPlan
  ) -> [(close: Price, time: Timestamp)?] {
    tracks.indices.map { pair in
      let next = tracks[pair].next
      guard next > plan.pairs[pair].warmUp else { return nil }
      let last = tracks[pair].candles[next - 1]
      return (last.close, last.start + plan.pairs[pair].engine.interval)
    }
  }
}
