public import Execution
public import Strategy

/// The state of a session, of whichever strategy.
public struct RunState: Sendable {
  /// The engines and the account.
  package var machine: any TradingMachine

  @usableFromInline
  init<S: TradingStrategy>(_ state: TradingState<S>) { machine = state }
}

extension StrategyEntry {
  /// Engines before their first event, and the account they share.
  @usableFromInline
  static func state<S: TradingStrategy>(
    _ type: S.Type, _ plan: PortfolioPlan
  ) throws -> TradingState<S> {
    let engines = try plan.pairs.enumerated().map { index, pair in
      var settings = pair.engine
      settings.pair = UInt32(index)
      return ExecutionEngine(
        strategy: try S(pair.strategy, exit: S.Exit(pair.exit)), settings: settings)
    }
    return TradingState(
      engines: engines,
      portfolio: Portfolio(
        cash: plan.cash, limits: plan.limits, groups: plan.pairs.map(\.group)))
  }
}
