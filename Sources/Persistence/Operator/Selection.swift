package import Market

/// Which rows an operator asks for; all where nothing is said.
package struct Selection: Hashable, Sendable {
  /// The pair's number.
  package var pair: Int?
  /// From this moment on.
  package var since: Timestamp?
  /// Before this moment.
  package var until: Timestamp?
  /// At most so many, the latest ones.
  package var limit: Int?

  /// A selection of these figures.
  package init(
    pair: Int? = nil, since: Timestamp? = nil, until: Timestamp? = nil, limit: Int? = nil
  ) {
    self.pair = pair
    self.since = since
    self.until = until
    self.limit = limit
  }
}

/// Whether what is asked for is over.
package enum Ending: Hashable, Sendable {
  /// What is not: open positions, working orders.
  case open
  /// What is: closed positions, orders that ended.
  case over
  /// Both.
  case either
}

/// What rows must be, and the parameters of that.
struct Condition {
  let sql: String
  let parameters: [any ColumnValue]

  init(_ sql: String, _ parameters: any ColumnValue...) {
    self.sql = sql
    self.parameters = parameters
  }
}

extension Store {
  /// Hands over the selected rows of a table, oldest first.
  ///
  /// - Parameters:
  ///   - columns: What is read, before the pair in the last column.
  ///   - table: The table.
  ///   - conditions: What rows must be besides those of the pair; with their parameters.
  ///   - order: Oldest first; more than one where rows may be of one time.
  ///   - selection: The pair and how many.
  ///   - body: Takes each row, and its pair's number.
  /// - Throws: `SQLiteError` where the pair is none of the run, and what `body` throws.
  func forEach(
    _ columns: String, of table: String,
    where conditions: [Condition], order: [String],
    _ selection: Selection, _ body: (borrowing Statement, Int) throws -> Void
  ) throws {
    var conditions = conditions
    if let pair = selection.pair { conditions.append(Condition("pair = ?", pair)) }
    var sql = "SELECT \(columns), pair AS of_pair FROM \(table)"
    if !conditions.isEmpty { sql += " WHERE " + conditions.map(\.sql).joined(separator: " AND ") }
    let forth = order.joined(separator: ", ")
    if selection.limit != nil {
      let back = order.map { "\($0) DESC" }.joined(separator: ", ")
      sql += " ORDER BY \(back) LIMIT ?"
      sql = "SELECT * FROM (\(sql))"
    }
    let statement = try connection.prepare("\(sql) ORDER BY \(forth)")
    var index = 0
    let parameters = conditions.flatMap(\.parameters) + (selection.limit.map { [$0] } ?? [])
    for parameter in parameters {
      index += 1
      statement.bind(parameter, at: index)
    }
    let last = columns.split(separator: ",").count
    defer { statement.reset() }
    while try statement.step() {
      let pair: Int = try statement.value(at: last)
      guard pairs.indices.contains(pair) else {
        throw statement.unexpected(at: last, expected: "a pair of the run")
      }
      try body(statement, pair)
    }
  }
}
