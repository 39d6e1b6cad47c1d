public import Execution
package import Persistence
public import Reporting
public import Strategy

/// A run's record in a store, opened for reading.
public struct RecordedRun {
  private let store: Store

  /// The record of a store.
  package init(_ store: Store) { self.store = store }

  /// Replays all of it.
  @usableFromInline
  func audit<S: TradingStrategy>(_ type: S.Type) throws -> Int64 { try store.audit(type) }

  /// Compares it with a backtest.
  @usableFromInline
  func compare<S: TradingStrategy>(
    _ type: S.Type, _ plan: AuditPlan,
    playing play: @escaping (inout Backtest<S, TradeLog>, inout [CandleTrack]) throws -> Void
  ) throws -> AuditReport {
    var audit = try SessionAudit<S>(store, plan, play: play)
    return try audit.run()
  }

  /// Rebuilds the state after its last event.
  @usableFromInline
  func recover<S: TradingStrategy>(from initial: TradingState<S>) throws -> RunState {
    RunState(try store.recover(from: initial))
  }
}
