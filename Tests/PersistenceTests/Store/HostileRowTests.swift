import Execution
import Market
import Simulator
import Strategy
import TestKit
import Testing

@testable import Persistence

/// What stands in a database may be of anybody's making: readers answer with an error, never a crash.
@Suite("Hostile rows")
struct HostileRowTests {
  private static let tables = [
    "run", "starts", "pairs", "account", "events", "orders", "fills", "positions", "ratchets",
    "signals", "anomalies", "equity", "snapshots", "requests",
  ]

  /// Everything that opens or reads a store; each may throw what says what to do.
  private func readAll(_ store: StoryStore, seed: UInt64) throws {
    let attempts: [(String, () throws -> Void)] = [
      ("check", { _ = try store.defects() }),
      ("audit", { _ = try Store.read(at: store.location).audit(ConfluenceStrategy.self) }),
      (
        "recover",
        { _ = try Store.read(at: store.location).recover(from: store.story.beginning) }
      ),
      ("go on", { try self.goOn(store) }),
      ("play again", { try self.playAgain(store) }),
      ("look", { try self.look(store) }),
      ("desk", { _ = try RequestDesk(at: store.location).unanswered() }),
    ]
    for (name, attempt) in attempts {
      do { try attempt() } catch is LookupError {
      } catch is MigrationError {
      } catch let error as SQLiteError {
        #expect(
          error.description.contains(". ") || error.problem == .constraint, "\(name): \(error)")
        #expect(error.problem != .other, "\(name), SEED=\(seed): \(error)")
      } catch let error as StoreError {
        #expect(error.description.contains(". "), "\(name): \(error)")
      }
    }
  }

  /// A writer that goes on with other events where the store ends.
  private func goOn(_ store: StoryStore) throws {
    let opened = try Store.open(at: store.location)
    let writer = try StoreWriter(opened, rhythm: .eachChange, replaying: false)
    let desk = try OperatorDesk(opened, writer)
    for _ in 0..<4 {
      guard let step = try desk.next(at: max(.testStart, writer.lastTime)) else { break }
      var state = store.story.state(after: 20)
      var outbox = Outbox()
      for (pair, event) in step.events {
        outbox.clear()
        state.handle(event, of: pair, into: &outbox)
        try writer.record(event, outbox, of: pair)
      }
      try desk.answer(step)
    }
    for chapter in store.story.chapters.suffix(40) {
      try writer.record(chapter.event, chapter.outbox, of: chapter.pair)
    }
    try writer.commit()
  }

  /// A run that is played again from its start, and takes from the record what an operator did.
  private func playAgain(_ store: StoryStore) throws {
    let opened = try Store.open(at: store.location)
    let writer = try StoreWriter(opened, rhythm: .eachChange, replaying: true)
    let desk = try OperatorDesk(opened, writer)
    var state = store.story.beginning
    var outbox = Outbox()
    for chapter in store.story.chapters {
      if let step = try desk.next(at: .testStart) {
        for (pair, event) in step.events {
          outbox.clear()
          state.handle(event, of: pair, into: &outbox)
          try writer.record(event, outbox, of: pair)
        }
      }
      outbox.clear()
      state.handle(chapter.event, of: chapter.pair, into: &outbox)
      try writer.record(chapter.event, outbox, of: chapter.pair)
    }
  }

  private func look(_ store: StoryStore) throws {
    let opened = try Store.read(at: store.location)
    for pair in opened.pairs.indices {
      _ = try opened.reader.orders(of: pair)
      _ = try opened.reader.positions(of: pair)
    }
    _ = try opened.reader.account()
    _ = try opened.reader.order(named: "1", among: opened.pairs)
    _ = try opened.reader.position(named: "P0", among: opened.pairs)
  }

  /// SQL literals of what no column of ours holds, and of what some do.
  private func literal(_ random: inout SplitMix64) -> String {
    let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
      let byte = Int.random(in: 0...255, using: &random)
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "NULL"
    case 1: return "x'\(bytes)'"
    case 2: return "CAST(x'\(bytes)' AS TEXT)"
    case 3: return "\(Int64.random(in: .min ... .max, using: &random))"
    case 4:
      return ["-9223372036854775808", "9223372036854775807", "0", "-1", "1"]
        .randomElement(using: &random) ?? "0"
    case 5: return "'\(Int64.random(in: .min ... .max, using: &random))'"
    case 6:
      return [
        "'170141183460469231731'", "'-170141183460469231731'", "'1e29'",
        "'1701411834604692317316873037158'", "'0.00000001'", "'1e18'",
      ]
      .randomElement(using: &random) ?? "'0'"
    case 7:
      return [
        "'filled'", "'open'", "'sell'", "'buy'", "'stop'", "'entry'", "'pending'", "''",
        "'changes'", "'live'", "'force_exit'", "'waiting'",
      ]
      .randomElement(using: &random) ?? "''"
    case 8: return "1e300"
    case 9: return "\(Int64.random(in: 0...20, using: &random))"
    case 10:
      return [
        "4000000000000000000", "7258118400000000000", "9000000000000000000", "1700000000000000000",
      ].randomElement(using: &random) ?? "0"
    default: return "'\(Int.random(in: 0...1000, using: &random))'"
    }
  }

  @Test("In any cell are an error", arguments: Seeds.few)
  func cells(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 7919)
    let store = try StoryStore(seed: seed, candles: 120)
    try store.tamper(
      """
      INSERT INTO requests (made, kind, pair, number, price) VALUES
        (0, 'force_exit', 0, 1, 100000000), (0, 'cancel_order', 0, 1, NULL), (0, 'halt', NULL, NULL,
        NULL), (0, 'resume', 1, NULL, NULL), (0, 'breaker_reset', NULL, NULL, NULL)
      """)
    // Without the rules that only our own writer is bound to.
    try store.tamper(
      """
      PRAGMA writable_schema=ON;
      UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')
        WHERE type = 'table' AND name <> 'migrations';
      PRAGMA writable_schema=OFF
      """)
    let sound = try store.folder.bytes("run.db")
    #expect(try store.defects() == [])
    for _ in 0..<25 {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let table = Self.tables.randomElement(using: &random) ?? "run"
        var columns: [String] = []
        var rows = 0
        do {
          let connection = try Connection(path: store.path, mode: .readOnly)
          try connection.prepare("SELECT name FROM pragma_table_info(?)").forEachRow(table) { row in
            columns.append(try row.value(at: 0))
          }
          rows = try connection.integer("SELECT count(*) FROM \(table)")
        }
        guard rows > 0, let column = columns.randomElement(using: &random) else { continue }
        let key = columns.first == "pair" && columns.count > 8 ? "pair, number" : columns[0]
        let offset = Int.random(in: 0..<rows, using: &random)
        let value = literal(&random)
        // A table may refuse a value for a key; then the store stays as it is.
        _ = try? store.tamper(
          """
          UPDATE OR IGNORE \(table) SET \(column) = \(value)
          WHERE (\(key)) = (SELECT \(key) FROM \(table) LIMIT 1 OFFSET \(offset))
          """)
      }
      try readAll(store, seed: seed)
      try store.folder.write(sound, to: "run.db")
    }
  }

  /// Lines that are words of ours with figures of somebody else's.
  private func line(_ random: inout SplitMix64) -> String {
    func pick(_ words: String...) -> String { words.randomElement(using: &random) ?? "" }
    func price() -> String {
      pick("90000000000", "92233720368.54775807", "0.00000001", "20", "-1", "0", "45000000000")
    }
    func quantity() -> String {
      pick(
        "10000000000000", "0.00000001", "1", "1e29", "1701411834604692317316873037158", "-5", "0")
    }
    func time() -> String {
      pick(
        "9223372036854775807", "-9223372036854775808", "0", "1759708800000000000",
        "7258118400000000000")
    }
    func order() -> String { "\(Int.random(in: 0...30, using: &random))" }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return "trade \(price())"
    case 1: return "candle \(time()) \(price()) \(price()) \(price()) \(price()) \(quantity())"
    case 2:
      let same = price()
      return "candle 1759708800000000000 \(same) \(same) \(same) \(same) \(quantity())"
    case 3, 4:
      let fee = pick("0", "170141183460469231731", "-170141183460469231731", "1e18", "-1e18")
      return "report \(order()) filled \(order()) \(pick("buy", "sell")) \(price()) \(quantity()) "
        + "\(fee) \(pick("maker", "taker"))" + pick("", " " + time())
    case 5:
      return "report \(order()) "
        + pick(
          "accepted", "rejected post_only", "cancelled", "cancel_refused", "expired", "unanswered")
    case 6: return "force_exit \(price())"
    default:
      return pick(
        "liquidate", "decide", "halt", "resume", "clock", "cancel_entry breaker",
        "cancel_entry expiry", "reset_breaker",
        "enter \(price()) 0.001 \(pick("1", "3", "9223372036854775807", "0")) may_take",
        "enter \(price()) 0.999999999999999999 2 post_only")
    }
  }

  @Test("In the record are an error before an engine sees them", arguments: Seeds.few)
  func events(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 104_729)
    let store = try StoryStore(seed: seed, candles: 120)
    let sound = try store.folder.bytes("run.db")
    let last = try Store.read(at: store.location).reader.lastEvent()
    for _ in 0..<25 {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let seq = Int64.random(in: 1...last, using: &random)
        let body = line(&random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: try store.tamper("UPDATE OR IGNORE events SET seq = -seq WHERE seq = \(seq)")
        case 1:
          try store.tamper("UPDATE OR IGNORE events SET seq = \(last) + \(seq) WHERE seq = \(seq)")
        case 2, 3:
          let time =
            ["9223372036854775807", "-9223372036854775808", "7258118399000000000"].randomElement(
              using: &random) ?? "0"
          try store.tamper("UPDATE events SET time = \(time) WHERE seq = \(seq)")
        case 4:
          try store.tamper(
            "UPDATE events SET pair = \(Int64.random(in: -3...3, using: &random)) WHERE seq = \(seq)"
          )
        default:
          try store.tamper("UPDATE events SET body = '\(body)', commands = NULL WHERE seq = \(seq)")
        }
      }
      try readAll(store, seed: seed)
      try store.folder.write(sound, to: "run.db")
    }
  }

  static let refusals = [
    ("trade 93000000000", "has '93000000000' where a price should stand"),
    ("trade -1", "has a price of -1, which is not above 0"),
    (
      "report 1 filled 1 buy 90000000000 10000000000000 0 maker",
      "is worth more than can be counted"
    ),
    ("report 1 filled 1 buy 1 1 170141183460469231731 maker", "is worth more than can be counted"),
    (
      "report 1 filled 1 buy 1 1 0 maker 9223372036854775807", "a time is at 2262-04-11T23:47:16.85"
    ),
    ("candle 7 1 1 1 1 1", "is no candle: its start"),
    ("candle 1759708800000000000 1 2 3 4 5", "is no candle: its low 3 is above its open or close"),
    (
      "candle 1759708800000000000 1 1 1 1 -5",
      "is no candle: its volume -5 is negative"
    ),
    ("force_exit 0", "has a price of 0, which is not above 0"),
  ]

  @Test("A line that would overflow says so", arguments: refusals)
  func refused(_ body: String, _ message: String) throws {
    let store = try StoryStore.sound.get().copy()
    try store.tamper("UPDATE events SET body = '\(body)', commands = NULL WHERE seq = 3")
    let error = try #require(throws: StoreError.self) {
      _ = try Store.read(at: store.location).audit(ConfluenceStrategy.self)
    }
    #expect(error.description.hasPrefix("\(store.path): event 3 of the record cannot be read: '"))
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.contains("Run `runner db check --db \(store.path)`"))
  }

  @Test("An event that is missing is named")
  func missing() throws {
    let store = try StoryStore.sound.get().copy()
    try store.tamper("DELETE FROM events WHERE seq = 4")
    let error = try #require(throws: StoreError.self) {
      _ = try Store.read(at: store.location).audit(ConfluenceStrategy.self)
    }
    #expect(error.problem == .badEvent(5, "event 4 before it is missing"))
  }

  @Test("What is held at its close must be countable")
  func worth() throws {
    let store = try StoryStore.sound.get().copy()
    try store.tamper("UPDATE pairs SET close = 9223372036854775807, close_time = 0")
    try store.tamper("UPDATE positions SET held = '1000000000000', closed = NULL")
    let error = try #require(throws: StoreError.self) {
      let opened = try Store.open(at: store.location)
      _ = try StoreWriter(opened, rhythm: .eachChange, replaying: false)
    }
    #expect(
      error.description.contains("positions: the 1000000000000 held of P0-USD, at the close of"))
  }
}
