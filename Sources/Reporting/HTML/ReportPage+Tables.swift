import Execution
import Market

/// The long lists: trades, settings, and what was found out about the data.
extension ReportPage {
  private static let columns: [(title: String, isNumber: Bool)] = [
    ("#", true), ("Entered (UTC)", false), ("Left (UTC)", false), ("Held", true),
    ("Quantity", true), ("Entry avg", true), ("Exit avg", true), ("Realised", true), ("%", true),
    ("Ratchets", true), ("Sold by", false),
  ]

  func writeTrades<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    html.markup("<section class=\"panel trades\">\n<h2>Trades <small>closed positions, after fees")
    html.markup("</small></h2>\n")
    if result.record.trades.isEmpty {
      html.markup("<p class=\"empty\">No closed trades.</p>\n</section>\n")
      return
    }
    html.markup("<div class=\"scroll tall\"><table id=\"trades\">\n<thead><tr>")
    for column in Self.columns {
      html.begin("th", ["scope": "col", "class": column.isNumber ? "n" : "t"])
      html.element("button", ["type": "button"], column.title)
      html.end("th")
    }
    html.markup("</tr></thead>\n<tbody>\n")
    for (index, trade) in result.record.trades.enumerated() {
      write(trade, number: index + 1, to: &html)
      try html.drain(into: sink)
    }
    html.markup("</tbody>\n</table></div>\n</section>\n")
  }

  private func write(_ trade: ClosedTrade, number: Int, to html: inout HTMLWriter) {
    let quantity = trade.quantity.double
    let decimals = result.product.priceDecimals
    let held = trade.exitTime - trade.entryTime
    let sign = trade.realised > .zero ? "good" : trade.realised < .zero ? "bad" : ""
    html.markup("<tr>")
    html.element("td", Display.count(number))
    html.element("td", Display.minute(trade.entryTime))
    html.element("td", Display.minute(trade.exitTime))
    html.element(
      "td", ["data-v": "\(held.seconds)"],
      Display.duration(seconds: Double(held.nanoseconds) / 1e9))
    html.element("td", trade.quantity.description)
    html.element("td", Display.fixed(trade.entryNotional.double / quantity, decimals: decimals))
    html.element("td", Display.fixed(trade.exitNotional.double / quantity, decimals: decimals))
    html.element("td", ["class": sign], Self.typeset(Display.fixed(trade.realised)))
    let share = trade.realised.double / trade.entryNotional.double * 100
    html.element("td", ["class": sign], Self.typeset(Display.fixed(share)))
    html.element("td", Display.count(trade.ratchets))
    html.element("td", trade.exitReason.rawValue)
    html.markup("</tr>\n")
  }

  // MARK: - Settings

  func writeSettings(_ html: inout HTMLWriter) {
    html.markup("<section class=\"panel settings\">\n<h2>Settings</h2>\n")
    if result.changed.isEmpty {
      html.markup("<p class=\"empty\">All at their defaults.</p>\n")
    } else {
      html.markup("<h3>Changed from the defaults</h3>\n")
      write(result.changed, "rows changed", to: &html)
    }
    let changed = Set(result.changed.map(\.key))
    let rest = result.settings.filter { !changed.contains($0.key) }
    if !rest.isEmpty {
      if !result.changed.isEmpty { html.markup("<h3>At their defaults</h3>\n") }
      write(rest, "rows", to: &html)
    }
    html.markup("</section>\n")
  }

  private func write(
    _ settings: [RunResult.Setting], _ kind: String, to html: inout HTMLWriter
  ) {
    html.begin("dl", ["class": kind])
    for setting in settings {
      html.markup("<div>")
      html.element("dt", setting.key)
      html.element("dd", setting.value)
      html.markup("</div>\n")
    }
    html.markup("</dl>\n")
  }

  // MARK: - Data

  func writeData(_ html: inout HTMLWriter) {
    let data = result.data
    html.markup("<section class=\"panel data\">\n<h2>Data</h2>\n<dl class=\"rows\">\n")
    fact("File", manifest.data.path, to: &html)
    if let bytes = manifest.data.bytes {
      fact("Size", "\(Display.count(Int(bytes))) bytes", to: &html)
    }
    if let digest = manifest.data.sha256 { fact("SHA-256", digest, to: &html) }
    if let range = manifest.timeRange { fact("Time range", range, to: &html) }
    fact("Candles", Display.count(result.candles.count), to: &html)
    finding("Gaps", data.gaps, "breaks in the grid", to: &html)
    finding("Missing", data.missing, "candles absent in them, never made up", to: &html)
    finding("Bad rows", data.badRows, "dropped, as asked for", to: &html)
    finding(
      "Rounded volumes", data.roundedVolumes, "finer than 8 decimals, rounded down", to: &html)
    let check = result.candleCheck
    if check.zeroVolume > 0 {
      finding("Without volume", check.zeroVolume, "candles in which nothing traded", to: &html)
    }
    if check.outliers > 0 {
      finding(
        "Outliers", check.outliers,
        "moved much further than their neighbours; \(Display.count(check.spikes)) came straight back",
        to: &html)
    }
    html.markup("</dl>\n")
    if check.lastMayBeUnfinished {
      html.markup("<p class=\"empty\">The last candle may be unfinished.</p>\n")
    }
    if !check.longestGaps.isEmpty {
      html.markup("<h3>Longest gaps (UTC)</h3>\n<ol class=\"bad-rows\">\n")
      for gap in check.longestGaps.prefix(5) {
        let move = Self.typeset(Display.percent(gap.move))
        html.element(
          "li",
          "\(Display.minute(gap.from)) to \(Display.minute(gap.to)): "
            + "\(Display.count(gap.missing)) missing, price moved \(move)")
      }
      html.markup("</ol>\n")
    }
    if !data.bad.isEmpty {
      html.markup("<h3>Dropped rows")
      if data.badRows > data.bad.count { html.element("small", "the first \(data.bad.count)") }
      html.markup("</h3>\n<ol class=\"bad-rows\">\n")
      for row in data.bad { html.element("li", "line \(Display.count(row.line)): \(row.reason)") }
      html.markup("</ol>\n")
    }
    html.markup("</section>\n")
  }

  private func fact(_ label: String, _ value: String, to html: inout HTMLWriter) {
    html.markup("<div>")
    html.element("dt", label)
    html.element("dd", value)
    html.markup("</div>\n")
  }

  private func finding(_ label: String, _ count: Int, _ note: String, to html: inout HTMLWriter) {
    html.markup("<div><dt>")
    html.text(label)
    html.element("small", note)
    html.markup("</dt>")
    html.element("dd", ["class": count == 0 ? "" : "odd"], Display.count(count))
    html.markup("</div>\n")
  }
}
