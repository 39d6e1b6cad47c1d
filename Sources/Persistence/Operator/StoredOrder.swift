import Execution
import Market

/// An order, and whose it is.
package struct StoredOrder: Hashable, Sendable {
  /// The pair's number.
  package var pair: Int
  /// Its row.
  package var row: OrderRow

  /// An order of a pair.
  package init(pair: Int, row: OrderRow) {
    self.pair = pair
    self.row = row
  }
}

extension Store {
  /// Orders, in the order in which they were submitted.
  ///
  /// - Parameters:
  ///   - ending: Working ones, those that ended, or both.
  ///   - selection: Submitted in that time.
  /// - Returns: The orders, whose figures can be reckoned with.
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func orders(
    _ ending: Ending, _ selection: Selection = Selection()
  ) throws -> [StoredOrder] {
    var conditions: [Condition] = []
    switch ending {
    case .open: conditions.append(Condition("done IS NULL"))
    case .over: conditions.append(Condition("done IS NOT NULL"))
    case .either: break
    }
    if let since = selection.since { conditions.append(Condition("submitted >= ?", since)) }
    if let until = selection.until { conditions.append(Condition("submitted < ?", until)) }
    return try orders(conditions, selection)
  }

  /// The orders that entered or left a position, by number.
  func orders(of position: Int, pair: Int, entry: UInt64) throws -> [OrderRow] {
    try orders(
      [Condition("(position = ? OR number = ?)", position, Int64(entry))], Selection(pair: pair)
    ).map(\.row)
  }

  func orders(
    _ conditions: [Condition], _ selection: Selection
  ) throws -> [StoredOrder] {
    var figures = FigureGuard(path: connection.path)
    var orders: [StoredOrder] = []
    try forEach(
      OrderRow.columns, of: "orders", where: conditions,
      order: ["submitted", "of_pair", "number"], selection
    ) { row, pair in
      let order = try OrderRow(row, of: scope(of: pair))
      func name() -> String {
        "order \(StoreName.order(order.order.id.number, of: pairs[pair].product))"
      }
      try figures.pass(order.order.quantity, order.filled, of: name())
      try figures.pass(
        order.order.submitted, order.accepted, order.done, order.cancelTime, of: name())
      orders.append(StoredOrder(pair: pair, row: order))
    }
    return orders
  }

  /// Executions, in the order in which they were reported.
  func fills(_ conditions: [Condition], pair: Int?) throws -> [StoredFill] {
    var figures = FigureGuard(path: connection.path)
    var fills: [StoredFill] = []
    try forEach(
      StoredFill.columns, of: "fills", where: conditions,
      order: ["seq", "of_pair", "number", "id"],
      Selection(pair: pair)
    ) { row, pair in
      let fill = try StoredFill(row, of: scope(of: pair))
      let order = StoreName.order(fill.fill.order.number, of: pairs[pair].product)
      let name = "fill \(fill.fill.id) of order \(order)"
      try figures.pass(fill.fill.quantity, fill.held, of: name)
      try figures.pass(fill.fill.time, of: name)
      try figures.pass(fill.fill.fee, of: name)
      _ = try figures.worth(fill.fill.quantity, at: fill.fill.price, of: name)
      fills.append(fill)
    }
    return fills
  }

  private func scope(of pair: Int) -> OrderScope {
    OrderScope(session: run.session, pair: UInt32(pair))
  }

  /// An order by pair and number, with its executions.
  ///
  /// - Throws: `SQLiteError` where a row is none that a run leaves; `LookupError` without such an order.
  package func order(_ number: UInt64, of pair: Int) throws -> (StoredOrder, [StoredFill]) {
    let found = try orders([Condition("number = ?", Int64(number))], Selection(pair: pair))
    guard let order = found.first else {
      throw LookupError(
        what: "order", text: StoreName.order(number, of: pairs[pair].product), candidates: [])
    }
    return (order, try fills([Condition("number = ?", Int64(number))], pair: pair))
  }
}
