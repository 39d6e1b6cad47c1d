package import Market

/// A row of `incidents`: something that a session lived through, beside its events.
///
/// Events replay, so they hold what the engine was told and no more. Why it was told so (an answer that
/// was lost, a feed that was silent) stands here, for people and for `runner audit`.
package struct IncidentRow: Hashable, Sendable {
  /// What kind of thing it was.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The feed broke and was connected anew.
    case reconnected
    /// The feed had nothing to say for too long.
    case staleFeed = "stale_feed"
    /// Messages of the feed were missing, repeated or out of order.
    case feedGap = "feed_gap"
    /// This machine's clock is not the exchange's.
    case clockSkew = "clock_skew"
    /// An answer of the exchange did not come, or could not be read.
    case lostAnswer = "lost_answer"
    /// The exchange refused an order.
    case refused
    /// There were too many requests, for the exchange or for our own budget.
    case limited
    /// A candle of ours was not the exchange's.
    case candleDiffers = "candle_differs"
    /// The exchange has more or less in the account than the record.
    case balanceDiffers = "balance_differs"
    /// Entries were stopped, by what the session watches.
    case halted
    /// They were let go on.
    case resumed
    /// What is held has had no exit order at the exchange for too long.
    case naked
    /// It has one again.
    case covered
    /// An order of ours works at the exchange that the record holds for finished.
    case orphan
    /// A fill became known late.
    case missedFill = "missed_fill"
    /// The store could not be written.
    case storeFailed = "store_failed"
  }

  /// The last event before it.
  package var seq: Int64
  /// Whose it is; `nil` where it is the session's.
  package var pair: Int?
  /// When, by the exchange's time.
  package var time: Timestamp
  /// What kind of thing it was.
  package var kind: Kind
  /// What happened, for people.
  package var words: String

  /// An incident.
  package init(_ kind: Kind, _ words: String, pair: Int? = nil, seq: Int64 = 0, time: Timestamp) {
    self.seq = seq
    self.pair = pair
    self.time = time
    self.kind = kind
    self.words = words
  }
}

extension StoreReader {
  /// What the session lived through, oldest first.
  ///
  /// - Throws: `SQLiteError` where a row is none.
  package func incidents() throws -> [IncidentRow] {
    var rows: [IncidentRow] = []
    try connection.prepare("SELECT seq, pair, time, kind, words FROM incidents ORDER BY id")
      .forEachRow { row in
        guard let kind = IncidentRow.Kind(rawValue: try row.value(at: 3)) else {
          throw row.unexpected(at: 3, expected: "a kind of incident")
        }
        rows.append(
          IncidentRow(
            kind, try row.value(at: 4), pair: try row.value(at: 1), seq: try row.value(at: 0),
            time: try row.value(at: 2)))
      }
    return rows
  }
}
