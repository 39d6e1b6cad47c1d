package import Market

extension StoreReader {
  /// The pair whose candle has tripped the breaker at a time, where its decision has not been made since.
  ///
  /// Behind such a close the sales of all pairs come first, then the decision as an event of its own, then
  /// the closes of other pairs; SEMANTICS 8.5.
  ///
  /// - Throws: `SQLiteError`.
  package func undecided(since time: Timestamp) throws -> Int? {
    try connection.prepare(
      """
      WITH closes AS (SELECT seq, pair FROM events WHERE time = ? AND body LIKE 'candle %')
      SELECT pair FROM closes WHERE NOT EXISTS (
        SELECT 1 FROM events WHERE body = 'decide' AND seq > (SELECT min(seq) FROM closes))
      ORDER BY seq DESC LIMIT 1
      """
    ).first(time) { row in try row.value(at: 0, as: Int.self) }
  }
}
