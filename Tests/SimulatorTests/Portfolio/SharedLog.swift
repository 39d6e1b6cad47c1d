import Execution
import Market

/// What all pairs of a run do, in the one sequence in which they do it.
final class SharedLog {
  /// An event of a pair and what came of it.
  struct Entry: Hashable {
    var pair: Int
    var event: Event
    var outbox: Outbox
  }

  private(set) var entries: [Entry] = []

  func append(_ entry: Entry) { entries.append(entry) }
}

/// One pair's voice in the shared log, beside its record.
struct PairJournal: Journal {
  let pair: Int
  let log: SharedLog
  var record = RunRecord()

  mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    log.append(SharedLog.Entry(pair: pair, event: event(), outbox: copy outbox))
    record.append(event(), outbox)
  }
}
