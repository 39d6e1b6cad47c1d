/// The tables of a store, as migrations from nothing.
package enum Schema {
  /// Makes all tables in an empty database.
  static func create(on connection: Connection) throws {
    try connection.execute(version1)
    try connection.execute(version2)
  }

  /// Checks that a database has them.
  static func check(_ connection: Connection) throws {}
}
