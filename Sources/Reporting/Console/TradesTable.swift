import Execution
import Market

/// All closed trades as a table for a terminal, one line for each, at most 80 columns wide.
///
/// Quantities stand under each other by their points, and are left out where there is no room;
/// average prices have the tick's decimals; the percentage is realised / entry notional, after fees.
/// Times are UTC. Rounded for display only, half-even.
public struct TradesTable: Sendable, CustomStringConvertible {
  private static let columns: [TextTable.Column] = [
    .init("#"), .init("Entered (UTC)", isNumber: false), .init("Held"),
    .init("Quantity", isOptional: true), .init("Bought at"), .init("Sold at"), .init("Realised"),
    .init("%"), .init("Sold by", isNumber: false),
  ]

  /// The text, ended by a line feed.
  public let description: String

  /// Tabulates the trades of a run.
  public init(_ result: RunResult) {
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
    let lines = TextTable(columns: Self.columns, rows: rows).lines(indent: 0)
    description = lines.joined(separator: "\n") + "\n"
  }

  private static func cells(
    of trade: ClosedTrade, number: Int, quantityDecimals: Int, priceDecimals: Int
  ) -> [String] {
    let quantity = trade.quantity.double
    let realised = trade.realised
    return [
      "\(number)",
      Display.minute(trade.entryTime),
      Display.duration(seconds: Double((trade.exitTime - trade.entryTime).nanoseconds) / 1e9),
      Display.fixed(trade.quantity, decimals: quantityDecimals),
      Display.fixed(trade.entryNotional.double / quantity, decimals: priceDecimals),
      Display.fixed(trade.exitNotional.double / quantity, decimals: priceDecimals),
      Display.fixed(realised),
      Display.fixed(realised.double / trade.entryNotional.double * 100),
      trade.exitReason.seller,
    ]
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
    case .escalated: "rescue"
    case .forced: "operator"
    case .liquidation: "breaker"
    }
  }
}
