/// Keeps what changed something, in memory: the story of a run.
///
/// It is without the trades and closes after which all was as before. What the exchange says about an
/// order changes at least the order.
public struct ChangeJournal: Journal, Sendable {
  /// What was kept, oldest first.
  public private(set) var entries: [JournalEntry] = []

  /// An empty journal.
  public init() {}

  /// Events that yield something, and reports.
  @inlinable
  public static var keepsQuietEvents: Bool { false }

  /// Keeps an event and its outcome, where it has one.
  @inlinable
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    let event = event()
    if outbox.isEmpty {
      switch event {
      case .report: break
      case .trade, .candleClosed, .clock, .enter, .forceExit, .cancelEntry, .liquidate, .decide,
        .halt,
        .resume:
        return
      }
    }
    keep(event, outbox)
  }

  @usableFromInline
  mutating func keep(_ event: Event, _ outbox: borrowing Outbox) {
    entries.append(JournalEntry(event: event, outbox: copy outbox))
  }

  /// What was kept since the last time.
  public mutating func takeEntries() -> [JournalEntry] {
    let taken = entries
    entries = []
    return taken
  }
}
