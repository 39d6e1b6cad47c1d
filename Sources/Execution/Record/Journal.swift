/// Where events and what came of them are kept, before the commands are carried out.
public protocol Journal {
  /// What can go wrong in keeping them; `Never` in memory.
  associatedtype Failure: Error

  /// Whether it keeps events that yield nothing too. A backtest then tells it of every candle.
  static var keepsQuietEvents: Bool { get }

  /// Keeps an event and its outcome.
  ///
  /// The event is made only for a journal that asks for it: most events of a backtest change
  /// nothing, and a record of what happened need not know them.
  mutating func append(
    _ event: @autoclosure () -> Event, _ outbox: borrowing Outbox
  ) throws(Failure)
}

extension Journal {
  /// All events.
  @inlinable
  public static var keepsQuietEvents: Bool { true }
}

/// One event and what the engine made of it.
public struct JournalEntry: Hashable, Sendable {
  /// What happened.
  public var event: Event
  /// What was to be done, and what was established.
  public var outbox: Outbox

  /// An entry of these parts.
  public init(event: Event, outbox: Outbox) {
    self.event = event
    self.outbox = outbox
  }
}

/// Keeps everything in memory: for tests, and for replaying a run.
public struct InMemoryJournal: Journal, Sendable {
  /// What was kept, oldest first.
  public private(set) var entries: [JournalEntry] = []

  /// An empty journal.
  public init() {}

  /// Keeps an event and its outcome.
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    entries.append(JournalEntry(event: event(), outbox: copy outbox))
  }
}

/// Two journals that hear the same.
public struct BothJournals<First: Journal, Second: Journal>: Journal
where First.Failure == Never, Second.Failure == Never {
  /// Hears everything first.
  public var first: First
  /// Hears everything second.
  public var second: Second

  /// What either keeps.
  @inlinable
  public static var keepsQuietEvents: Bool { First.keepsQuietEvents || Second.keepsQuietEvents }

  /// Joins two journals.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// Keeps an event and its outcome in both.
  @inlinable
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    first.append(event(), outbox)
    second.append(event(), outbox)
  }
}
