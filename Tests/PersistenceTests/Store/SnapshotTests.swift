import Execution
import Market
import Persistence
import Strategy
import TestKit
import Testing

@Suite("Snapshots")
struct SnapshotTests {
  private func makeStore(
    _ story: Story, in folder: TemporaryFolder, snapshots: [Int]
  ) throws -> Store {
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    let store = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs)
    let writer = try StoreWriter(store, rhythm: .whenAsked, replaying: false)
    try writer.snapshot(StateText.encode(story.beginning))
    for (index, chapter) in story.chapters.enumerated() {
      if snapshots.contains(index) {
        try writer.snapshot(StateText.encode(story.state(after: index)))
      }
      try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
    }
    try writer.commit()
    return store
  }

  @Test("The first and the two latest are kept, and the record replays from the first")
  func kept() throws {
    let story = try Story(seed: 3, pairs: 1, candles: 200)
    let folder = try TemporaryFolder()
    let store = try makeStore(story, in: folder, snapshots: [50, 100, 150])
    #expect(try store.reader.snapshot()?.seq == 150)
    #expect(try store.reader.snapshot(upTo: 149)?.seq == 100)
    #expect(try store.reader.snapshot(upTo: 99)?.seq == 0)
    #expect(try store.audit(ConfluenceStrategy.self) == Int64(story.chapters.count))
  }

  @Test("One that was changed is refused, whatever it says")
  func changed() throws {
    let story = try Story(seed: 3, pairs: 1, candles: 200)
    let folder = try TemporaryFolder()
    let path = folder.file("run.db")
    do { _ = try makeStore(story, in: folder, snapshots: [100]) }
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute(
      "UPDATE snapshots SET body = replace(body, '\"cash\":', '\"cash\":1') WHERE seq = 100")
    let store = try Store.open(at: Store.Location(path: path))
    let error = #expect(throws: StoreError.self) { try store.recover(from: story.beginning) }
    #expect(
      error?.description.contains(
        "the snapshot after event 100 is damaged: its text is not that of its digest") == true)
  }

  @Test("A record whose beginning is gone cannot be audited, and says so")
  func noBeginning() throws {
    let story = try Story(seed: 3, pairs: 1, candles: 200)
    let folder = try TemporaryFolder()
    let path = folder.file("run.db")
    do { _ = try makeStore(story, in: folder, snapshots: [100]) }
    try Connection(path: path, mode: .readWrite).execute("DELETE FROM snapshots WHERE seq = 0")
    let store = try Store.open(at: Store.Location(path: path))
    let error = #expect(throws: StoreError.self) { try store.audit(ConfluenceStrategy.self) }
    #expect(error?.problem == .noBeginning)
  }
}
