import Execution
import Market
import Simulator
import TestKit
import Testing

@testable import Persistence

@Suite("What an operator reads")
struct OperatorReadingTests {
  /// A store with the first part of a story, and its writer.
  private func written(
    _ story: Story, _ count: Int, at path: String
  ) throws -> (store: Store, writer: StoreWriter) {
    let store = try Store.openOrCreate(
      at: Store.Location(path: path, synchronous: .off), run: story.run, pairs: story.pairs)
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    for chapter in story.chapters[..<count] {
      try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
    }
    try writer.commit()
    return (store, writer)
  }

  @Test(
    "Cash and what is held are the starting cash and all that was won", arguments: Seeds.few)
  func balances(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let story = try Story(seed: seed, pairs: 3, candles: 250)
    let count = Int.random(in: 0...story.chapters.count, using: &random)
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let writing = try written(story, count, at: path)
    let state = story.state(after: count)
    try Store.look(at: Store.Location(path: path)) { store in
      let open = try store.positions(.open)
      let closed = try store.positions(.over)
      let working = try store.orders(.open)
      let standing = try store.standing(open, working)
      let won = (open.compactMap(\.unrealised) + closed.compactMap(\.realised)).reduce(.zero, +)
      #expect(standing.equity == story.run.cash + won, "SEED=\(seed)")
      #expect(standing.cash == state.portfolio.account.cash, "SEED=\(seed)")
      #expect(open.count + closed.count == (try store.positions(.either)).count)
      #expect(working.count + (try store.orders(.over)).count == (try store.orders(.either)).count)
      for (pair, engine) in state.engines.enumerated() {
        #expect(standing.held[pair] == engine.position.quantity, "SEED=\(seed)")
        let row = open.first { $0.pair == pair }?.row
        #expect((row != nil) == engine.position.isOpen)
      }
      // A simulated exchange answers at once: nothing is bare, whatever way it is added up.
      let all = open + closed
      for (position, coverage) in zip(all, try store.coverage(of: all)) {
        let record = try store.record(ofPosition: position.row.number, of: position.pair)
        #expect(record.coverage == coverage)
        #expect(record.coverage.bare.nanoseconds == 0)
        #expect(record.fills.last?.held == position.row.held)
        #expect(record.steps.count == position.row.ratchets + 1)
        #expect(record.steps.map(\.to) == record.steps.map(\.to).sorted())
        #expect(record.orders.first?.role == .entry)
      }
    }
    withExtendedLifetime(writing) {}
  }

  @Test func `filters choose pair, time and the latest few`() throws {
    let story = try Story(seed: 3, pairs: 3, candles: 250)
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    _ = try written(story, story.chapters.count, at: path)
    try Store.look(at: Store.Location(path: path)) { store in
      let all = try store.orders(.either)
      try #require(all.count > 20)
      let times = all.map(\.row.order.submitted)
      #expect(times == times.sorted())
      let middle = times[times.count / 2]
      #expect(
        try store.orders(.either, Selection(since: middle))
          == all.filter { $0.row.order.submitted >= middle })
      #expect(
        try store.orders(.either, Selection(until: middle))
          == all.filter { $0.row.order.submitted < middle })
      #expect(try store.orders(.either, Selection(pair: 1)) == all.filter { $0.pair == 1 })
      #expect(try store.orders(.either, Selection(limit: 5)) == Array(all.suffix(5)))
      let closed = try store.positions(.over)
      try #require(closed.count > 3)
      let ends = closed.compactMap(\.row.closed)
      #expect(ends == ends.sorted())
      #expect(
        try store.positions(.over, Selection(since: ends[1], until: ends[3]))
          == closed.filter { $0.row.closed.map { $0 >= ends[1] && $0 < ends[3] } ?? false })
      // Held at some time in it: opened before its end, not closed before its begin.
      #expect(
        try store.positions(.either, Selection(since: ends[1], until: ends[3]))
          == (try store.positions(.either)).filter { position in
            position.row.opened < ends[3] && (position.row.closed.map { $0 >= ends[1] } ?? true)
          })
    }
  }

  @Test func `a look sees one moment, however much is written meanwhile`() throws {
    let story = try Story(seed: 5, pairs: 2, candles: 250)
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    let half = story.chapters.count / 2
    let (_, writer) = try written(story, half, at: path)
    try Store.look(at: Store.Location(path: path)) { store in
      let before = try store.orders(.either)
      let account = try store.reader.account()
      for chapter in story.chapters[half...] {
        try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
      }
      try writer.commit()
      #expect(try store.orders(.either) == before)
      #expect(try store.reader.account() == account)
    }
    try Store.look(at: Store.Location(path: path)) { store in
      let (orders, last) = (try store.orders(.either), try store.reader.lastEvent())
      #expect(orders.count > story.pairs.count)
      #expect(last > Int64(half))
    }
  }

  @Test func `a day whose loss has refused an entry says so`() throws {
    let store = try StoryStore.sound.get().copy()
    let day = try #require(try Store.read(at: store.location).day())
    #expect(!day.hasRefusal)
    let close = day.begin + store.story.pairs[0].interval
    // What closes as the day begins is of the day before.
    for (rule, time, isOfDay) in [
      ("max_positions", close, false), ("daily_loss_limit_pct", day.begin, false),
      ("daily_loss_limit_pct", close, true),
    ] {
      try store.tamper(
        """
        INSERT INTO signals (pair, time, outcome, rule, value, rule_limit)
        VALUES (1, \(time.nanoseconds), 'risk', '\(rule)', '9', '10')
        """)
      #expect(try Store.read(at: store.location).day()?.hasRefusal == isOfDay, "\(rule)")
    }
  }

  @Test func `the daily figures are those of the curve`() throws {
    let story = try Story(seed: 7, pairs: 1, candles: 400)
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    _ = try written(story, story.chapters.count, at: path)
    try Store.look(at: Store.Location(path: path)) { store in
      var points: [(time: Timestamp, equity: Money)] = []
      try store.connection.prepare("SELECT time, equity FROM equity ORDER BY time").forEachRow {
        points.append((try $0.value(at: 0), try $0.value(at: 1)))
      }
      let interval = story.pairs[0].interval.nanoseconds
      let last = try #require(points.last)
      let day = Timestamp(nanoseconds: last.time.nanoseconds - interval).day
      let today = points.filter {
        Timestamp(nanoseconds: $0.time.nanoseconds - interval).day == day
      }
      let found = try #require(try store.day())
      #expect(found.begin == Timestamp(seconds: day * 86_400))
      #expect(found.first == today.first?.equity)
      #expect(found.least == today.map(\.equity).min())
      #expect(found.latest == last.equity)
    }
  }
}
