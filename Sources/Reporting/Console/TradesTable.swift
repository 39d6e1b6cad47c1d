package import Execution
import Market

/// All closed trades as a table for a terminal, one line for each, at most 80 columns wide.
///
/// Quantities stand under each other by their points, and are left out where there is no room;
/// average prices have the tick's decimals; the percentage is realised / entry notional, after fees.
/// Times are UTC. Rounded for display only, half-even.
public struct TradesTable: Sendable, CustomStringConvertible {
  private static let columns: [TextTable.Column] = [
    .init("Entered (UTC)", isNumber: false), .init("Held"), .init("Quantity", isOptional: true),
    .init("Bought at"), .init("Sold at"), .init("Realised"), .init("%"),
    .init("Sold by", isNumber: false),
  ]

  /// A trade, what its line begins with, and the decimals of its prices.
  private typealias Line = (names: [String], priceDecimals: Int, trade: ClosedTrade)

  /// The text, ended by a line feed.
  public let description: String

  /// Tabulates the trades of a run.
  public init(_ result: RunResult) {
    let decimals = result.product.priceDecimals
    self.init(
      result.record.trades.enumerated().map { (["\($0 + 1)"], decimals, $1) }, [.init("#")])
  }

  /// Tabulates the trades of all pairs in one table, in the order in which they closed.
  public init(_ result: PortfolioResult) {
    self.init(
      result.trades.enumerated().map { index, trade in
        let product = result.pairs[trade.pair].product
        return (["\(index + 1)", product.id], product.priceDecimals, trade.element)
      }, [.init("#"), .init("Pair", isNumber: false)])
  }

  /// Tabulates trades that have names, each with the decimals of its prices.
  package init(named trades: [(name: String, priceDecimals: Int, trade: ClosedTrade)]) {
    self.init(
      trades.map { ([$0.name], $0.priceDecimals, $0.trade) },
      [.init("Position", isNumber: false)])
  }

  private init(_ lines: [Line], _ names: [TextTable.Column]) {
    guard !lines.isEmpty else {
      description = "No closed trades.\n"
      return
    }
    let decimals = lines.map { Self.decimals(of: $0.trade.quantity) }.max() ?? 0
    let rows = lines.map { line in
      line.names
        + Self.cells(
          of: line.trade, quantityDecimals: decimals, priceDecimals: line.priceDecimals)
    }
    let table = TextTable(columns: names + Self.columns, rows: rows)
    description = table.lines(indent: 0).joined(separator: "\n") + "\n"
  }

  private static func cells(
    of trade: ClosedTrade, quantityDecimals: Int, priceDecimals: Int
  ) -> [String] {
    let quantity = trade.quantity.double
    let realised = trade.realised
    return [
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
