/// What a session counts beside what its store has.
package struct SessionCounts: Hashable, Sendable {
  /// Trades that came in.
  package var trades = 0
  /// Candles that closed.
  package var candles = 0
  /// Candles of ours that were compared with the exchange's.
  package var checked = 0
  /// Those of them that were not the same.
  package var different = 0
  /// Connections to the feed that were made.
  package var connections = 0
  /// How often the exchange's books were compared with the record.
  package var reconciliations = 0
}
