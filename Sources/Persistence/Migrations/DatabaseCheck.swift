/// What a database is looked through for.
package struct DatabaseCheck: Hashable, Sendable {
  /// What was looked at, such as `integrity`.
  package var name: String
  /// What is wrong there; nothing in a sound database.
  package var defects: [String]

  package init(_ name: String, defects: [String]) {
    self.name = name
    self.defects = defects
  }

  /// Looks through the file's pages, its references, its list of migrations, and recomputes the
  /// invariants of a run from its rows.
  ///
  /// - Parameters:
  ///   - connection: The database.
  ///   - migrator: What its schema is to be.
  ///   - limit: How many defects of a kind are listed at most.
  /// - Returns: What was looked at; only the pages where these are not sound.
  /// - Throws: `SQLiteError` where the file cannot be looked at.
  package static func all(
    of connection: Connection, _ migrator: Migrator, limit: Int = 100
  ) throws -> [DatabaseCheck] {
    let integrity = try connection.integrityDefects(limit: limit)
    var checks = [DatabaseCheck("integrity", defects: integrity)]
    // Tables are not to be trusted where pages are not.
    guard integrity.isEmpty else { return checks }
    checks.append(
      DatabaseCheck(
        "foreign keys", defects: try connection.danglingRows(limit: limit).map(\.description)))
    do {
      try migrator.requireNewest(in: connection)
      checks.append(DatabaseCheck("migrations", defects: []))
    } catch let error as MigrationError {
      checks.append(DatabaseCheck("migrations", defects: ["\(error)"]))
      return checks
    }
    // The rows mean something only where the tables are those of a run.
    if migrator.migrations == Schema.migrations {
      checks += try StoreCheck.all(of: connection, limit: limit)
    }
    return checks
  }
}
