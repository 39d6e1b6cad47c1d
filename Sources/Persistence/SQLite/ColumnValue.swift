import CSQLite

/// What can be a parameter of a statement and a column of its rows.
///
/// SQLite keeps any type in any column, and whoever can write the file can put anything there. So
/// reading checks, and what does not fit is an error that names the column, never a trap and never
/// a silent conversion.
package protocol ColumnValue {
  /// Sets the parameter, counted from 1.
  func bind(to statement: borrowing Statement, at index: Int32)
  /// Reads the column, counted from 0, of the statement's current row.
  static func read(from row: borrowing Statement, at index: Int32) throws(SQLiteError) -> Self
}

extension Statement {
  /// A column of the current row, counted from 0.
  ///
  /// - Throws: An error that names column, value and what belongs there.
  package func value<Value: ColumnValue>(
    at index: Int, as type: Value.Type = Value.self
  ) throws(SQLiteError) -> Value {
    try Value.read(from: self, at: Int32(index))
  }

  /// Whether a column of the current row, counted from 0, is NULL.
  package func isNull(at index: Int) -> Bool {
    functions.columnType(handle, Int32(index)) == SQLITE_NULL
  }

  /// The error for a column whose value our program would not have written.
  ///
  /// - Parameters:
  ///   - index: The column, counted from 0.
  ///   - expected: What belongs there, such as `a price`.
  /// - Returns: It, to be thrown.
  package func unexpected(at index: Int, expected: String) -> SQLiteError {
    let index = Int32(index)
    let name = functions.columnName(handle, index).map { String(cString: $0) } ?? "\(index)"
    let found: String
    switch functions.columnType(handle, index) {
    case SQLITE_INTEGER: found = "the integer \(functions.columnInteger(handle, index))"
    case SQLITE_FLOAT: found = "a floating-point number"
    case SQLITE_NULL: found = "NULL"
    case SQLITE_BLOB: found = "a blob of \(functions.columnSize(handle, index)) bytes"
    default:
      let text = withBytes(functions.columnText(handle, index), at: index) {
        String(decoding: $0.prefix(48), as: UTF8.self)
      }
      found = "the text '\(String(text.map { $0.isNewline || $0 == "\0" ? "·" : $0 }))'"
    }
    return SQLiteError(
      path: connection.path, problem: .unexpectedValue,
      message: "column '\(name)' holds \(found) where \(expected) belongs", sql: sql)
  }

  /// Sees to it that the column has the type, without which SQLite would convert.
  func require(_ type: Int32, _ expected: String, at index: Int32) throws(SQLiteError) {
    guard functions.columnType(handle, index) == type else {
      throw unexpected(at: Int(index), expected: expected)
    }
  }

  /// A text's or blob's bytes, as long as the row stays.
  func withBytes<Result, Failure: Error>(
    _ start: UnsafeRawPointer?, at index: Int32,
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Asked after the text, as SQLite wants it.
    let count = Int(functions.columnSize(handle, index))
    let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    return try body(bytes.assumingMemoryBound(to: UInt8.self))
  }

  /// A parameter was set, or our own code counts wrongly.
  func check(_ code: Int32, at index: Int32) {
    precondition(code == SQLITE_OK, "parameter \(index) cannot be set, code \(code): \(sql)")
  }

  func bind(text: UnsafeBufferPointer<UInt8>, at index: Int32) {
    // -1: SQLite copies it. An empty buffer may have no address, which would mean NULL.
    withUnsafePointer(to: 0 as UInt8) { empty in
      let start = UnsafeRawPointer(text.baseAddress ?? empty)
      check(functions.bindText(handle, index, start, Int32(text.count), -1), at: index)
    }
  }
}
