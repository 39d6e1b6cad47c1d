package import Execution
package import Market

/// A position, and whose it is.
package struct StoredPosition: Hashable, Sendable {
  /// The pair's number.
  package var pair: Int
  /// Its row.
  package var row: PositionRow
  /// What is held × the latest close; `nil` where it is closed, or no close is known.
  package var worth: Money?

  /// What it won, after fees (SEMANTICS 5.7); `nil` while it is open.
  package var realised: Money? { row.closed == nil ? nil : row.cashFlow }
  /// What it would have won, had what is held been sold at the latest close for nothing.
  package var unrealised: Money? { row.closed == nil ? worth.map { $0 + row.cashFlow } : nil }
  /// Σ buys / units bought; `nil` where nothing was bought.
  package var entryPrice: Price? { Self.mean(row.entryNotional, row.bought) }
  /// Σ sells / units sold; `nil` where nothing was sold.
  package var exitPrice: Price? { Self.mean(row.exitNotional, row.bought - row.held) }

  /// The mean price, half-even at the 8th decimal; `nil` where there is none that a price can be.
  private static func mean(_ notional: Money, _ quantity: Quantity) -> Price? {
    let (divisor, overflow) = quantity.steps.multipliedReportingOverflow(by: 100)
    guard !overflow, divisor > 0, notional >= .zero else { return nil }
    var (steps, rest) = notional.steps.quotientAndRemainder(dividingBy: divisor)
    if rest > divisor - rest || (rest == divisor - rest && !steps.isMultiple(of: 2)) { steps += 1 }
    return Int64(exactly: steps).map(Price.init(steps:))
  }

  /// The trade that it was; `nil` while it is open.
  package var trade: ClosedTrade? {
    guard let closed = row.closed, let reason = row.exitReason else { return nil }
    return ClosedTrade(
      entryTime: row.opened, exitTime: closed, entryOrder: row.entry, quantity: row.bought,
      entryNotional: row.entryNotional, exitNotional: row.exitNotional, fees: row.fees,
      exitReason: reason, highest: row.highest, ratchets: row.ratchets,
      escalations: row.escalations)
  }
}

extension Store {
  /// Positions, in the order in which they were opened; closed ones alone, in that of their close.
  ///
  /// - Parameters:
  ///   - ending: Open ones, closed ones, or both.
  ///   - selection: Closed ones alone: closed in that time. Otherwise: held at some time in it.
  /// - Returns: The positions, whose figures can be reckoned with.
  /// - Throws: `SQLiteError` where a row is none that a run leaves.
  package func positions(
    _ ending: Ending, _ selection: Selection = Selection()
  ) throws -> [StoredPosition] {
    var conditions: [Condition] = []
    var order = ["opened", "of_pair", "number"]
    switch ending {
    case .open: conditions.append(Condition("closed IS NULL"))
    case .over:
      conditions.append(Condition("closed IS NOT NULL"))
      order[0] = "closed"
    case .either: break
    }
    if let until = selection.until {
      conditions.append(Condition(ending == .over ? "closed < ?" : "opened < ?", until))
    }
    if let since = selection.since {
      conditions.append(
        Condition(ending == .over ? "closed >= ?" : "ifnull(closed >= ?, 1)", since))
    }
    var figures = FigureGuard(path: connection.path)
    var positions: [StoredPosition] = []
    try forEach(PositionRow.columns, of: "positions", where: conditions, order: order, selection) {
      row, pair in
      positions.append(try position(PositionRow(row), of: pair, &figures))
    }
    return positions
  }

  /// A position of these figures, if they can be.
  func position(
    _ row: PositionRow, of pair: Int, _ figures: inout FigureGuard
  ) throws(SQLiteError) -> StoredPosition {
    func name() -> String {
      "position \(StoreName.position(row.number, of: pairs[pair].product))"
    }
    try figures.pass(row.entryNotional, row.exitNotional, row.fees, of: name())
    try figures.pass(row.held, row.bought, of: name())
    try figures.pass(row.opened, row.closed, of: name())
    guard row.closed == nil || row.exitReason != nil else {
      throw figures.error("\(name()) is closed and says not by what")
    }
    var position = StoredPosition(pair: pair, row: row)
    if row.closed == nil, let close = pairs[pair].close {
      position.worth = try figures.worth(row.held, at: close, of: name())
    }
    return position
  }
}
