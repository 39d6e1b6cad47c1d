import Execution
import Market

/// Events of the record that are not written yet, their texts in one piece of memory.
struct EventBuffer {
  struct Entry {
    var seq: Int64
    var pair: Int
    var time: Timestamp
    /// Where its text is: up to `split` the event, from there on its commands.
    var start: Int
    var split: Int
    var end: Int
  }

  private(set) var entries: [Entry] = []
  private var bytes: [UInt8] = []
  private var line = LineWriter()

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  /// Keeps an event of a pair.
  mutating func append(
    _ event: Event, _ commands: [Command], seq: Int64, time: Timestamp, scope: OrderScope
  ) {
    let start = bytes.count
    line.clear()
    EventText.write(event, of: scope, to: &line)
    bytes += line.bytes
    let split = bytes.count
    if !commands.isEmpty {
      line.clear()
      CommandText.write(commands, at: time, of: scope, to: &line)
      bytes += line.bytes
    }
    entries.append(
      Entry(
        seq: seq, pair: Int(scope.pair), time: time, start: start, split: split, end: bytes.count))
  }

  /// Keeps an event of the whole portfolio.
  mutating func append(portfolio text: String, seq: Int64, time: Timestamp) {
    let start = bytes.count
    bytes += text.utf8
    entries.append(
      Entry(seq: seq, pair: -1, time: time, start: start, split: bytes.count, end: bytes.count))
  }

  /// The texts of an entry.
  func withTexts<Result, Failure: Error>(
    of entry: Entry,
    _ body: (_ event: UnsafeBufferPointer<UInt8>, _ commands: UnsafeBufferPointer<UInt8>)
      throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withUnsafeBufferPointer { (all) throws(Failure) in
      try body(
        UnsafeBufferPointer(rebasing: all[entry.start..<entry.split]),
        UnsafeBufferPointer(rebasing: all[entry.split..<entry.end]))
    }
  }

  /// The texts of an entry as strings; no commands are an empty one.
  func texts(of entry: Entry) -> (event: String, commands: String) {
    withTexts(of: entry) {
      (String(decoding: $0, as: UTF8.self), String(decoding: $1, as: UTF8.self))
    }
  }

  mutating func clear() {
    entries.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }
}
