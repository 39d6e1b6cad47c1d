/// Keeps what changed something, in memory: the story of a run, without the trades and closes after
/// which all was as before.
public struct ChangeJournal: Journal, Sendable {
  /// What was kept, oldest first.
  public private(set) var entries: [JournalEntry] = []

  /// An empty journal.
  public init() {}

  /// Keeps an event and its outcome, where it has one.
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    guard !outbox.isEmpty else { return }
    entries.append(JournalEntry(event: event(), outbox: copy outbox))
  }
}
