import Market
import Testing

@testable import Persistence

/// A store that tells a story, on which somebody may write what no engine would.
struct StoryStore {
  let folder: TemporaryFolder
  let path: String
  let story: Story

  /// The whole story, with a snapshot of its beginning and now and then one on the way.
  init(seed: UInt64, pairs: Int = 2, candles: Int = 300, until end: Int = .max) throws {
    folder = try TemporaryFolder()
    path = folder.file("run.db")
    story = try Story(seed: seed, pairs: pairs, candles: candles)
    let store = try Store.openOrCreate(
      at: Store.Location(path: path, synchronous: .off), run: story.run, pairs: story.pairs)
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    try writer.snapshot(StateText.encode(story.beginning))
    let told = story.chapters.prefix(end)
    for (number, chapter) in told.enumerated() {
      try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
      if number == told.count / 2 {
        try writer.snapshot(StateText.encode(story.state(after: number + 1)))
      }
    }
    try writer.commit()
  }

  private init(copyOf other: StoryStore) throws {
    folder = try TemporaryFolder()
    path = folder.file("run.db")
    story = other.story
    try folder.write(try other.folder.bytes("run.db"), to: "run.db")
  }

  /// The same in a file of its own; nobody may have it open.
  func copy() throws -> StoryStore { try StoryStore(copyOf: self) }

  /// The whole story of seed 3, for whoever copies it: telling one takes a while.
  static let sound = Result { try StoryStore(seed: 3) }

  var location: Store.Location { Store.Location(path: path, synchronous: .off) }

  /// Executes SQL that the schema would refuse too.
  @discardableResult
  func tamper(_ sql: String) throws -> Int {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")
    try connection.execute(sql)
    return connection.changes
  }

  /// What is wrong with it, each with its check before it.
  func defects() throws -> [String] {
    let connection = try Connection(path: path, mode: .readOnly)
    return try DatabaseCheck.all(of: connection, Schema.migrator).flatMap { check in
      check.defects.map { "\(check.name): \($0)" }
    }
  }

  /// A value of a row, as the program reads it.
  func value<Value: ColumnValue>(_ sql: String, as type: Value.Type = Value.self) throws -> Value {
    try Connection(path: path, mode: .readOnly).single(sql)
  }
}
