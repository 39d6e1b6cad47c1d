import Execution
import Market

/// The list of trades, which the script sorts.
extension HTMLWriter {
  /// A closed trade with its pair.
  struct TradeRow {
    var trade: ClosedTrade
    var product: Product
    /// The pair's number, and which of its trades it is, in a list of several pairs' trades.
    var place: (pair: Int, trade: Int)?
  }

  private static let columns: [(title: String, isNumber: Bool)] = [
    ("#", true), ("Pair", false), ("Entered (UTC)", false), ("Left (UTC)", false), ("Held", true),
    ("Quantity", true), ("Entry avg", true), ("Exit avg", true), ("Realised", true), ("%", true),
    ("Ratchets", true), ("Sold by", false),
  ]

  /// Lists trades in the order in which they closed.
  mutating func trades<Failure: Error>(
    _ rows: [TradeRow], to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    panel("trades", "Trades", note: "closed positions, after fees")
    guard let first = rows.first else {
      markup("<p class=\"empty\">No closed trades.</p>\n</section>\n")
      return
    }
    markup("<div class=\"scroll tall\"><table id=\"trades\">\n<thead><tr>")
    for column in Self.columns where column.title != "Pair" || first.place != nil {
      begin("th", ["scope": "col", "class": column.isNumber ? "n" : "t"])
      element("button", ["type": "button"], column.title)
      end("th")
    }
    markup("</tr></thead>\n<tbody>\n")
    for (index, row) in rows.enumerated() {
      self.row(row, number: index + 1)
      try drain(into: sink)
    }
    markup("</tbody>\n</table></div>\n</section>\n")
  }

  private mutating func row(_ row: TradeRow, number: Int) {
    let trade = row.trade
    let quantity = trade.quantity.double
    let decimals = row.product.priceDecimals
    let held = trade.exitTime - trade.entryTime
    let sign = trade.realised > .zero ? "good" : trade.realised < .zero ? "bad" : ""
    if let place = row.place {
      begin("tr", ["data-pair": "\(place.pair)", "data-trade": "\(place.trade)"])
    } else {
      markup("<tr>")
    }
    element("td", Display.count(number))
    if row.place != nil { element("td", ["class": "t"], row.product.id) }
    element("td", ["class": "t"], Display.minute(trade.entryTime))
    element("td", ["class": "t"], Display.minute(trade.exitTime))
    element(
      "td", ["data-v": "\(held.seconds)"],
      Display.duration(seconds: Double(held.nanoseconds) / 1e9))
    element("td", trade.quantity.description)
    element("td", Display.fixed(trade.entryNotional.double / quantity, decimals: decimals))
    element("td", Display.fixed(trade.exitNotional.double / quantity, decimals: decimals))
    element("td", ["class": sign], Display.typeset(Display.fixed(trade.realised)))
    let share = trade.realised.double / trade.entryNotional.double * 100
    element("td", ["class": sign], Display.typeset(Display.fixed(share)))
    element("td", Display.count(trade.ratchets))
    element("td", ["class": "t"], trade.exitReason.rawValue)
    markup("</tr>\n")
  }
}
