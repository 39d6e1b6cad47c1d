import Market
import PageAssets

/// The comparison of a session with its backtest as one HTML page that needs nothing else.
public struct AuditPage: Sendable {
  let report: AuditReport
  let subject: AuditSubject
  let program: ResultDocument.Program

  /// The page of a comparison.
  ///
  /// - Parameters:
  ///   - report: What was found.
  ///   - subject: What was compared.
  ///   - program: Who did.
  public init(_ report: AuditReport, of subject: AuditSubject, by program: ResultDocument.Program) {
    self.report = report
    self.subject = subject
    self.program = program
  }

  /// Writes the page.
  ///
  /// - Parameter sink: Takes about 32 KiB of UTF-8 at a time.
  /// - Throws: What the sink throws, at once.
  public func write<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let name = report.pairs.joined(separator: ", ")
    var html = HTMLWriter()
    html.head(title: "\(name), \(subject.kind) and backtest", program)
    html.markup("<body>\n<div class=\"page audit\">\n")
    html.top(
      name,
      ["\(subject.kind) and backtest", subject.strategy]
        + Display.span(from: report.begin, to: report.end))
    html.markup("<main>\n")
    if !report.isExplained {
      html.cautions([
        "\(report.verdict). Nothing in the record says why; look at the causes named unexplained."
      ])
    }
    html.headline(headline)
    html.markup("<div class=\"pair\">\n")
    writeShares(&html)
    writeSides(&html)
    html.markup("</div>\n")
    writeCoverage(&html)
    try writeCauses(&html, to: sink)
    try writeDifferences(&html, to: sink)
    html.markup("</main>\n")
    html.foot(program)
    html.markup("</div>\n<script>")
    html.asset(PageAssets.script)
    html.markup("</script>\n</body>\n</html>\n")
    try html.drain(always: true, into: sink)
  }

  private var headline: [(row: SummarySheet.Row, isSigned: Bool)] {
    let unit = report.unit
    func row(_ label: String, _ value: String, _ note: String) -> SummarySheet.Row {
      SummarySheet.Row(label: label, value: value, note: note)
    }
    return [
      (row("Backtest", Display.fixed(report.backtest.equity), "\(unit) at the end"), false),
      (row("Session", Display.fixed(report.session.equity), "\(unit) at the end"), false),
      (row("Difference", Display.fixed(report.difference), "session less backtest"), true),
      (row("Unexplained", Display.fixed(report.unexplained), "of it, \(unit)"), true),
      (
        row(
          "Causes", Display.count(report.causes.count),
          report.causes.isEmpty ? "nothing differs" : "where the session left its way"), false
      ),
      (
        row(
          "Differences", Display.count(report.differences.count), "orders, fills and positions"),
        false
      ),
    ]
  }

  /// What each kind of cause comes to, as bars to either side of nothing.
  private func writeShares(_ html: inout HTMLWriter) {
    html.panel("causes", "By cause", note: "effect on the result, \(report.unit)")
    guard !report.shares.isEmpty else {
      html.markup(
        "<p class=\"empty\">Every order, fill and position is the same in both, to the last unit.</p>"
      )
      html.markup("\n</section>\n")
      return
    }
    let greatest = report.shares.map { abs($0.worth.double) }.max() ?? 0
    html.markup("<div class=\"scroll\"><table class=\"shares\">\n<thead><tr>")
    for (title, isNumber) in [
      ("Cause", false), ("Times", true), ("Worth", true), ("", false),
      ("What it stands for", false),
    ] {
      html.element("th", ["scope": "col", "class": isNumber ? "n" : "t"], title)
    }
    html.markup("</tr></thead>\n<tbody>\n")
    for share in report.shares {
      html.markup("<tr>")
      html.element("td", ["class": "t"], share.cause.title)
      html.element("td", Display.count(share.count))
      amount(share.worth, &html)
      html.markup("<td class=\"share\">")
      bar(share.worth.double, of: greatest, &html)
      html.markup("</td>")
      html.element("td", ["class": "t"], share.cause.meaning)
      html.markup("</tr>\n")
    }
    html.markup("<tr class=\"total\">")
    html.element("td", ["class": "t"], "sum")
    html.element("td", Display.count(report.causes.count))
    amount(report.difference, &html)
    html.markup("<td></td><td></td></tr>\n</tbody>\n</table></div>\n</section>\n")
  }

  private func amount(_ worth: Money, _ html: inout HTMLWriter) {
    let shown = Display.fixed(worth)
    let sign = worth > .zero ? "good" : worth < .zero ? "bad" : ""
    html.element(
      "td", ["class": sign, "title": "\(worth) \(report.unit)"], Display.typeset(shown))
  }

  private func bar(_ worth: Double, of greatest: Double, _ html: inout HTMLWriter) {
    let share = greatest > 0 ? abs(worth) / greatest * 50 : 0
    let width = Display.fixed(share, decimals: 2)
    let from = worth < 0 ? Display.fixed(50 - share, decimals: 2) : "50"
    html.begin(
      "svg",
      ["viewBox": "0 0 100 6", "preserveAspectRatio": "none", "aria-hidden": "true"])
    html.markup("<rect class=\"zero\" x=\"49.75\" y=\"0\" width=\"0.5\" height=\"6\"></rect>")
    html.begin(
      "rect",
      ["class": worth < 0 ? "less" : "more", "x": from, "y": "1", "width": width, "height": "4"])
    html.markup("</rect></svg>")
  }

  private func writeSides(_ html: inout HTMLWriter) {
    html.panel("sides", "Both runs", note: subject.candles + report.otherCandleWords)
    html.markup("<div class=\"scroll\">")
    html.table(report.sidesTable(isExact: false))
    html.markup("</div>\n<p class=\"hint\">")
    html.text(
      "The worth of a cause is what the account has more or less at the end than if all had gone on "
        + "as in the backtest from there. What follows from it is counted with it, so the causes add "
        + "up to the difference exactly.")
    html.markup("</p>\n</section>\n")
  }

  private func writeCoverage(_ html: inout HTMLWriter) {
    guard let coverage = report.coverage, coverage.held.span.nanoseconds > 0 else { return }
    html.panel(
      "trades", "Stop coverage",
      note: "what the session held, and what of it had no exit order at the exchange, by reason")
    html.markup("<div class=\"scroll\">")
    html.table(coverage.table(report.unit))
    html.markup("</div>\n</section>\n")
  }

  private func writeCauses<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard !report.causes.isEmpty else { return }
    html.panel("trades", "Where the session left the backtest's way", note: "oldest first, UTC")
    html.markup("<div class=\"scroll\"><table class=\"wordy\">\n<thead><tr>")
    for (title, isNumber) in [
      ("#", true), ("Time", false), ("Pair", false), ("Cause", false), ("Worth", true),
      ("What happened", false),
    ] {
      html.element("th", ["scope": "col", "class": isNumber ? "n" : "t"], title)
    }
    html.markup("</tr></thead>\n<tbody>\n")
    for (index, cause) in report.causes.enumerated() {
      html.begin("tr", ["id": "cause-\(index + 1)"])
      html.element("td", Display.count(index + 1))
      html.element("td", ["class": "t"], Self.moment(cause.time))
      html.element("td", ["class": "t"], cause.pair ?? "all")
      html.element(
        "td", ["class": cause.cause == .unexplained ? "t bad" : "t"], cause.cause.title)
      amount(cause.worth, &html)
      html.element("td", ["class": "t words"], cause.story)
      html.markup("</tr>\n")
      try html.drain(into: sink)
    }
    html.markup("</tbody>\n</table></div>\n</section>\n")
  }

  private func writeDifferences<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard !report.differences.isEmpty else { return }
    html.panel(
      "trades", "What differs", note: "by the decision that the entry was made at, and its cause")
    html.markup("<div class=\"scroll\"><table class=\"wordy\">\n<thead><tr>")
    for (title, isNumber) in [
      ("Pair", false), ("Entry", false), ("What", false), ("Backtest", false), ("Session", false),
      ("By", true),
    ] {
      html.element("th", ["scope": "col", "class": isNumber ? "n" : "t"], title)
    }
    html.markup("</tr></thead>\n<tbody>\n")
    for difference in report.differences {
      html.markup("<tr>")
      html.element("td", ["class": "t"], difference.pair)
      html.element("td", ["class": "t"], Display.minute(difference.entry))
      html.element("td", ["class": "t"], difference.name)
      html.element("td", ["class": "t words"], difference.backtest ?? Display.none)
      html.element("td", ["class": "t words"], difference.session ?? Display.none)
      html.markup("<td>")
      html.begin("a", ["href": "#cause-\(difference.cause)"])
      html.text("\(difference.cause)")
      html.markup("</a></td></tr>\n")
      try html.drain(into: sink)
    }
    html.markup("</tbody>\n</table></div>\n</section>\n")
  }

  /// `2024-01-01 00:05:20`.
  private static func moment(_ time: Timestamp) -> String {
    String(time.description.prefix(19)).replacing("T", with: " ")
  }
}
