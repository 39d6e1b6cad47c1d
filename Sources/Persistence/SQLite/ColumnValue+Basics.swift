import CSQLite

extension Int64: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    statement.check(statement.functions.bindInteger(statement.handle, index, self), at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Int64 {
    try row.require(SQLITE_INTEGER, "an integer", at: index)
    return row.functions.columnInteger(row.handle, index)
  }
}

extension Int: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    Int64(self).bind(to: statement, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Int {
    Int(try Int64.read(from: row, at: index))
  }
}

/// 0 or 1.
extension Bool: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    Int64(self ? 1 : 0).bind(to: statement, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Bool {
    try row.require(SQLITE_INTEGER, "0 or 1", at: index)
    switch row.functions.columnInteger(row.handle, index) {
    case 0: return false
    case 1: return true
    default: throw row.unexpected(at: Int(index), expected: "0 or 1")
    }
  }
}

extension String: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    var text = self
    text.withUTF8 { statement.bind(text: $0, at: index) }
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> String {
    try row.require(SQLITE_TEXT, "a text", at: index)
    let start = row.functions.columnText(row.handle, index)
    let text = row.withBytes(start, at: index) { String(validating: $0, as: UTF8.self) }
    guard let text else { throw row.unexpected(at: Int(index), expected: "a text in UTF-8") }
    return text
  }
}

/// A blob.
extension [UInt8]: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    withUnsafePointer(to: 0 as UInt8) { empty in
      withUnsafeBytes { bytes in
        let start = bytes.baseAddress ?? UnsafeRawPointer(empty)
        let code = statement.functions.bindBlob(
          statement.handle, index, start, Int32(bytes.count), -1)
        statement.check(code, at: index)
      }
    }
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> [UInt8] {
    try row.require(SQLITE_BLOB, "a blob", at: index)
    return row.withBytes(row.functions.columnBlob(row.handle, index), at: index) { [UInt8]($0) }
  }
}

/// `nil` is NULL.
extension Optional: ColumnValue where Wrapped: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    switch self {
    case .some(let value): value.bind(to: statement, at: index)
    case .none:
      statement.check(statement.functions.bindNull(statement.handle, index), at: index)
    }
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Wrapped? {
    row.isNull(at: Int(index)) ? nil : try Wrapped.read(from: row, at: index)
  }
}
