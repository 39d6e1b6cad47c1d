import Execution
import Market

/// The sections that only a page of several pairs has.
extension PortfolioPage {
  /// The list of refusals shows so many.
  private static let mostRefusals = 50
  /// Cells of a heat map of at most so many pairs have room for figures.
  private static let mostFigures = 12

  // MARK: - Pairs

  /// A row for each pair: what it won, what it cost, what is left of it.
  func writePairs(_ html: inout HTMLWriter) {
    let unit = result.quoteName
    html.panel("pairs", "Pairs", note: "in \(unit); shares are of the account")
    html.markup("<div class=\"scroll\"><table>\n<thead><tr>")
    let heads = [
      "Pair", "Group", "Realised", "Unrealised", "Trades", "Won", "Fees", "In a position",
      "Weight", "Target", "Drift", "To rebalance",
    ]
    for (index, head) in heads.enumerated() {
      html.element("th", ["scope": "col", "class": index < 2 || index > 10 ? "t" : "n"], head)
    }
    html.markup("</tr></thead>\n<tbody>\n")
    for index in result.pairs.indices { writePair(index, &html) }
    html.markup("<tr class=\"total\">")
    let (profit, metrics) = (figures.profit, figures.metrics)
    html.element("td", ["class": "t"], "All")
    html.markup("<td></td>")
    signed(profit.realised, &html)
    signed(profit.unrealised, &html)
    html.element("td", Display.count(metrics.trades))
    html.element("td", Display.percent(metrics.winRate))
    html.element("td", Display.fixed(metrics.fees))
    html.element("td", Display.percent(metrics.exposure))
    html.element("td", Display.percent(figures.drifts.reduce(0) { $0 + $1.weight }))
    html.markup("<td></td><td></td><td></td></tr>\n</tbody>\n</table></div>\n")
    table(
      "Figures of each pair, as if its trades alone had been the account’s",
      PortfolioTables.figures(figures), &html)
    table(
      "At stake over time, in percent of equity: positions and working entries",
      PortfolioTables.stakes(figures), &html)
    html.markup("</section>\n")
  }

  private func table(_ title: String, _ table: TextTable, _ html: inout HTMLWriter) {
    html.element("h3", title)
    html.markup("<div class=\"scroll\">")
    html.table(table)
    html.markup("</div>\n")
  }

  private func writePair(_ index: Int, _ html: inout HTMLWriter) {
    let pair = result.pairs[index]
    let (profit, metrics) = (figures.profits[index], figures.pairMetrics[index])
    html.markup("<tr><td class=\"t\">")
    html.begin(
      "button",
      [
        "type": "button", "class": "open k-s\(index % AccountSeries.colors + 1)",
        "data-opens": "\(index)",
      ])
    html.text(pair.product.id)
    html.markup("</button></td>")
    html.element("td", ["class": "t"], result.groups[index] ?? Display.none)
    signed(profit.realised, &html)
    signed(profit.unrealised, &html)
    html.element("td", Display.count(metrics.trades))
    html.element("td", Display.percent(metrics.winRate))
    html.element("td", Display.fixed(metrics.fees))
    html.element("td", Display.percent(metrics.exposure))
    let drift = figures.drifts.first { $0.pair == index }
    html.element("td", Display.percent(drift?.weight))
    html.element("td", Display.percent(drift?.target))
    html.element("td", Display.percent(drift?.drift))
    html.element(
      "td", ["class": "t"], drift.map { PortfolioTables.advice($0, result.quoteName) } ?? "")
    html.markup("</tr>\n")
  }

  private func signed(_ amount: Money, _ html: inout HTMLWriter) {
    let text = Display.fixed(amount)
    html.element("td", ["class": Display.sign(of: text)], Display.typeset(text))
  }

  /// Each pair's candles and data, folded away.
  func writeFolds(_ html: inout HTMLWriter) {
    html.markup("<section class=\"folds\" aria-label=\"Each pair\">\n")
    for index in result.pairs.indices {
      let pair = result.pairs[index]
      html.begin(
        "details", ["class": "panel", "id": "pair-\(index)", "data-pair": "\(index)"])
      html.markup("<summary>")
      html.element(
        "strong", ["class": "k-s\(index % AccountSeries.colors + 1)"], pair.product.id)
      html.element(
        "span",
        "\(Display.count(pair.candles.count)) candles, "
          + Display.plural(pair.record.trades.count, "trade"))
      html.markup("</summary>\n")
      if !pair.candles.isEmpty {
        html.markup("<div class=\"chart\">\n")
        html.chart(
          "Price and stop", label: "Candles with entries, exits and the stop", hasTrades: true,
          key: HTMLWriter.candleKey)
        html.markup("</div>\n")
      }
      html.markup("<div class=\"halves\"><div class=\"data\"><h3>Data</h3>\n")
      if manifest.pairs.indices.contains(index) {
        html.data(of: pair, manifest.pairs[index].data)
      } else {
        html.data(of: pair, Manifest.DataFile(path: pair.source, bytes: nil, sha256: nil))
      }
      html.markup("</div>\n<div class=\"settings\"><h3>Its own settings</h3>\n")
      writeOwnSettings(of: index, &html)
      html.markup("</div></div>\n</details>\n")
    }
    html.markup("</section>\n")
  }

