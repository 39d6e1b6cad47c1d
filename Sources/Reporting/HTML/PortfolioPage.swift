import Execution
import Market
import PageAssets

/// A run of several pairs on one account as one HTML page that needs nothing else; see `ReportPage`,
/// whose parts, styles and script it shares.
///
/// The account comes first: its curves, what each pair was of it, and what its limits did. Each pair's
/// own candles wait folded until they are asked for.
public struct PortfolioPage: Sendable {
  /// In a title there is room for so many names.
  private static let mostNames = 4

  let result: PortfolioResult
  let manifest: PortfolioManifest
  let figures: PortfolioFigures
  let summary: PortfolioSummary
  /// The most candles of all pairs together that the page carries one by one.
  var mostCandles = 400_000
  /// The most points of the account's curves.
  var mostPoints = 6_000

  /// The page of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - manifest: What it was made with and from.
  public init(_ result: PortfolioResult, manifest: PortfolioManifest) {
    self.result = result
    self.manifest = manifest
    figures = PortfolioFigures(result)
    summary = PortfolioSummary(figures)
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
    var html = HTMLWriter()
    html.head(title: name, manifest.program)
    html.markup("<body>\n<div class=\"page\">\n")
    html.top(
      name,
      ["one account", result.strategy ?? "", "\(Display.interval(result.interval)) candles"]
        + Display.span(from: result.begin, to: result.end))
    html.markup("<main>\n")
    html.cautions(cautions)
    html.headline(headline)
    writeChart(&html)
    writePairs(&html)
    writeFolds(&html)
    writeLimits(&html)
    html.markup("<div class=\"pair\">\n")
    html.returns(months: Breakdown(result, by: .month), days: Breakdown(result, by: .day))
    html.outcomes(result.pairs.flatMap(\.record.trades), result.quoteName)
    html.markup("</div>\n")
    html.figures(summary.sheet.sections)
    html.ends(of: result.pairs)
    try writeTrades(&html, to: sink)
    writeSettings(&html)
    html.markup("</main>\n")
    html.foot(manifest.program)
    html.markup("</div>\n")
    try writeSeries(&html, to: sink)
    html.markup("<script>")
    html.asset(PageAssets.script)
    html.markup("</script>\n</body>\n</html>\n")
    try html.drain(always: true, into: sink)
  }

  private var name: String {
    let names = result.pairs.map(\.product.id)
    let first = names.prefix(Self.mostNames).joined(separator: ", ")
    let more = names.count - Self.mostNames
    return more > 0 ? "\(first) and \(more) more" : first
  }

  private var cautions: [String] {
    guard let trip = result.trip else { return summary.sheet.cautions }
    let breaker =
      "the breaker tripped on \(Display.minute(trip.time)) UTC, when equity was "
      + "\(Display.fixed(trip.equity)) \(result.quoteName) and the level "
      + "\(Refusal.shown(trip.level)). Everything was sold, and nothing was entered after."
    return [breaker] + summary.sheet.cautions
  }

  private var headline: [(row: SummarySheet.Row, isSigned: Bool)] {
    summary.sheet.headline(
      figures.metrics, from: result.startingCash, to: result.finalEquity, result.quoteName,
      hold: SummarySheet.Row(
        label: "Buy and hold", value: Display.percent(figures.market?.totalReturn),
        note: "equal parts, no fees"))
  }

  private func writeChart(_ html: inout HTMLWriter) {
    guard result.begin != nil else { return }
    html.markup("<section class=\"panel chart\" id=\"chart\" aria-label=\"Charts over time\">\n")
    html.chart(
      "The account",
      label: "Equity against buy and hold, drawdown, what each pair is of equity, and what each "
        + "correlation group has at stake against its limit",
      hasTrades: false,
      key: result.shortNames.enumerated().map { index, name in
        ("k-s\(index % AccountSeries.colors + 1)", name)
      } + [("k-cash", "cash")])
    html.markup("</section>\n")
  }

  private func writeTrades<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var counts = result.pairs.map { _ in 0 }
    let rows = result.trades.map { trade in
      counts[trade.pair] += 1
      return HTMLWriter.TradeRow(
        trade: trade.element, product: result.pairs[trade.pair].product,
        place: (trade.pair, counts[trade.pair] - 1))
    }
    try html.trades(rows, to: sink)
  }

  private func writeSeries<Failure: Error>(
    _ html: inout HTMLWriter, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try AccountSeries(result, mostPoints: mostPoints).write(&html, to: sink)
    for index in result.pairs.indices {
      let series = PairSeries(
        result.pairs[index], mostCandles: max(1, mostCandles / result.pairs.count))
      try series.write(&html, suffix: "-\(index)", to: sink)
      var json = JSONWriter()
      json.beginObject()
      series.writeFacts(&json)
      json.endObject()
      html.json("run-\(index)", json)
    }
  }
}
