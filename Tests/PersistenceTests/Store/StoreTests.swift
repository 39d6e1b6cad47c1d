import Execution
import Market
import Persistence
import Simulator
import Strategy
import TestKit
import Testing

@Suite("A store")
struct StoreTests {
  @Test(
    "A run that stops anywhere goes on from its store as if it had not", arguments: Seeds.ofThisRun)
  func stopsAnywhere(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let story = try Story(seed: seed, pairs: Int.random(in: 1...3, using: &random), candles: 250)
    let folder = try TemporaryFolder()
    let whole = folder.file("whole.db")
    let broken = folder.file("broken.db")
    try play(story, at: whole, stopping: [])
    let stops = (0..<8).map { _ in Int.random(in: 0...story.chapters.count, using: &random) }
    try play(story, at: broken, stopping: Set(stops))
    #expect(try dump(whole) == dump(broken), "replay with SEED=\(seed)")
  }

  /// Records a story; at each stop the writer is lost with what it had not made durable.
  private func play(_ story: Story, at path: String, stopping stops: Set<Int>) throws {
    let location = Store.Location(path: path, synchronous: .off)
    var store: Store? = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs)
    var writer: StoreWriter? = try StoreWriter(
      #require(store), rhythm: .eachChange, replaying: false)
    var next = 0
    var stops = stops
    while next < story.chapters.count {
      if stops.remove(next) != nil {
        writer = nil
        store = nil
        let opened = try Store.open(at: location)
        let state = try opened.recover(from: story.beginning)
        // What changed nothing may be lost: the exchange will tell of it again.
        let kept = Int(try opened.reader.lastEvent())
        #expect(kept <= next && story.chapters[kept..<next].allSatisfy(\.outbox.isEmpty))
        #expect(try StateText.encode(state) == StateText.encode(story.state(after: kept)))
        next = kept
        store = opened
        writer = try StoreWriter(opened, rhythm: .eachChange, replaying: false)
        if next % 2 == 0 { try writer?.snapshot(StateText.encode(state)) }
      }
      let chapter = story.chapters[next]
      try writer?.record(chapter.event, chapter.outbox, of: chapter.pair)
      next += 1
    }
    try writer?.commit()
  }

  /// Every row of every table that tells of the run.
  private func dump(_ path: String) throws -> [String] {
    try Store.rows(
      of: path,
      tables: [
        "run", "pairs", "account", "events", "orders", "fills", "positions", "ratchets", "signals",
        "anomalies", "equity",
      ])
  }

  @Test("What is recorded is what the run says", arguments: Seeds.ofThisRun)
  func rows(seed: UInt64) throws {
    let story = try Story(seed: seed, pairs: 2, candles: 400)
    let folder = try TemporaryFolder()
    let path = folder.file("run.db")
    try play(story, at: path, stopping: [])
    let store = try Store.read(at: Store.Location(path: path))
    var records = [RunRecord(), RunRecord()]
    for chapter in story.chapters { records[chapter.pair].append(chapter.event, chapter.outbox) }
    for pair in 0..<2 {
      let orders = try store.reader.orders(of: pair)
      #expect(orders.map(\.order) == records[pair].orders.map(\.order))
      #expect(orders.map(\.filled) == records[pair].orders.map(\.filled))
      #expect(orders.map(\.done) == records[pair].orders.map(\.done))
      #expect(orders.map(\.cancelReason) == records[pair].orders.map(\.cancelReason))

      let engine = story.state(after: story.chapters.count).engines[pair]
      let live = [engine.entry, engine.exit].compactMap { $0 }
      let working = orders.filter { $0.done == nil }
      #expect(working.count == live.count)
      for row in working {
        let order = live.first { $0.order.id == row.order.id }
        #expect(row.state == order?.state && row.filled == order?.filled)
      }
      for row in orders where row.done != nil {
        #expect(row.state == records[pair].orders[Int(row.order.id.number) - 1].ending)
      }
      let closed = try store.reader.positions(of: pair).filter { $0.closed != nil }
      #expect(closed.map(\.cashFlow) == records[pair].trades.map(\.realised))
      #expect(closed.map(\.closed) == records[pair].trades.map(\.exitTime))
    }
    #expect(records.contains { !$0.fills.isEmpty }, "the story is too quiet: SEED=\(seed)")
    let cash = records.flatMap(\.fills).reduce(Money(10_000)) { $0 + $1.cashFlow }
    #expect(try store.reader.account().cash == cash)
  }

  @Test("A store whose making was cut short is made to its end", arguments: [0, 1, 2])
  func cutShort(version: Int) throws {
    let story = try Story(seed: 5, pairs: 2, candles: 5)
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    do {
      let connection = try Connection(path: location.path, mode: .create)
      _ = try Schema.migrator.apply(to: connection, upTo: version, at: .testStart)
    }
    let store = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs)
    #expect(store.run == story.run && store.pairs == story.pairs)
  }

  @Test("A store that is there is opened as it is")
  func opened() throws {
    let story = try Story(seed: 5, pairs: 2, candles: 5)
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    do { _ = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs) }
    var other = story.run
    other.cash = 1
    let store = try Store.openOrCreate(at: location, run: other, pairs: [])
    #expect(store.run == story.run && store.pairs == story.pairs)
  }

  @Test("Begun and left without an event, it begins again with what there is now")
  func begunAgain() throws {
    let story = try Story(seed: 5, pairs: 2, candles: 5)
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    var (run, pairs) = (story.run, story.pairs)
    run.cash = 0
    pairs[1].quoteIncrement = 5
    pairs[1].baseIncrement = 7
    do { _ = try Store.openOrCreate(at: location, run: run, pairs: pairs) }
    let store = try Store.open(at: location)
    #expect(store.run == run && store.pairs == pairs)
    try store.beginAgain(with: story.run.cash, story.pairs)
    #expect(store.run == story.run && store.pairs == story.pairs)
    #expect(try store.reader.account().cash == story.run.cash)
    #expect(try store.reader.run() == story.run && store.reader.pairs() == story.pairs)
  }

  @Test("Played again from its start, a run meets its own record")
  func replaying() throws {
    let story = try Story(seed: 5, pairs: 2, candles: 200)
    let folder = try TemporaryFolder()
    let location = Store.Location(path: folder.file("run.db"), synchronous: .off)
    let half = story.chapters.count / 2
    do {
      let store = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs)
      let writer = try StoreWriter(store, rhythm: .whenAsked, replaying: false)
      for chapter in story.chapters[..<half] {
        try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
      }
      try writer.commit()
    }
    let store = try Store.open(at: location)
    let writer = try StoreWriter(store, rhythm: .whenAsked, replaying: true)
    for chapter in story.chapters {
      try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
    }
    try writer.finish(at: .testStart)
    #expect(try store.reader.lastEvent() == Int64(story.chapters.count))
    let again = try StoreWriter(store, rhythm: .whenAsked, replaying: true)
    var chapter = story.chapters[0]
    chapter.event = .clock(.testStart)
    let error = #expect(throws: StoreError.self) {
      try again.record(chapter.event, chapter.outbox, of: chapter.pair)
    }
    #expect(error?.description.contains("event 1 was recorded as '") == true)
    let short = try StoreWriter(store, rhythm: .whenAsked, replaying: true)
    let unplayed = #expect(throws: StoreError.self) { try short.finish(at: .testStart) }
    #expect(unplayed?.description.contains("the record goes on with event 1") == true)
  }
}
