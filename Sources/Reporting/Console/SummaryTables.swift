import Execution
import Market

/// The tables of a summary, in the order in which people know them from freqtrade.
///
/// Each takes the runs of all pairs, one row for each, in the order of registration; those of one
/// account, so that shares of it have one denominator.
enum SummaryTables {
  private static func groupColumns(_ first: String, _ result: RunResult) -> [TextTable.Column] {
    [
      .init(first, isNumber: false), .init("Trades"), .init("Avg %"),
      .init("Total " + result.product.quoteName), .init("Total %"), .init("Held"), .init("Win"),
      .init("Draw"), .init("Loss"), .init("Win %"),
    ]
  }

  private static func cells(_ name: String, _ group: TradeGroup, of cash: Money) -> [String] {
    [
      name, Display.count(group.trades), Display.hundredths(group.meanReturn),
      Display.fixed(group.realised),
      Display.hundredths(cash == .zero ? nil : group.realised.double / cash.double),
      Display.duration(seconds: group.meanHoldingSeconds), Display.count(group.wins),
      Display.count(group.draws), Display.count(group.losses), Display.hundredths(group.winRate),
    ]
  }

  /// The closed trades of each pair, and of all.
  static func pairs(_ results: [RunResult]) -> TextTable? {
    guard let first = results.first else { return nil }
    let cash = first.startingCash
    var rows = results.map { cells($0.product.id, TradeGroup($0.record.trades), of: cash) }
    rows.append(cells("TOTAL", TradeGroup(results.flatMap(\.record.trades)), of: cash))
    return TextTable(columns: groupColumns("Pair", first), rows: rows)
  }

  /// The closed trades by what closed them, those reasons that occurred.
  static func exitReasons(_ results: [RunResult]) -> TextTable? {
    guard let first = results.first else { return nil }
    let trades = results.flatMap(\.record.trades)
    let rows = ExitReason.allCases.compactMap { reason -> [String]? in
      let closed = trades.filter { $0.exitReason == reason }
      return closed.isEmpty
        ? nil : cells(reason.rawValue, TradeGroup(closed), of: first.startingCash)
    }
    return TextTable(columns: groupColumns("Reason", first), rows: rows)
  }

  /// The positions that are open at the end, valued at the last close.
  static func openTrades(_ results: [RunResult]) -> TextTable? {
    let rows = results.compactMap { result -> [String]? in
      guard let trade = OpenTrade(result) else { return nil }
      let decimals = result.product.priceDecimals
      return [
        result.product.id, Display.minute(trade.entryTime), trade.quantity.description,
        Display.fixed(trade.value), Display.fixed(trade.unrealised),
        Display.hundredths(trade.unrealisedReturn),
        Display.fixed(trade.trigger, decimals: decimals),
      ]
    }
    guard let first = results.first, !rows.isEmpty else { return nil }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Since (UTC)", isNumber: false), .init("Quantity"),
        .init("Worth " + first.product.quoteName), .init("Result"), .init("%"),
        .init("Stop at"),
      ], rows: rows)
  }

  /// The orders that still work at the end.
  static func workingOrders(_ results: [RunResult]) -> TextTable? {
    let rows = results.flatMap { result in
      result.workingOrders.map { number in
        let entry = result.record.orders[Int(number) - 1]
        let order = entry.order
        let decimals = result.product.priceDecimals
        return [
          result.product.id, "\(number)", entry.role.rawValue, order.side.rawValue,
          (order.quantity - entry.filled).description,
          Display.fixed(order.limit, decimals: decimals),
          order.trigger.map { Display.fixed($0, decimals: decimals) } ?? Display.none,
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return TextTable(
      columns: [
        .init("Pair", isNumber: false), .init("Order"), .init("Role", isNumber: false),
        .init("Side", isNumber: false), .init("Quantity"), .init("Limit"), .init("Trigger"),
      ], rows: rows)
  }

  /// A run period by period.
  static func breakdown(_ breakdown: Breakdown, _ unit: String) -> TextTable {
    let period = breakdown.period
    let rows = breakdown.rows.map { row in
      [
        period.name(of: row.start), Display.fixed(row.endEquity),
        Display.hundredths(row.totalReturn), Display.fixed(row.realised), Display.fixed(row.fees),
        Display.count(row.trades), Display.count(row.wins),
        Display.count(row.trades - row.wins - row.losses), Display.count(row.losses),
      ]
    }
    return TextTable(
      columns: [
        .init(period.title, isNumber: false), .init("Equity " + unit), .init("Return %"),
        .init("Realised"), .init("Fees"), .init("Trades"), .init("Win"), .init("Draw"),
        .init("Loss"),
      ], rows: rows)
  }
}

extension CalendarPeriod {
  /// The heading of its column.
  fileprivate var title: String {
    switch self {
    case .day: "Day"
    case .week: "Week from"
    case .month: "Month"
    }
  }

  /// A period by its first day, a month by its number.
  fileprivate func name(of start: Timestamp) -> String {
    let day = CivilDate(day: start.day).description
    return self == .month ? String(day.dropLast(3)) : day
  }
}
