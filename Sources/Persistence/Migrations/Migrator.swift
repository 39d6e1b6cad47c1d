package import Market

/// Takes a database from one version of its schema to another, a transaction a step.
package struct Migrator: Sendable {
  /// All steps there are, version 1 first.
  package let migrations: [Migration]

  /// A migrator of these steps, numbered from 1 without a gap.
  package init(_ migrations: [Migration]) {
    for (index, migration) in migrations.enumerated() {
      precondition(
        migration.version == index + 1, "migration \(migration.version) at place \(index + 1)")
    }
    self.migrations = migrations
  }

  /// The newest version.
  package var newest: Int { migrations.count }

  /// The steps that were applied to a database, which are all known and unchanged.
  ///
  /// - Throws: `MigrationError` where the schema is newer, somebody else's, or changed.
  package func applied(to connection: Connection) throws -> [AppliedMigration] {
    let applied = try AppliedMigration.list(of: connection)
    guard applied.count <= newest else {
      throw MigrationError(
        path: connection.path, problem: .newer(found: applied.count, newest: newest))
    }
    for (own, other) in zip(migrations, applied) where own.checksum != other.checksum {
      throw MigrationError(
        path: connection.path, problem: .changed(version: own.version, name: own.name))
    }
    return applied
  }

  /// Sees to it that a database has the newest schema.
  ///
  /// - Throws: `MigrationError` with the command that makes it so.
  package func requireNewest(in connection: Connection) throws {
    let found = try applied(to: connection).count
    guard found < newest else { return }
    throw MigrationError(
      path: connection.path,
      problem: found == 0 ? .empty : .older(found: found, newest: newest))
  }

  /// The steps from a version on, up to another; a dry run stops here.
  ///
  /// - Throws: `MigrationError` where there is no such way.
  package func steps(
    from version: Int, upTo target: Int? = nil, path: String
  ) throws(MigrationError) -> [Migration] {
    let target = target ?? newest
    guard version...newest ~= target else {
      throw MigrationError(
        path: path, problem: .noSuchVersion(target, from: version, newest: newest))
    }
    return Array(migrations[version..<target])
  }

  /// Applies what is missing.
  ///
  /// - Parameters:
  ///   - connection: The database, for writing; whoever calls holds the writer's lock.
  ///   - target: The last version to apply; the newest if not given.
  ///   - time: When, for the record.
  /// - Returns: The steps that were applied. Each is kept, also where a later one fails.
  /// - Throws: `MigrationError` where the schema is not what it should be or a step fails.
  package func apply(
    to connection: Connection, upTo target: Int? = nil, at time: Timestamp
  ) throws -> [Migration] {
    let version = try applied(to: connection).count
    let steps = try steps(from: version, upTo: target, path: connection.path)
    for step in steps {
      try perform(step, isUp: true, on: connection) {
        if step.version == 1 { try connection.execute(AppliedMigration.table) }
        try connection.prepare("INSERT INTO migrations VALUES (?, ?, ?, ?)")
          .run(step.version, step.name, step.checksum, time)
      }
    }
    return steps
  }

  /// Takes back the last step that was applied.
  ///
  /// - Returns: It; `nil` where there was none.
  package func rollBackLast(_ connection: Connection) throws -> Migration? {
    guard let last = try applied(to: connection).last else { return nil }
    let step = migrations[last.version - 1]
    try perform(step, isUp: false, on: connection) {
      try connection.prepare("DELETE FROM migrations WHERE version = ?").run(step.version)
      if step.version == 1 { try connection.execute("DROP TABLE migrations") }
    }
    return step
  }

  /// One step, wholly or not at all.
  ///
  /// References are checked at its end and not on the way, because a table that is made anew is
  /// dropped first; SQLite takes the setting outside of transactions only.
  private func perform(
    _ step: Migration, isUp: Bool, on connection: Connection, record: () throws -> Void
  ) throws {
    do {
      try connection.execute("PRAGMA foreign_keys=OFF")
      try connection.transaction {
        try connection.execute(isUp ? step.up : step.down)
        precondition(connection.isInTransaction, "migration \(step.version) ends the transaction")
        if let row = try connection.danglingRows(limit: 1).first {
          throw SQLiteError(path: connection.path, problem: .constraint, message: "\(row)")
        }
        try record()
        try connection.execute("PRAGMA user_version=\(isUp ? step.version : step.version - 1)")
      }
    } catch {
      // Whatever comes of it, the error above is the news.
      try? connection.execute("PRAGMA foreign_keys=ON")
      throw MigrationError(
        path: connection.path,
        problem: .failed(
          version: step.version, name: step.name, isUp: isUp, reason: "\(error)"))
    }
    try connection.execute("PRAGMA foreign_keys=ON")
  }
}