  private func writeOwnSettings(of index: Int, _ html: inout HTMLWriter) {
    let own = manifest.pairs.indices.contains(index) ? manifest.pairs[index].settings : []
    if own.isEmpty {
      html.markup("<p class=\"empty\">None: those of all pairs hold.</p>\n")
    } else {
      html.list(own, "rows changed")
    }
  }

  // MARK: - Limits and correlations

  /// What the limits refused, and how the pairs move together.
  func writeLimits(_ html: inout HTMLWriter) {
    html.markup("<div class=\"pair\">\n")
    writeRefusals(&html)
    writeCorrelations(&html)
    html.markup("</div>\n")
  }

  private func writeRefusals(_ html: inout HTMLWriter) {
    let refusals = figures.refusals
    html.panel("refusals", "Entries refused", note: "by the account’s limits")
    guard !refusals.isEmpty else {
      html.markup("<p class=\"empty\">None.</p>\n</section>\n")
      return
    }
    html.markup("<table class=\"exits\">\n<thead><tr><th scope=\"col\">Rule</th><th></th>")
    html.markup("<th scope=\"col\">Refused</th><th scope=\"col\">First (UTC)</th></tr></thead>\n")
    html.markup("<tbody>\n")
    for rule in PortfolioRule.allCases {
      let all = refusals.filter { $0.element.refusal.rule == rule }
      guard let first = all.first else { continue }
      html.markup("<tr>")
      html.element("th", ["scope": "row"], rule.rawValue)
      html.bar(Double(all.count) / Double(refusals.count))
      html.element("td", Display.count(all.count))
      html.element("td", Display.minute(first.element.time))
      html.markup("</tr>\n")
    }
    html.markup("</tbody>\n</table>\n")
    html.markup("<h3>")
    html.text(
      refusals.count > Self.mostRefusals ? "The first \(Self.mostRefusals)" : "One by one")
    html.markup("</h3>\n<div class=\"scroll low\">")
    html.table(
      TextTable(
        columns: [
          .init("#"), .init("Time (UTC)", isNumber: false), .init("Pair", isNumber: false),
          .init("Rule", isNumber: false), .init("Was"), .init("Limit"),
        ],
        rows: refusals.prefix(Self.mostRefusals).enumerated().map { index, refusal in
          [
            "\(index + 1)", Display.minute(refusal.element.time),
            result.pairs[refusal.pair].product.id,
            refusal.element.refusal.rule.rawValue, refusal.element.refusal.shownValue,
            refusal.element.refusal.shownLimit,
          ]
        }))
    html.markup("</div>\n</section>\n")
  }

  private func writeCorrelations(_ html: inout HTMLWriter) {
    let names = result.shortNames
    let isWordy = names.count <= Self.mostFigures
    html.panel("correlations", "Correlation", note: "of the pairs’ returns")
    html.markup("<div class=\"scroll\">")
    let kind = names.count <= 6 ? "heat" : isWordy ? "heat wide" : "heat small"
    html.begin("table", ["class": kind])
    html.markup("\n<thead><tr><th></th>")
    for name in names { html.element("th", ["scope": "col"], name) }
    html.markup("</tr></thead>\n<tbody>\n")
    for row in names.indices {
      html.markup("<tr>")
      html.element("th", ["scope": "row"], names[row])
      for column in names.indices {
        let value = figures.correlations[row, column]
        let text = Display.typeset(Display.fixed(value))
        html.element(
          "td",
          [
            "class": row == column ? "self" : Self.heat(value),
            "title": "\(names[row]) and \(names[column]): \(text)",
          ], isWordy && row != column ? text : "")
      }
      html.markup("</tr>\n")
    }
    html.markup("</tbody>\n</table></div>\n")
    html.markup("<p class=\"empty\">1: they move as one; 0: each on its own; −1: against each ")
    html.markup("other. Pairs that move together are one risk: give them one group.</p>\n")
    html.markup("</section>\n")
  }

  /// The class of a correlation's colour: its sign and how large it is, in five steps.
  private static func heat(_ value: Double?) -> String {
    let step = value.map { min(5, Int(($0.magnitude * 5).rounded())) } ?? 0
    guard let value, step > 0 else { return "h0" }
    return value > 0 ? "h\(step)" : "i\(step)"
  }

  // MARK: - Settings and data

  /// The settings of all pairs, and what was found out about their candles.
  func writeSettings(_ html: inout HTMLWriter) {
    html.panel("settings", "Settings", note: "of all pairs; what differs stands at each pair")
    html.settings(result.settings, changed: result.changed)
    html.markup("</section>\n")
    html.panel("end", "Data")
    html.markup("<div class=\"scroll\">")
    html.table(PortfolioTables.data(result))
    html.markup("</div>\n</section>\n")
  }
}
