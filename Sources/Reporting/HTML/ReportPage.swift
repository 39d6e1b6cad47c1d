import Execution
import Market
import PageAssets

/// A run as one HTML page that needs nothing else: no network, no font, no library.
///
/// All figures come from `RunResult` and the types of `Figures`; the page's script draws and sorts
/// and computes nothing. Its words are those of `ConsoleSummary`. The page holds no clock and no
/// folder, so the same run gives the same bytes. A content security policy with the digests of the
/// one script and the one style sheet forbids everything else, and loading anything at all.
public struct ReportPage: Sendable {
  let result: RunResult
  let manifest: Manifest
  let metrics: Metrics
  let summary: ConsoleSummary
  /// The most candles that the page carries one by one; of more, neighbours are merged.
  var mostCandles = 500_000

  /// The page of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - manifest: What it was made with and from.
  public init(_ result: RunResult, manifest: Manifest) {
    self.result = result
    self.manifest = manifest
    metrics = Metrics(result)
    summary = ConsoleSummary(result, metrics, Counts(result.record))
  }

  /// The whole page, for short runs.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write { bytes += $0 }
    return bytes
  }

  /// Writes the page.
  ///
  /// - Parameter sink: Takes about 32 KiB of UTF-8 at a time.
  /// - Throws: What the sink throws, at once.
  public func write<Failure: Error>(
    to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let unit = result.product.quoteName
    let trades = result.record.trades
    var html = HTMLWriter()
    html.head(title: "\(result.product.id), \(strategy)", manifest.program)
    html.markup("<body>\n<div class=\"page\">\n")
    html.top(
      result.product.id,
      [strategy, "\(Display.interval(result.interval)) candles"]
        + Display.span(
          from: result.candles.first?.start,
          to: result.candles.last.map { $0.start + result.interval }))
    html.markup("<main>\n")
    html.cautions(summary.sheet.cautions)
    html.headline(headline)
    writeChart(&html)
    html.markup("<div class=\"pair\">\n")
    html.returns(months: Breakdown(result, by: .month), days: Breakdown(result, by: .day))
    html.outcomes(trades, unit)
    html.markup("</div>\n")
    html.figures(summary.sheet.sections)
    html.ends(of: [result])
    try html.trades(
      trades.map { HTMLWriter.TradeRow(trade: $0, product: result.product) }, to: sink)
    html.markup("<div class=\"pair\">\n")
    html.panel("settings", "Settings")
    html.settings(result.settings, changed: result.changed)
    html.markup("</section>\n")
    html.panel("data", "Data")
    html.data(of: result, manifest.data)
    html.markup("</section>\n</div>\n</main>\n")
    html.foot(manifest.program)
    html.markup("</div>\n")
    try writeSeries(&html, to: sink)
    html.markup("<script>")
    html.asset(PageAssets.script)
    html.markup("</script>\n</body>\n</html>\n")
    try html.drain(always: true, into: sink)
  }

  /// The strategy that played; empty where the settings do not say.
  private var strategy: String {
    result.settings.first { $0.key == "strategy.name" }?.value ?? ""
  }

  /// What stands above everything, and whether its sign says good or bad.
  private var headline: [(row: SummarySheet.Row, isSigned: Bool)] {
    summary.sheet.headline(
      metrics, from: result.startingCash, to: result.finalEquity, result.product.quoteName,
      hold: SummarySheet.Row(
        label: "Buy and hold", value: Display.percent(result.buyAndHold),
        note: "market change, no fees"))
  }

  private func writeChart(_ html: inout HTMLWriter) {
    guard !result.candles.isEmpty else { return }
    html.markup("<section class=\"panel chart\" id=\"chart\" aria-label=\"Charts over time\">\n")
    html.chart(
      "Price, stop and equity",
      label: "Candles with entries, exits and the stop; equity against buy and hold; drawdown",
      hasTrades: true, key: HTMLWriter.candleKey)
    html.markup("</section>\n")
  }

  private func writeSeries<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let pair = PairSeries(result, mostCandles: mostCandles)
    let curves = CurveSeries(
      startingCash: result.startingCash, count: result.candles.count, group: pair.group)
    try pair.write(&html, to: sink)
    try curves.write(
      &html, equity: EquityCurve(result),
      hold: result.candles.lazy.map { result.buyAndHoldWorth(at: $0.close) ?? 0 },
      drawdown: DrawdownCurve(result), to: sink)
    var json = JSONWriter()
    json.beginObject()
    pair.writeFacts(&json)
    curves.writeFacts(&json)
    json.endObject()
    html.json("run", json)
  }
}

extension SummarySheet {
  /// What stands above everything on a page, and whether its sign says good or bad.
  func headline(
    _ metrics: Metrics, from start: Money, to end: Money, _ unit: String, hold: Row
  ) -> [(row: Row, isSigned: Bool)] {
    let even = metrics.trades - metrics.wins - metrics.losses
    let outcomes =
      "\(Display.count(metrics.wins)) won, \(Display.count(metrics.losses)) lost"
      + (even > 0 ? ", \(Display.count(even)) even" : "")
    let growth = "\(Display.fixed(start)) to \(Display.fixed(end)) \(unit)"
    return [
      (Row(label: "Return", value: Display.percent(metrics.totalReturn), note: growth), true),
      (hold, true), (summarised("Max drawdown"), false), (summarised("Sharpe"), false),
      (Row(label: "Win rate", value: Display.percent(metrics.winRate), note: outcomes), false),
      (
        Row(
          label: "Profit factor", value: Display.fixed(metrics.profitFactor),
          note: "sum of wins / sum of losses"), false
      ),
    ]
  }

  /// A row of the summary, with the market's figure in its note.
  private func summarised(_ label: String) -> Row {
    guard var row = sections.lazy.flatMap(\.rows).first(where: { $0.label == label }) else {
      preconditionFailure("the summary has no row '\(label)'")
    }
    if let beside = row.beside { row.note = "buy and hold: " + Display.typeset(beside) }
    return row
  }
}

extension Display {
  /// The time of a run in words; nothing where it has none.
  static func span(from begin: Timestamp?, to end: Timestamp?) -> [String] {
    guard let begin, let end else { return [] }
    let span = duration(seconds: Double((end - begin).seconds))
    return ["\(minute(begin)) to \(minute(end)) UTC (\(span))"]
  }
}
