import Persistence

/// The options of every command that works on a database.
enum StoreOptions {
  static let database = Option(
    "--db", value: "FILE", isRequired: true, help: "The database of the run.")

  /// The database that was named.
  static func path(_ invocation: Invocation) throws -> String {
    guard let path = invocation.value("--db") else {
      preconditionFailure("--db is required, and the invocation has none")
    }
    return path
  }

  /// Opens it to look at.
  static func read(_ invocation: Invocation) throws -> Store {
    try Store.read(at: Store.Location(path: try path(invocation)))
  }
}
