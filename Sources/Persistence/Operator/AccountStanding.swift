import Execution
package import Market

/// The account as it stands, pair by pair.
package struct AccountStanding: Hashable, Sendable {
  /// Quote currency in hand.
  package var cash: Money
  /// How far the run has come.
  package var time: Timestamp
  /// What each pair holds × its latest close.
  package var positions: [Money]
  /// Units that each pair holds.
  package var held: [Quantity]
  /// What each pair's working entries may still buy: unfilled × limit.
  package var entries: [Money]
  /// Cash + what all hold; SEMANTICS 8.1.
  package var equity: Money
  /// How many orders work.
  package var workingOrders: Int
  /// The breaker's trip.
  package var trip: StoreReader.AccountRow.Trip?
}

extension Store {
  /// How far the run has come: the last event, or the latest close of any pair.
  ///
  /// A backtest keeps no event that changed nothing, but it keeps the closes.
  ///
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func reached() throws -> Timestamp {
    let figures = FigureGuard(path: connection.path)
    let event = try reader.account().time
    try figures.pass(event, of: "the account")
    for pair in pairs { try figures.pass(pair.closeTime, of: "pair \(pair.product)") }
    return pairs.compactMap(\.closeTime).max().map { max($0, event) } ?? event
  }

  /// The account as it stands.
  ///
  /// - Parameters:
  ///   - open: The open positions of all pairs.
  ///   - working: The working orders of all pairs.
  /// - Returns: The standing, whose figures can be reckoned with.
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func standing(
    _ open: [StoredPosition], _ working: [StoredOrder]
  ) throws -> AccountStanding {
    let account = try reader.account()
    var figures = FigureGuard(path: connection.path)
    try figures.pass(account.cash, run.cash, of: "the account")
    if let trip = account.trip {
      try figures.pass(trip.equity, of: "the breaker's trip")
      try figures.pass(trip.time, of: "the breaker's trip")
    }
    let nothing = pairs.map { _ in Money.zero }
    var standing = AccountStanding(
      cash: account.cash, time: try reached(), positions: nothing, held: pairs.map { _ in .zero },
      entries: nothing, equity: account.cash, workingOrders: working.count, trip: account.trip)
    for position in open {
      let product = pairs[position.pair].product
      let name = "position \(StoreName.position(position.row.number, of: product))"
      let worth = position.worth ?? .zero
      try figures.pass(worth, position.row.cashFlow, of: name)
      standing.positions[position.pair] += worth
      standing.held[position.pair] += position.row.held
      standing.equity += worth
    }
    for order in working where order.row.role == .entry {
      let product = pairs[order.pair].product
      let name = "order \(StoreName.order(order.row.order.id.number, of: product))"
      let unfilled = max(.zero, order.row.order.quantity - order.row.filled)
      standing.entries[order.pair] += try figures.worth(
        unfilled, at: order.row.order.limit, of: name)
    }
    return standing
  }
}
