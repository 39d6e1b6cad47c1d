import Market
import Testing

@testable import Persistence

@Suite("Checking a database")
struct DatabaseCheckTests {
  private static let migrator = Migrator([
    Migration(
      version: 1, name: "notes",
      up: "CREATE TABLE a (b INTEGER PRIMARY KEY); CREATE TABLE c (d INTEGER REFERENCES a)",
      down: "DROP TABLE c; DROP TABLE a")
  ])

  private func make() throws -> Connection {
    let connection = try Connection.inMemory()
    _ = try Self.migrator.apply(to: connection, at: Timestamp(seconds: 1))
    return connection
  }

  @Test func `a sound one is sound in every respect`() throws {
    #expect(
      try DatabaseCheck.all(of: make(), Self.migrator) == [
        DatabaseCheck("integrity", defects: []), DatabaseCheck("foreign keys", defects: []),
        DatabaseCheck("migrations", defects: []),
      ])
  }

  @Test func `references and migrations are looked at`() throws {
    let connection = try make()
    try connection.execute("PRAGMA foreign_keys=OFF; INSERT INTO c VALUES (3), (4), (5)")
    try connection.execute("UPDATE migrations SET checksum = 'other'")
    let checks = try DatabaseCheck.all(of: connection, Self.migrator, limit: 2)
    #expect(checks[1].defects.count == 2)
    #expect(checks[1].defects[0] == "c, row 1: names a row of a that is not there")
    #expect(checks[2].defects.count == 1)
    #expect(checks[2].defects[0].contains("migration 1 (notes) is not the one that was applied"))
  }
}
