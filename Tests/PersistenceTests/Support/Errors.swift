import Testing

@testable import Persistence

/// The error that `body` throws, or a failed test.
func sqliteError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> SQLiteError {
  try #require(throws: SQLiteError.self, sourceLocation: sourceLocation) { try body() }
}

extension Connection {
  /// The first column of the first row.
  func single<Value: ColumnValue>(_ sql: String, as type: Value.Type = Value.self) throws -> Value {
    try #require(try prepare(sql).first { row in try row.value(at: 0, as: Value.self) })
  }
}
