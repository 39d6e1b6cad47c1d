import Market

/// The top of the page and its figures in words and numbers.
extension ReportPage {
  func writeTop(_ html: inout HTMLWriter) {
    html.markup("<header class=\"top\">\n<div>\n<h1>")
    html.text(result.product.id)
    html.markup("</h1>\n<p>")
    var parts = [strategy, "\(Display.interval(result.interval)) candles"]
    if let first = result.candles.first, let last = result.candles.last {
      let end = last.start + result.interval
      let span = Display.duration(seconds: Double((end - first.start).seconds))
      parts.append("\(Display.minute(first.start)) to \(Display.minute(end)) UTC (\(span))")
    }
    for part in parts where !part.isEmpty { html.element("span", part) }
    html.markup(
      """
      </p>
      </div>
      <div class="tools">
      <button type="button" id="theme" hidden></button>
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 26h6v-7h6v-7h6V5h8"></path><path class="limit" d="M3 30h9v-7h6v-7h6V9h5"></path>
      </svg>
      <span class="brand">Ratchet</span>
      </div>
      </header>

      """)
  }

  func writeCautions(_ html: inout HTMLWriter) {
    for caution in summary.sheet.cautions {
      html.markup("<p class=\"caution\" role=\"note\"><strong>Warning:</strong> ")
      html.text(caution)
      html.markup("</p>\n")
    }
  }

  func writeHeadline(_ html: inout HTMLWriter) {
    html.markup("<section class=\"headline\" aria-label=\"Headline figures\">\n<dl>\n")
    for (row, isSigned) in headline {
      html.markup("<div>")
      html.element("dt", row.label)
      let sign = isSigned ? Self.sign(of: row.value) : ""
      html.element("dd", ["class": "value \(sign)"], Self.typeset(row.value))
      html.element("dd", ["class": "note"], Self.typeset(row.note))
      html.markup("</div>\n")
    }
    html.markup("</dl>\n</section>\n")
  }

  /// What stands above everything, and whether its sign says good or bad.
  private var headline: [(row: SummarySheet.Row, isSigned: Bool)] {
    let even = metrics.trades - metrics.wins - metrics.losses
    let outcomes =
      "\(Display.count(metrics.wins)) won, \(Display.count(metrics.losses)) lost"
      + (even > 0 ? ", \(Display.count(even)) even" : "")
    let growth =
      "\(Display.fixed(result.startingCash)) to \(Display.fixed(result.finalEquity)) "
      + result.product.quoteName
    return [
      (.init(label: "Return", value: Display.percent(metrics.totalReturn), note: growth), true),
      (
        .init(
          label: "Buy and hold", value: Display.percent(result.buyAndHold),
          note: "market change, no fees"), true
      ),
      (summarised("Max drawdown"), false), (summarised("Sharpe"), false),
      (
        .init(label: "Win rate", value: Display.percent(metrics.winRate), note: outcomes), false
      ),
      (
        .init(
          label: "Profit factor", value: Display.fixed(metrics.profitFactor),
          note: "sum of wins / sum of losses"), false
      ),
    ]
  }

  /// A row of the summary, with the market's figure in its note.
  private func summarised(_ label: String) -> SummarySheet.Row {
    let rows = summary.sheet.sections.lazy.flatMap(\.rows)
    guard var row = rows.first(where: { $0.label == label }) else {
      preconditionFailure("the summary has no row '\(label)'")
    }
    if let beside = row.beside { row.note = "buy and hold: " + Self.typeset(beside) }
    return row
  }

  /// The summary's sections, label by label, and what is left at the end.
  func writeFigures(_ html: inout HTMLWriter) {
    html.markup("<section class=\"figures\" aria-label=\"All figures\">\n")
    for section in summary.sheet.sections {
      html.markup("<div class=\"panel\">\n")
      html.begin("h2")
      html.text(section.title)
      if section.rows.contains(where: { $0.beside != nil }) {
        html.markup("<span class=\"heads\"><span>Strategy</span><span>Buy and hold</span></span>")
      }
      html.markup("</h2>\n<dl class=\"rows\">\n")
      for row in section.rows { write(row, to: &html) }
      html.markup("</dl>\n</div>\n")
    }
    html.markup("</section>\n")
    writeEnd(&html)
  }

  private func write(_ row: SummarySheet.Row, to html: inout HTMLWriter) {
    html.markup("<div><dt>")
    html.text(row.label)
    if !row.note.isEmpty { html.element("small", Self.typeset(row.note)) }
    html.markup("</dt>")
    html.element("dd", Self.typeset(row.value))
    if let beside = row.beside { html.element("dd", ["class": "beside"], Self.typeset(beside)) }
    html.markup("</div>\n")
  }

  private func writeEnd(_ html: inout HTMLWriter) {
    let tables = [
      (
        "Open trades", "at the last close, before the fee of selling",
        SummaryTables.openTrades([result])
      ),
      ("Working orders", "at the end", SummaryTables.workingOrders([result])),
    ]
    html.markup("<div class=\"ends\">\n")
    for (title, note, table) in tables {
      guard let table else { continue }
      html.markup("<section class=\"panel end\">\n<h2>")
      html.text(title)
      html.element("small", note)
      html.markup("</h2>\n<div class=\"scroll\">")
      html.table(table)
      html.markup("</div>\n</section>\n")
    }
    html.markup("</div>\n")
  }

  func writeFoot(_ html: inout HTMLWriter) {
    html.markup("<footer>\n<p>")
    html.text(
      "Made by \(manifest.program.name) \(manifest.program.version). Money, prices and quantities "
        + "are counted exactly and rounded on this page for reading only.")
    html.markup("</p>\n<p>")
    html.markup(
      """
      This file is the whole page: it loads nothing and sends nothing. A backtest is no promise, \
      and nothing here is advice to trade.
      """)
    html.markup("</p>\n</footer>\n")
  }

  /// A number as printers set it: with a minus, not a hyphen.
  static func typeset(_ number: String) -> String {
    number.hasPrefix("-") ? "−" + number.dropFirst() : number
  }

  /// The class of a number that is good or bad by its sign.
  static func sign(of number: String) -> String {
    if number.hasPrefix("-") { return "bad" }
    return number.contains { ("1"..."9").contains($0) } ? "good" : ""
  }
}
