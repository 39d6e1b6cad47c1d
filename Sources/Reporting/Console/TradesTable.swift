import Execution
import Market

/// All closed trades as a table for a terminal, one line for each, at most 80 columns wide.
///
/// Quantities stand under each other by their points, and are left out where there is no room;
/// average prices have the tick's decimals; the percentage is realised / entry notional, after fees.
/// Times are UTC. Rounded for display only, half-even.
public struct TradesTable: Sendable, CustomStringConvertible {
  private static func columns(isOfOne: Bool) -> [TextTable.Column] {
    let first: [TextTable.Column] = [.init("#")] + (isOfOne ? [] : [.init("Pair", isNumber: false)])
    return first + [
      .init("Entered (UTC)", isNumber: false), .init("Held"), .init("Quantity", isOptional: true),
      .init("Bought at"), .init("Sold at"), .init("Realised"), .init("%"),
      .init("Sold by", isNumber: false),
    ]
  }

  /// The text, ended by a line feed.
  public let description: String

  /// Tabulates the trades of a run.
  public init(_ result: RunResult) {
    self.init(result.record.trades.map { (result.product, $0) }, isOfOne: true)
  }

  /// Tabulates the trades of all pairs in one table, in the order in which they closed.
  public init(_ result: PortfolioResult) {
    self.init(
      result.trades.map { (result.pairs[$0.pair].product, $0.element) }, isOfOne: false)
  }

  private init(_ trades: [(product: Product, trade: ClosedTrade)], isOfOne: Bool) {
    guard !trades.isEmpty else {
      description = "No closed trades.\n"
      return
    }
    let decimals = trades.map { Self.decimals(of: $0.trade.quantity) }.max() ?? 0
    let rows = trades.enumerated().map { index, row in
      var cells = Self.cells(
        of: row.trade, number: index + 1, quantityDecimals: decimals,
        priceDecimals: row.product.priceDecimals)
      if !isOfOne { cells.insert(row.product.id, at: 1) }
      return cells
    }
    let table = TextTable(columns: Self.columns(isOfOne: isOfOne), rows: rows)
    description = table.lines(indent: 0).joined(separator: "\n") + "\n"
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
