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
  func bind<Value: ExactDecimal>(decimal: Value, at index: Int32) {
    // 39 digits of 128 bits, a sign, a point and a zero before it.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { buffer in
      var start = buffer.count
      func put(_ byte: UInt8) {
        start -= 1
        buffer[start] = byte
      }
      let magnitude = UInt128(decimal.steps.magnitude)
      let unit = UInt128(Value.stepsPerUnit.magnitude)
      var (whole, rest) = magnitude.quotientAndRemainder(dividingBy: unit)
      var fraction = UInt64(rest)  // Below 1e18.
      if fraction != 0 {
        var count = Value.decimals
        while fraction % 10 == 0 {
          fraction /= 10
          count -= 1
        }
        for _ in 0..<count {
          put(UInt8(ascii: "0") + UInt8(fraction % 10))
          fraction /= 10
        }
        put(UInt8(ascii: "."))
      }
      while whole > UInt128(UInt64.max) {
        (whole, rest) = whole.quotientAndRemainder(dividingBy: 10)
        put(UInt8(ascii: "0") + UInt8(rest))
      }
      var short = UInt64(whole)
      repeat {
        put(UInt8(ascii: "0") + UInt8(short % 10))
        short /= 10
      } while short != 0
      if decimal.steps < 0 { put(UInt8(ascii: "-")) }
      bind(text: UnsafeBufferPointer(rebasing: buffer[start...]), at: index)
    }
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
