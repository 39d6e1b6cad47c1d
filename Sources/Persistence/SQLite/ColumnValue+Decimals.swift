import CSQLite
package import Market

/// An integer: steps of 1e-8.
extension Price: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    steps.bind(to: statement, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Price {
    try row.require(SQLITE_INTEGER, "a price in steps of 1e-8", at: index)
    return Price(steps: row.functions.columnInteger(row.handle, index))
  }
}

/// An integer: nanoseconds since 1970.
extension Timestamp: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    nanoseconds.bind(to: statement, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Timestamp {
    try row.require(SQLITE_INTEGER, "a time in nanoseconds", at: index)
    return Timestamp(nanoseconds: row.functions.columnInteger(row.handle, index))
  }
}

/// A text such as `0.015`, because 128 bits are no integer of SQLite's. The column must be TEXT.
extension Quantity: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    statement.bind(decimal: self, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Quantity { try row.decimal(at: index) }
}

/// A text such as `1234.5`. The column must be TEXT.
extension Money: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    statement.bind(decimal: self, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Money { try row.decimal(at: index) }
}

/// A text such as `0.004`. The column must be TEXT.
extension Rate: ColumnValue {
  package func bind(to statement: borrowing Statement, at index: Int32) {
    statement.bind(decimal: self, at: index)
  }

  package static func read(
    from row: borrowing Statement, at index: Int32
  ) throws(SQLiteError) -> Rate { try row.decimal(at: index) }
}

extension Statement {
  /// Binds the text that `description` gives, without making a `String`.
  func bind(decimal: some ExactDecimal, at index: Int32) {
    decimal.withText { bind(text: $0, at: index) }
  }

  /// Reads an exact decimal from a text.
  func decimal<Value: ExactDecimal>(at index: Int32) throws(SQLiteError) -> Value {
    try require(SQLITE_TEXT, "a decimal \(Value.noun) as text", at: index)
    let start = functions.columnText(handle, index)
    // `nil` for whatever is wrong with it: the message says what belongs there.
    let value = withBytes(start, at: index) { try? Value.parse($0.span, excess: .refuse).value }
    guard let value else {
      throw unexpected(at: Int(index), expected: "a decimal \(Value.noun)")
    }
    return value
  }
}
