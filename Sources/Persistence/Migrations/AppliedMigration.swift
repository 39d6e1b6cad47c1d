package import Market

/// A step that a database says was applied to it.
package struct AppliedMigration: Hashable, Sendable {
  /// Its version.
  package var version: Int
  /// Its name.
  package var name: String
  /// Its checksum then.
  package var checksum: String
  /// When.
  package var appliedAt: Timestamp

  /// The table that says so.
  static let table = """
    CREATE TABLE migrations (
      version INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      checksum TEXT NOT NULL,
      applied_at INTEGER NOT NULL
    )
    """

  /// Reads what a database says of itself, and sees that it is a list without gaps.
  ///
  /// - Throws: `MigrationError` where the tables are somebody else's or the list is not sound.
  static func list(of connection: Connection) throws -> [AppliedMigration] {
    func count(_ condition: String) throws -> Int {
      try connection.integer("SELECT count(*) FROM sqlite_master WHERE \(condition)")
    }
    func failure(_ problem: MigrationError.Problem) -> MigrationError {
      MigrationError(path: connection.path, problem: problem)
    }
    let version = try connection.integer("PRAGMA user_version")
    guard try count("type = 'table' AND name = 'migrations'") == 1 else {
      if version == 0, try count("name NOT LIKE 'sqlite_%'") == 0 { return [] }
      throw failure(.foreign)
    }
    var applied: [AppliedMigration] = []
    let select: Statement
    do {
      select = try connection.prepare(
        "SELECT version, name, checksum, applied_at FROM migrations ORDER BY version")
    } catch {
      // A table of that name with other columns.
      throw error.problem == .other ? failure(.foreign) as any Error : error
    }
    try select.forEachRow { row in
      applied.append(
        AppliedMigration(
          version: try row.value(at: 0), name: try row.value(at: 1), checksum: try row.value(at: 2),
          appliedAt: try row.value(at: 3)))
    }
    guard zip(applied, 1...).allSatisfy({ $0.version == $1 }) else {
      throw failure(.inconsistent("versions \(applied.prefix(20).map(\.version)) have a gap"))
    }
    guard version == applied.count else {
      throw failure(
        .inconsistent("\(applied.count) are listed, but the file says version \(version)"))
    }
    return applied
  }
}
