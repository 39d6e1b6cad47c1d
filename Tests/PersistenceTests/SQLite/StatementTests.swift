import Market
import Testing

@testable import Persistence

@Suite("Statements and their values")
struct StatementTests {
  private func make() throws -> Connection { try Connection.inMemory() }

  private func roundTrip<Value: ColumnValue & Equatable>(_ value: Value) throws -> Bool {
    let connection = try make()
    let select = try connection.prepare("SELECT ?")
    return try select.first(value) { row in try row.value(at: 0, as: Value.self) } == value
  }

  @Test func `each kind of value comes back as it was`() throws {
    #expect(try roundTrip(Int64.min))
    #expect(try roundTrip(Int.max))
    #expect(try roundTrip(true))
    #expect(try roundTrip(false))
    for text in ["", "plain", "ü€😀", "null\0inside", "'; DROP TABLE orders; --"] {
      #expect(try roundTrip(text))
    }
    #expect(try roundTrip([UInt8]()))
    #expect(try roundTrip([0, 255, 39] as [UInt8]))
    #expect(try roundTrip(Int64?.none))
    #expect(try roundTrip(Optional("text")))
    #expect(try roundTrip(Price(steps: .max)))
    #expect(try roundTrip(Timestamp(nanoseconds: .min)))
    #expect(try roundTrip(Quantity(steps: .max)))
    #expect(try roundTrip(Money(steps: .min + 1)))
    #expect(try roundTrip(Money?.none))
  }

  @Test func `an empty text is no NULL`() throws {
    let select = try make().prepare("SELECT typeof(?), typeof(?), typeof(?)")
    let types = try select.first("", [UInt8](), String?.none) { row in
      [try row.value(at: 0, as: String.self), try row.value(at: 1), try row.value(at: 2)]
    }
    #expect(types == ["text", "blob", "null"])
  }

  // MARK: - Hostile values

  /// What a column is read as.
  enum Kind: CaseIterable {
    case integer, wholeNumber, perhaps, truth, text, blob, price, time, money, quantity, rate

    func read(_ row: borrowing Statement) throws {
      switch self {
      case .integer: _ = try row.value(at: 0, as: Int64.self)
      case .wholeNumber: _ = try row.value(at: 0, as: Int.self)
      case .perhaps: _ = try row.value(at: 0, as: Int?.self)
      case .truth: _ = try row.value(at: 0, as: Bool.self)
      case .text: _ = try row.value(at: 0, as: String.self)
      case .blob: _ = try row.value(at: 0, as: [UInt8].self)
      case .price: _ = try row.value(at: 0, as: Price.self)
      case .time: _ = try row.value(at: 0, as: Timestamp.self)
      case .money: _ = try row.value(at: 0, as: Money.self)
      case .quantity: _ = try row.value(at: 0, as: Quantity.self)
      case .rate: _ = try row.value(at: 0, as: Rate.self)
      }
    }
  }

  static let hostile: [(String, Kind, String)] = [
    ("'12'", .integer, "the text '12' where an integer"),
    ("1.5", .integer, "a floating-point number where an integer"),
    ("NULL", .wholeNumber, "NULL where an integer belongs"),
    ("x'00ff'", .perhaps, "a blob of 2 bytes where an integer"),
    ("2", .truth, "the integer 2 where 0 or 1 belongs"),
    ("7", .text, "the integer 7 where a text belongs"),
    ("CAST(x'ff41' AS TEXT)", .text, "a text in UTF-8"),
    ("'a'", .blob, "the text 'a' where a blob belongs"),
    ("'1'", .price, "a price in steps of 1e-8 belongs"),
    ("1e3", .time, "a time in nanoseconds belongs"),
    ("0.1", .money, "floating-point number where a decimal amount"),
    ("1", .quantity, "the integer 1 where a decimal quantity"),
    ("''", .money, "the text '' where a decimal amount"),
    ("'1,5'", .money, "the text '1,5' where a decimal amount"),
    ("'nan'", .rate, "the text 'nan' where a decimal"),
    ("'0.123456789'", .quantity, "where a decimal quantity"),
    ("'1e40'", .money, "the text '1e40' where"),
    ("'a' || char(10) || char(0) || hex(zeroblob(1000))", .money, "the text 'a··000000"),
  ]

  @Test("What does not belong in a column is an error that names it", arguments: hostile)
  func hostileValue(_ sql: String, _ kind: Kind, _ message: String) throws {
    let error = try sqliteError {
      try make().prepare("SELECT \(sql) AS worth").forEachRow { row in try kind.read(row) }
    }
    #expect(error.problem == .unexpectedValue)
    #expect(error.description.contains("column 'worth' holds"))
    #expect(error.description.contains(message), "\(error)")
    #expect(error.description.contains("runner db check"))
  }

  @Test func `a column that is not there holds NULL`() throws {
    let select = try make().prepare("SELECT 1")
    let error = try sqliteError { try select.forEachRow { _ = try $0.value(at: 7, as: Int.self) } }
    #expect(error.message == "column '7' holds NULL where an integer belongs")
  }

  // MARK: - Again and again

  @Test func `it can be executed again after each way it may end`() throws {
    struct Stop: Error {}
    let connection = try make()
    try connection.execute("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (1), (2), (3)")
    let select = try connection.prepare("SELECT i FROM n WHERE i >= ? ORDER BY i")
    var found: [Int] = []
    try select.forEachRow(2) { row in found.append(try row.value(at: 0)) }
    #expect(found == [2, 3])
    #expect(throws: Stop.self) { try select.forEachRow(1) { _ in throw Stop() } }
    #expect(try select.first(3) { row in try row.value(at: 0, as: Int.self) } == 3)
    #expect(try select.first(4) { row in try row.value(at: 0, as: Int.self) } == nil)
    // No cursor is open: a table under one cannot be dropped.
    try connection.execute("DROP TABLE n")
    #expect(try sqliteError { try select.run(1) }.message == "no such table: n")
  }

  @Test func `too few values, too many, and two statements in one are our own mistakes`() async {
    await #expect(processExitsWith: .failure) {
      try Connection.inMemory().prepare("SELECT ?, ?").run(1)
    }
    await #expect(processExitsWith: .failure) {
      try Connection.inMemory().prepare("SELECT 1").run(1)
    }
    await #expect(processExitsWith: .failure) {
      _ = try Connection.inMemory().prepare("SELECT 1; SELECT 2")
    }
    await #expect(processExitsWith: .failure) { _ = try Connection.inMemory().prepare(" ") }
  }
}
