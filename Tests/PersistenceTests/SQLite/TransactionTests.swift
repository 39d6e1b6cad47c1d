import Testing

@testable import Persistence

@Suite("Transactions")
struct TransactionTests {
  private struct Stop: Error {}

  private func make() throws -> Connection {
    let connection = try Connection.inMemory()
    try connection.execute(
      """
      CREATE TABLE orders (id INTEGER PRIMARY KEY);
      CREATE TABLE fills (order_id INTEGER REFERENCES orders DEFERRABLE INITIALLY DEFERRED)
      """)
    return connection
  }

  @Test func `what it throws takes back what it wrote`() throws {
    let connection = try make()
    try connection.execute("INSERT INTO orders VALUES (1)")
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("INSERT INTO orders VALUES (2)")
        throw Stop()
      }
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.single("SELECT count(*) FROM orders") == 1)
  }

  @Test func `a commit that fails takes everything back`() throws {
    let connection = try make()
    let error = try sqliteError {
      try connection.transaction { try connection.execute("INSERT INTO fills VALUES (7)") }
    }
    #expect(error.problem == .constraint)
    #expect(error.message == "FOREIGN KEY constraint failed")
    #expect(!connection.isInTransaction)
    #expect(try connection.single("SELECT count(*) FROM fills") == 0)
  }

  @Test func `it gives what its body gives`() throws {
    let connection = try make()
    let id = try connection.transaction {
      #expect(connection.isInTransaction)
      try connection.execute("INSERT INTO orders VALUES (5)")
      return connection.lastInsertRowID
    }
    #expect(id == 5)
  }

  @Test func `there is none within another`() async {
    await #expect(processExitsWith: .failure) {
      let connection = try Connection.inMemory()
      try connection.transaction { try connection.transaction {} }
    }
  }
}
