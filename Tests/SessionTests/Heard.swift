import Execution
import Foundation
import LiveBroker
import Market
import Persistence

/// What a session tells of fills and trouble, and where it is kept.
///
/// `@unchecked Sendable`, because: everything is reached with the lock held.
final class Heard: @unchecked Sendable {
  /// The session's database.
  let database: String
  private let lock = NSLock()
  private var heard: (fills: [(pair: Int, fill: Fill)], trouble: [String]) = ([], [])

  /// Nothing yet.
  init(database: String) { self.database = database }

  /// Takes a piece of news.
  @Sendable func hear(_ news: SessionNews) {
    lock.withLock {
      switch news {
      case .trouble(let text), .alarm(let text): heard.trouble.append(text)
      case .note(let note, let pair):
        if case .fill(let fill, candle: _, position: _) = note { heard.fills.append((pair, fill)) }
      case .command, .info: break
      }
    }
  }

  /// The fills so far, and whose they are.
  var fills: [(pair: Int, fill: Fill)] { lock.withLock { heard.fills } }

  /// Whether something comes true within half a minute or more: a test that waits for ever says nothing.
  ///
  /// - Parameters:
  ///   - condition: What is to come true.
  ///   - work: What is done again and again meanwhile.
  /// - Returns: Whether it has.
  /// - Throws: What either does.
  static func awaits(
    _ condition: () async throws -> Bool, doing work: () async throws -> Void = {}
  ) async throws -> Bool {
    for _ in 0..<15_000 {
      try await work()
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(2))
    }
    return false
  }

  /// Whether something is told of within that time.
  func awaits(_ words: String, times: Int = 1, doing work: () async throws -> Void = {})
    async throws -> Bool
  {
    try await Self.awaits({ trouble.count { $0.contains(words) } >= times }, doing: work)
  }

  /// What went wrong so far.
  var trouble: [String] { lock.withLock { heard.trouble } }

  /// What the record says that the session lived through.
  ///
  /// - Throws: `SQLiteError` where it cannot be read.
  func incidents() throws -> [IncidentRow] {
    try Store.read(at: Store.Location(path: database)).reader.incidents()
  }

  /// Has another process write to the store, and not come to an end: nothing can be kept.
  ///
  /// - Returns: What to tell `ROLLBACK`, so that it can be again.
  /// - Throws: `SQLiteError` where it cannot be opened.
  func lockStore() throws -> Connection {
    let other = try Connection(path: database, mode: .readWrite)
    try other.execute("BEGIN IMMEDIATE")
    return other
  }
}
