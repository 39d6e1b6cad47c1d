import Execution
import Market

/// A run on a terminal, in the order that people know from freqtrade: trades by pair, open trades,
/// exit reasons, the summary with buy and hold beside it, and the run period by period if wanted.
///
/// Plain text without colour, at most 80 columns wide whatever the figures are. Amounts are in the
/// quote currency and rounded for display only, half-even; `–` is a figure that does not exist, such
/// as a ratio to nothing.
public struct ConsoleSummary: Sendable, CustomStringConvertible {
  /// What is on the page for the browser too.
  var sheet = SummarySheet()

  /// The text, ended by a line feed.
  public var description: String { sheet.text }

  /// A summary without a line, for other kinds of it.
  init() {}

  /// Writes the summary of a run, and of each of these periods.
  public init(_ result: RunResult, breakdowns: [CalendarPeriod] = []) {
    self.init(result, Metrics(result), Counts(result.record), breakdowns: breakdowns)
  }

  /// Writes the summary of a run whose figures are at hand.
  public init(
    _ result: RunResult, _ metrics: Metrics, _ counts: Counts, breakdowns: [CalendarPeriod] = []
  ) {
    let unit = result.product.quoteName
    header(result)
    sheet.tables([result])
    sheet.comparison(metrics, Metrics.ofBuyAndHold(result))
    sheet.account(
      from: result.startingCash, to: result.finalEquity, isOpen: result.finalPosition != .zero,
      metrics, unit)
    sheet.costs(Costs(result), metrics, unit)
    sheet.trades(metrics, unit)
    sheet.activity(counts)
    for period in breakdowns { sheet.breakdown(Breakdown(result, by: period), unit) }
    warnings(result)
  }

  mutating func header(_ result: RunResult) {
    let strategy = result.settings.first { $0.key == "strategy.name" }.map { ", \($0.value)" } ?? ""
    sheet.line("\(result.product.id), \(Display.interval(result.interval)) candles\(strategy)")
    let room = SummarySheet.width - 5
    let source = result.source
    sheet.line("from " + (source.count > room ? "…" + source.suffix(room - 1) : source))
    guard let first = result.candles.first, let last = result.candles.last else {
      sheet.line("No candles.")
      return
    }
    let end = last.start + result.interval
    let span = Display.duration(seconds: Double((end - first.start).seconds))
    sheet.line("\(Display.minute(first.start)) to \(Display.minute(end)) UTC (\(span))")
    let data = result.data
    var found = ["\(Display.count(result.candles.count)) candles"]
    found.append(
      data.gaps == 0
        ? "none missing"
        : "\(Display.count(data.missing)) missing in \(Display.plural(data.gaps, "gap"))")
    // Which of the rows would have been in the range, nobody can say.
    found.append(
      (data.badRows == 0 ? "no bad rows" : "\(Display.plural(data.badRows, "bad row")) dropped")
        + (result.timeRange == nil ? "" : " in the file"))
    sheet.line(found.joined(separator: ", "))
    if let range = result.timeRange {
      let warmUp = Display.plural(result.warmUp, "candle")
      sheet.line("time range \(range), indicators warmed by \(warmUp) before it")
    }
    if data.roundedVolumes > 0 {
      let volumes = Display.plural(data.roundedVolumes, "volume")
      sheet.line("\(volumes) finer than 8 decimals, rounded down")
    }
    oddities(result.candleCheck)
  }

  /// What is noteworthy about the candles, and only that; `runner data check` has the rest.
  private mutating func oddities(_ check: CandleCheck) {
    var found: [String] = []
    if let gap = check.longestGaps.first, gap.missing > 1 {
      found.append(
        "longest gap \(Display.count(gap.missing)) candles from \(Display.minute(gap.from))")
    }
    if check.zeroVolume > 0 { found.append("\(Display.count(check.zeroVolume)) without volume") }
    if check.outliers > 0 {
      let spikes = check.spikes > 0 ? " (\(Display.plural(check.spikes, "spike")))" : ""
      found.append("\(Display.plural(check.outliers, "outlier"))\(spikes)")
    }
    if check.lastMayBeUnfinished { found.append("the last candle may be unfinished") }
    sheet.paragraph(found.joined(separator: ", "))
  }

  mutating func warnings(_ result: RunResult) {
    let medianRange = result.medianRange
    if result.trailWarning(medianRange: medianRange) == true {
      sheet.warning(
        "the trail of \(Display.percent(result.trail?.double)) is less than 3 times the median "
          + "range of a candle, \(Display.percent(medianRange)). What happens inside a candle "
          + "decides this result more than the strategy does.")
    }
    let anomalies = result.record.anomalies.count
    if anomalies > 0 {
      let reports = Display.plural(anomalies, "report")
      sheet.warning("\(reports) of the exchange did not fit and changed nothing.")
    }
  }
}
