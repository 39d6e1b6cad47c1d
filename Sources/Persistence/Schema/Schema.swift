import Market

/// The tables of a store, as migrations from nothing.
package enum Schema {
  /// All steps, version 1 first.
  package static let migrations = [
    Migration(version: 1, name: "tables", up: version1, down: version1Down),
    Migration(version: 2, name: "indices", up: version2, down: version2Down),
    Migration(version: 3, name: "incidents", up: version3, down: version3Down),
  ]

  /// Takes databases from one version to another.
  package static let migrator = Migrator(migrations)

  /// Makes all tables in an empty database.
  static func create(on connection: Connection) throws {
    _ = try migrator.apply(to: connection, at: .now)
  }

  /// Checks that a database has them.
  ///
  /// - Throws: `MigrationError` where its version is another, or it is not ours.
  static func check(_ connection: Connection) throws { try migrator.requireNewest(in: connection) }
}
