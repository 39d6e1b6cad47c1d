import Execution
import Market

/// All closed trades as a table for a terminal, one line for each.
///
/// Columns are as wide as what they hold: below 100 characters for usual prices and sizes. Quantities
/// stand under each other by their points; average prices have the tick's decimals; the percentage is
/// realised / entry notional. Times are UTC. Rounded for display only, half-even.
public struct TradesTable: Sendable, CustomStringConvertible {
  private static let width = 100

  private struct Column {
    let title: String
    var isNumber = true
  }

  /// The text, ended by a line feed.
  public let description: String

  /// Tabulates the trades of a run.
  public init(_ result: RunResult) {
    let columns = [
      Column(title: "#"), Column(title: "Entered (UTC)", isNumber: false),
      Column(title: "Left (UTC)", isNumber: false), Column(title: "Quantity"),
      Column(title: "Entry avg"), Column(title: "Exit avg"), Column(title: "Realised"),
      Column(title: "%"), Column(title: "Sold by", isNumber: false),
    ]
    let trades = result.record.trades
    guard !trades.isEmpty else {
      description = "No closed trades.\n"
      return
    }
    let decimals = trades.map { Self.decimals(of: $0.quantity) }.max() ?? 0
    let rows = trades.enumerated().map { index, trade in
      Self.cells(
        of: trade, number: index + 1, quantityDecimals: decimals,
        priceDecimals: result.product.priceDecimals)
    }
    description = Self.table(columns, rows)
  }

  private static func cells(
    of trade: ClosedTrade, number: Int, quantityDecimals: Int, priceDecimals: Int
  ) -> [String] {
    let quantity = trade.quantity.double
    let realised = trade.realised
    return [
      Display.count(number),
      Display.minute(trade.entryTime),
      Display.minute(trade.exitTime),
      Display.fixed(trade.quantity, decimals: quantityDecimals),
      Display.fixed(trade.entryNotional.double / quantity, decimals: priceDecimals),
      Display.fixed(trade.exitNotional.double / quantity, decimals: priceDecimals),
      Display.fixed(realised),
      Display.fixed(realised.double / trade.entryNotional.double * 100),
      trade.exitReason.seller,
    ]
  }

  private static func table(_ columns: [Column], _ rows: [[String]]) -> String {
    let lines = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    // Two spaces between columns where there is room for them.
    let gaps = columns.count - 1
    let isRoomy = widths.reduce(0, +) + 2 * gaps <= Self.width
    let separator = isRoomy ? "  " : " "
    var text = ""
    for line in lines {
      var cells: [String] = []
      for (index, cell) in line.enumerated() {
        let isLast = index == gaps
        cells.append(
          columns[index].isNumber
            ? cell.aligned(to: widths[index]) : isLast ? cell : cell.padded(to: widths[index]))
      }
      text += cells.joined(separator: separator) + "\n"
    }
    return text
  }

  private static func decimals(of quantity: Quantity) -> Int {
    var decimals = Quantity.decimals
    var steps = quantity.steps
    while decimals > 0, steps.isMultiple(of: 10) {
      steps /= 10
      decimals -= 1
    }
    return decimals
  }
}

extension ExitReason {
  /// The order that sold, shorter than the reason's own word.
  fileprivate var seller: String {
    switch self {
    case .trailingStop: "stop"
    case .escalated: "escalation"
    case .forced: "operator"
    case .liquidation: "breaker"
    }
  }
}
