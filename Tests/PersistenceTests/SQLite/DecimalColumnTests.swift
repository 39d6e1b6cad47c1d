import Market
import Simulator
import TestKit
import Testing

@testable import Persistence

@Suite("Money in columns")
struct DecimalColumnTests {
  private func text(_ value: some ColumnValue, _ connection: Connection) throws -> String? {
    try connection.prepare("SELECT ?").first(value) { row in try row.value(at: 0) }
  }

  @Test("The text is the exact decimal, and reads back", arguments: Seeds.ofThisRun)
  func exact(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let connection = try Connection.inMemory()
    let select = try connection.prepare("SELECT ?, ?, ?")
    for _ in 0..<200 {
      // Of any length: few digits as often as many, and often zeros at the end.
      let bits = Int128.random(in: (.min + 1)...(.max), using: &random)
      let steps = (bits >> Int.random(in: 0...126, using: &random)) / 1000 * 1000
      let (money, quantity) = (Money(steps: steps), Quantity(steps: bits >> 3))
      let rate = Rate(steps: Rate.Steps(truncatingIfNeeded: steps >> 70))
      #expect(try text(money, connection) == money.description, "SEED=\(seed)")
      #expect(try text(quantity, connection) == quantity.description, "SEED=\(seed)")
      #expect(try text(rate, connection) == rate.description, "SEED=\(seed)")
      let same = try select.first(money, quantity, rate) { row in
        try row.value(at: 0) == money && row.value(at: 1) == quantity && row.value(at: 2) == rate
      }
      #expect(same == true, "SEED=\(seed)")
    }
  }

  @Test(
    "At the ends", arguments: [0, 1, -1, 10, .max, .min + 1, 1_000_000_000_000_000_000] as [Int128])
  func ends(steps: Int128) throws {
    let connection = try Connection.inMemory()
    #expect(try text(Money(steps: steps), connection) == Money(steps: steps).description)
    #expect(try text(Quantity(steps: steps), connection) == Quantity(steps: steps).description)
  }

  @Test func `a TEXT column keeps the text, and a price stays an integer`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE t (money TEXT, price INTEGER)")
    try connection.prepare("INSERT INTO t VALUES (?, ?)").run(
      try Money("1234.50"), try Price("1234.50"))
    #expect(try connection.single("SELECT typeof(money) || money FROM t") == "text1234.5")
    #expect(try connection.single("SELECT price FROM t") == 123_450_000_000)
  }
}
