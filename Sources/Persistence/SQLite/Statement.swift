import CSQLite

/// A compiled statement: parameters in, rows out.
///
/// It owns what `sqlite3_prepare_v2` made and releases it on every path, hence noncopyable. Store it
/// where it is used again: compiling costs more than executing.
///
///     let insert = try connection.prepare("INSERT INTO fills VALUES (?, ?, ?)")
///     try insert.run(order, price, quantity)
package struct Statement: ~Copyable {
  let handle: OpaquePointer
  let connection: Connection
  @inline(__always) var functions: SQLiteFunctions { _read { yield connection.library.functions } }

  /// Compiles one statement.
  init(_ sql: String, on connection: Connection) throws(SQLiteError) {
    var handle: OpaquePointer?
    var sql = sql
    let (code, isAlone) = sql.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text in
        var rest: UnsafePointer<CChar>?
        let code = connection.library.functions.prepare(
          connection.handle, text.baseAddress, Int32(text.count), &handle, &rest)
        let used = text.baseAddress.flatMap { start in rest.map { $0 - start } } ?? text.count
        return (code, text[min(used, text.count)...].allSatisfy { $0 == 32 || $0 == 10 })
      }
    }
    guard code == SQLITE_OK else { throw connection.error(code, sql: sql) }
    guard let handle, isAlone else { preconditionFailure("not one statement: \(sql)") }
    self.handle = handle
    self.connection = connection
  }

  deinit { _ = connection.library.functions.finalize(handle) }

  /// What was compiled.
  package var sql: String { functions.sql(handle).map { String(cString: $0) } ?? "" }

  /// Sets a parameter, counted from 1.
  ///
  /// It stays until it is set anew.
  package func bind(_ value: some ColumnValue, at index: Int) {
    value.bind(to: self, at: Int32(index))
  }

  /// Goes on to the next row.
  ///
  /// - Returns: Whether there is one; where not, the statement is ready to be executed again.
  package func step() throws(SQLiteError) -> Bool {
    switch functions.step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      reset()
      return false
    case let code:
      let error = connection.error(code, sql: sql)
      reset()
      throw error
    }
  }

  /// Forgets rows that were not fetched, and with them the lock of a reader.
  package func reset() { _ = functions.reset(handle) }

  /// Executes it with these parameters; rows are not wanted.
  package func run<each Value: ColumnValue>(_ values: repeat each Value) throws(SQLiteError) {
    bindAll(repeat each values)
    if try step() { reset() }
  }

  /// Executes it with these parameters, and hands each row to `body`.
  ///
  /// Whatever `body` throws, the statement is ready for the next time.
  package func forEachRow<each Value: ColumnValue>(
    _ values: repeat each Value, body: (borrowing Statement) throws -> Void
  ) throws {
    bindAll(repeat each values)
    defer { reset() }
    while try step() { try body(self) }
  }

  /// Executes it with these parameters: what `body` makes of the first row, `nil` where there is none.
  package func first<each Value: ColumnValue, Result, Failure: Error>(
    _ values: repeat each Value, body: (borrowing Statement) throws(Failure) -> Result
  ) throws -> Result? {
    bindAll(repeat each values)
    defer { reset() }
    return try step() ? try body(self) : nil
  }

  private func bindAll<each Value: ColumnValue>(_ values: repeat each Value) {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      value.bind(to: self, at: index)
    }
    let count = functions.parameterCount(handle)
    precondition(index == count, "\(count) parameters, \(index) values: \(sql)")
  }
}
