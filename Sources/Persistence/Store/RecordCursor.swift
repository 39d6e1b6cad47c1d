package import Market

/// An event of the record as it is stored.
package struct RecordedEvent: Hashable, Sendable {
  /// Counts the events, from 1.
  package var seq: Int64
  /// The pair; `nil` for one of the whole portfolio.
  package var pair: Int?
  /// When it happened.
  package var time: Timestamp
  /// Its line.
  package var body: String
  /// The lines of its commands; empty where there were none.
  package var commands: String

  /// What a person is shown.
  package var text: String {
    let words = "\(time) " + body
    return commands.isEmpty
      ? words : words + " → " + commands.split(separator: "\n").joined(separator: "; ")
  }
}

/// Walks over the events of a record.
final class RecordCursor {
  private let statement: Statement
  /// The next one; `nil` at the end.
  private(set) var next: RecordedEvent?

  /// Stands before the first event after `seq`.
  init(on connection: Connection, after seq: Int64) throws(SQLiteError) {
    statement = try connection.prepare(
      "SELECT seq, pair, time, body, commands FROM events WHERE seq > ? ORDER BY seq")
    statement.bind(seq, at: 1)
    try advance()
  }

  /// Goes on to the event after `next`.
  func advance() throws(SQLiteError) {
    guard try statement.step() else {
      next = nil
      return
    }
    let pair: Int = try statement.value(at: 1)
    next = RecordedEvent(
      seq: try statement.value(at: 0), pair: pair < 0 ? nil : pair,
      time: try statement.value(at: 2), body: try statement.value(at: 3),
      commands: try statement.value(at: 4, as: String?.self) ?? "")
  }
}
