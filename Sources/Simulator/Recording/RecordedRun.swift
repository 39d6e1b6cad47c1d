package import Persistence
public import Strategy

/// A run's record in a store, opened for reading.
public struct RecordedRun {
  private let store: Store

  /// The record of a store.
  package init(_ store: Store) { self.store = store }

  /// Replays all of it.
  @usableFromInline
  func audit<S: TradingStrategy>(_ type: S.Type) throws -> Int64 { try store.audit(type) }
}
