import Execution
import Market
import TestKit
import Testing

@testable import Persistence

@Suite("Invariants recomputed from rows")
struct StoreCheckTests {
  @Test("Hold wherever a run stops", arguments: Seeds.few)
  func stories(seed: UInt64) throws {
    for end in [Int.max, 1 + Int(seed) * 7, 40 + Int(seed) * 31] {
      let store = try StoryStore(seed: seed, pairs: 1 + Int(seed % 3), until: end)
      #expect(try store.defects() == [], "SEED=\(seed), \(end) events")
    }
  }

  @Test("All are named where they hold")
  func names() throws {
    let store = try StoryStore.sound.get().copy()
    let checks = try DatabaseCheck.all(
      of: Connection(path: store.path, mode: .readOnly), Schema.migrator)
    #expect(
      checks.map(\.name) == [
        "integrity", "foreign keys", "migrations", "record", "I1 triggers", "I2 sells", "I3 exits",
        "I4 fills", "I5 money",
      ])
  }

  @Test("An empty store has no rows to look at")
  func empty() throws {
    let connection = try Connection.inMemory()
    try Schema.create(on: connection)
    #expect(try DatabaseCheck.all(of: connection, Schema.migrator).count == 3)
  }

  /// What is written into a sound store, what is then found, word by word where figures are ours.
  struct Wrong: CustomTestStringConvertible {
    let sql: String
    let findings: [String]
    var testDescription: String { sql }

    init(_ sql: String, _ findings: String...) {
      self.sql = sql
      self.findings = findings
    }
  }

  /// The first position that was ratcheted twice, and the first that was closed.
  private static let ratcheted =
    "(pair, position) = (SELECT pair, position FROM ratchets WHERE ordinal = 2 LIMIT 1)"
  private static let closed = """
    (pair, number) = (SELECT pair, number FROM positions WHERE closed IS NOT NULL
      AND ratchets > 0 ORDER BY pair, number LIMIT 1)
    """
  private static let soldOff = """
    (pair, number) = (SELECT pair, number FROM orders WHERE state = 'filled' AND side = 'sell'
      ORDER BY pair, number LIMIT 1)
    """

  static let wrongs = [
    // I1
    Wrong(
      "UPDATE ratchets SET new_trigger = old_trigger WHERE ordinal = 1 AND \(ratcheted)",
      "it falls", "the one before ended at", "did not move from"),
    Wrong(
      "UPDATE ratchets SET old_trigger = old_trigger - 1000000 WHERE ordinal = 2 AND \(ratcheted)",
      "I1 triggers: ratchets: 2 of position P0-USD-p", "the one before ended at"),
    Wrong(
      "DELETE FROM ratchets WHERE ordinal = 2 AND \(ratcheted)", "was ratcheted",
      "times, ratchets has",
      "ratchets: 3 of position P0-USD-p1 comes after 1", "the one before ended at",
      "to which position P0-USD-p1 did not move from"),
    Wrong(
      "UPDATE positions SET stop_trigger = stop_trigger - 1000000 WHERE \(closed)",
      "I1 triggers: positions: P0-USD-p", "its last stop has"),
    Wrong(
      "UPDATE positions SET ratchets = 77 WHERE \(closed)", "was ratcheted 77 times, ratchets has"),
    Wrong(
      """
      UPDATE orders SET stop_trigger = 1000000 WHERE (pair, number) =
        (SELECT pair, number FROM orders WHERE role = 'stop' AND cancel_reason = 'ratchet' LIMIT 1)
      """, "has the trigger 0.01, to which position P0-USD-p"),
    // I2
    Wrong(
      "UPDATE fills SET held = '77' WHERE \(soldOff)", "I2 sells: fills: ",
      "leaves 77, all before it and it give 0"),
    Wrong(
      "UPDATE orders SET done = done + 86400000000000 WHERE state = 'cancelled' AND role = 'stop' "
        + "AND number = (SELECT min(number) FROM orders WHERE role = 'stop' "
        + "AND state = 'cancelled' AND pair = 0) AND pair = 0",
      "I2 sells: orders: P0-USD-", " was sent at ", " worked until "),
    // I4
    Wrong(
      "UPDATE orders SET filled = '0.00000001' WHERE \(soldOff)",
      "I4 fills: orders: 0.00000001 of P0-USD-", " is filled, its fills give ",
      " counts as filled, with 0.00000001 of "),
    Wrong(
      "UPDATE orders SET state = 'open' WHERE \(soldOff)", "I4 fills: orders: P0-USD-",
      " is open, and ended at "),
    Wrong(
      "UPDATE orders SET done = NULL WHERE \(soldOff)", " is filled, and has no end",
      " worked until now",
      " work, and a pair has one exit order", " of which "),
    // I5
    Wrong(
      "UPDATE account SET cash = '5'",
      "I5 money: account: the cash is 5, the run's 10000 and all fills give "),
    Wrong(
      "UPDATE run SET cash = '9999'", "I5 money: account: the cash is ",
      "the run's 9999 and all fills give ", "I5 money: equity: at "),
    Wrong(
      "UPDATE equity SET equity = '77' WHERE time = (SELECT max(time) FROM equity)",
      "it is 77, cash and positions were worth "),
    Wrong(
      "UPDATE positions SET bought = '77' WHERE \(closed)",
      "I5 money: positions: bought of P0-USD-p",
      "is 77, its fills give "),
    Wrong(
      "UPDATE positions SET entry_notional = '77' WHERE \(closed)",
      "entry_notional of P0-USD-p", "is 77, its fills give "),
    Wrong(
      "UPDATE positions SET exit_notional = '77' WHERE \(closed)", "exit_notional of P0-USD-p"),
    Wrong("UPDATE positions SET fees = '77' WHERE \(closed)", "fees of P0-USD-p"),
    Wrong("UPDATE positions SET entry = 77 WHERE \(closed)", "was opened by order 77"),
    Wrong(
      "UPDATE positions SET opened = 0 WHERE \(closed)",
      "was opened at 1970-01-01T00:00:00Z, its first fill was at "),
    Wrong(
      "UPDATE positions SET closed = 0 WHERE \(closed)",
      "was closed at 1970-01-01T00:00:00Z, its last fill was at "),
    // The record
    Wrong(
      "DELETE FROM events WHERE seq = 5", "record: events: the last is ", "there are "),
    Wrong(
      "UPDATE account SET seq = 3", "record: account: it is that after event 3, the last is "),
    Wrong(
      "UPDATE events SET commands = 'sell it all' WHERE seq = "
        + "(SELECT seq FROM events WHERE commands LIKE 'submit%' LIMIT 1)",
      "record: events: the commands of ", "cannot be read: 'sell it all' begins with 'sell'"),
    Wrong(
      "UPDATE orders SET price = -500000000 WHERE \(soldOff)",
      "record: column 'price' holds the integer -500000000 where a price above 0 belongs"),
  ]

  @Test("What was tampered with is found, with its figures, and nothing else", arguments: wrongs)
  func tampered(_ wrong: Wrong) throws {
    let store = try StoryStore.sound.get().copy()
    try #require(try store.tamper(wrong.sql) == 1)
    let defects = try store.defects()
    try #require(!defects.isEmpty)
    for part in wrong.findings {
      #expect(defects.contains { $0.contains(part) }, "'\(part)' in \(defects)")
    }
    // Each says something of what was expected.
    for defect in defects {
      #expect(wrong.findings.contains { defect.contains($0) }, "not expected: \(defect)")
    }
  }

  /// A story that stands still while a position is open and its exit order rests.
  private static let resting = Result {
    let story = try StoryStore.sound.get().story
    var state = story.beginning
    var outbox = Outbox()
    for (number, chapter) in story.chapters.enumerated() {
      outbox.clear()
      state.handle(chapter.event, of: chapter.pair, into: &outbox)
      let pair = state.engines.firstIndex { engine in
        engine.position.isOpen && engine.position.ratchets > 0 && engine.exit?.state == .open
      }
      if let pair { return (try StoryStore(seed: 3, until: number + 1), pair: pair) }
    }
    throw Missing()
  }

  private struct Missing: Error {}

  private func atRest() throws -> (StoryStore, pair: Int) {
    let (store, pair) = try Self.resting.get()
    return (try store.copy(), pair)
  }

  @Test("An open position without its one exit order is found")
  func uncovered() throws {
    let (store, pair) = try atRest()
    let exit = "pair = \(pair) AND role = 'stop' AND done IS NULL"
    #expect(try store.defects() == [])
    try store.tamper("UPDATE orders SET quantity = '1000000' WHERE \(exit)")
    var defects = try store.defects()
    #expect(defects.count == 2, "\(defects)")
    #expect(
      defects[0].contains("was to sell 1000000, and ")
        && defects[0].hasPrefix("I2 sells: orders: P\(pair)-USD-"))
    #expect(
      defects[1].hasPrefix("I3 exits: positions: P\(pair)-USD-p")
        && defects[1].contains(" is for 1000000, of which 0 is filled"))
    // While an answer is awaited the order may be another.
    try store.tamper("UPDATE orders SET state = 'cancel_pending' WHERE \(exit)")
    #expect(try store.defects().filter { $0.hasPrefix("I3") } == [])
    try store.tamper("UPDATE orders SET state = 'cancelled', done = submitted WHERE \(exit)")
    defects = try store.defects().filter { $0.hasPrefix("I3") }
    #expect(defects.count == 1 && defects[0].contains(", and no exit order works for it"))
  }

  @Test("An exit order of a closed position, and a second one, are found")
  func leftOver() throws {
    let (store, pair) = try atRest()
    try store.tamper(
      """
      UPDATE orders SET done = NULL, state = 'open', cancel_reason = NULL WHERE pair = \(pair)
        AND number = (SELECT max(number) FROM orders WHERE pair = \(pair) AND side = 'sell'
          AND done IS NOT NULL AND filled = '0')
      """)
    var defects = try store.defects()
    #expect(
      defects.contains { $0.hasPrefix("I3") && $0.contains("work, and a pair has one exit order") },
      "\(defects)")
    try store.tamper("UPDATE positions SET closed = opened, held = '0' WHERE closed IS NULL")
    defects = try store.defects().filter { $0.hasPrefix("I3") }
    #expect(defects.contains { $0.contains(", and no position is open") }, "\(defects)")
  }

  @Test("A fill that is there twice under another id is found by its sums")
  func twice() throws {
    let store = try StoryStore.sound.get().copy()
    try store.tamper(
      """
      INSERT INTO fills SELECT pair, number, id + 1000000, seq, position, time, side, price, quantity,
        fee, liquidity, held FROM fills WHERE side = 'buy' ORDER BY pair, number LIMIT 1
      """)
    let defects = try store.defects()
    #expect(
      defects.contains { $0.hasPrefix("I4 fills: orders: ") && $0.contains("its fills give") })
    #expect(defects.contains { $0.hasPrefix("I5 money: account: the cash is ") })
    #expect(defects.contains { $0.hasPrefix("I5 money: positions: bought of ") })
    #expect(throws: SQLiteError.self, "the same id is refused by the table") {
      try store.tamper("INSERT INTO fills SELECT * FROM fills LIMIT 1")
    }
  }

  @Test("Sums of what cannot be counted are findings, not traps")
  func overflow() throws {
    let store = try StoryStore.sound.get().copy()
    try store.tamper("UPDATE fills SET quantity = '100000000000', price = 10000000000000")
    try store.tamper("UPDATE run SET cash = '17000000000000000000'")
    #expect(try store.defects().count > 10)
    try store.tamper("UPDATE fills SET fee = '-17000000000000000000', side = 'sell'")
    #expect(try store.defects().contains { $0.contains("more than can be counted") })
  }
}
