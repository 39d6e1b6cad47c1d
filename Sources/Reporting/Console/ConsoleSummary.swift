import Execution
import Market

/// A run on a terminal, in the order that people know from freqtrade: trades by pair, open trades,
/// exit reasons, the summary with buy and hold beside it, and the run period by period if wanted.
///
/// Plain text without colour, at most 80 columns wide whatever the figures are. Amounts are in the
/// quote currency and rounded for display only, half-even; `–` is a figure that does not exist, such
/// as a ratio to nothing.
public struct ConsoleSummary: Sendable, CustomStringConvertible {
  static let width = 80
  private static let labelWidth = 18
  private static let valueWidth = 14

  /// A figure with its name and its meaning.
  struct Row: Hashable {
    var label: String
    /// Empty where the label says it all.
    var value = ""
    /// The same figure of buying and holding; `nil` where there is no such thing.
    var beside: String?
    var note = ""
  }

  /// Rows under a title.
  struct Section: Hashable {
    var title: String
    var rows: [Row] = []
  }

  /// The text, ended by a line feed.
  public private(set) var description = ""
  /// The figures of the text once more, for the page that shows the same ones in the same words.
  private(set) var sections: [Section] = []
  /// What the text warns of.
  private(set) var cautions: [String] = []

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
    header(result)
    tables([result])
    comparison(metrics, Metrics.ofBuyAndHold(result))
    account(result, metrics)
    costs(result, metrics)
    if metrics.trades > 0 { trades(result, metrics) }
    activity(counts)
    for period in breakdowns {
      table("By \(period.rawValue) (UTC)", SummaryTables.breakdown(result, by: period))
    }
    warnings(result)
  }

  mutating func header(_ result: RunResult) {
    let strategy = result.settings.first { $0.key == "strategy.name" }.map { ", \($0.value)" } ?? ""
    line("\(result.product.id), \(Display.interval(result.interval)) candles\(strategy)")
    let room = Self.width - 5
    let source = result.source
    line("from " + (source.count > room ? "…" + source.suffix(room - 1) : source))
    guard let first = result.candles.first, let last = result.candles.last else {
      line("No candles.")
      return
    }
    let end = last.start + result.interval
    let span = Display.duration(seconds: Double((end - first.start).seconds))
    line("\(Display.minute(first.start)) to \(Display.minute(end)) UTC (\(span))")
    let data = result.data
    var found = ["\(Display.count(result.candles.count)) candles"]
    found.append(
      data.gaps == 0
        ? "none missing"
        : "\(Display.count(data.missing)) missing in \(plural(data.gaps, "gap"))")
    // Which of the rows would have been in the range, nobody can say.
    found.append(
      (data.badRows == 0 ? "no bad rows" : "\(plural(data.badRows, "bad row")) dropped")
        + (result.timeRange == nil ? "" : " in the file"))
    line(found.joined(separator: ", "))
    if let range = result.timeRange {
      line("time range \(range), indicators warmed by \(plural(result.warmUp, "candle")) before it")
    }
    if data.roundedVolumes > 0 {
      line("\(plural(data.roundedVolumes, "volume")) finer than 8 decimals, rounded down")
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
      let spikes = check.spikes > 0 ? " (\(plural(check.spikes, "spike")))" : ""
      found.append("\(plural(check.outliers, "outlier"))\(spikes)")
    }
    if check.lastMayBeUnfinished { found.append("the last candle may be unfinished") }
    for part in found.joined(separator: ", ").wrapped(to: Self.width) { line(part) }
  }

  private mutating func tables(_ results: [RunResult]) {
    if let pairs = SummaryTables.pairs(results) {
      table("Trades by pair (closed positions, after fees)", pairs)
    }
    if let open = SummaryTables.openTrades(results) {
      table("Open trades (at the last close, before the fee of selling)", open)
    } else {
      line("")
      line("No open trades.")
    }
    if let working = SummaryTables.workingOrders(results) { table("Working orders", working) }
    let reasons = ExitReason.allCases.filter { reason in
      results.contains { $0.record.trades.contains { $0.exitReason == reason } }
    }
    guard !reasons.isEmpty, let byReason = SummaryTables.exitReasons(results) else { return }
    table("Exit reasons", byReason)
    let meanings = reasons.map { "\($0.rawValue): \($0.meaning)" }.joined(separator: "; ")
    for part in meanings.wrapped(to: Self.width - 2) { line("  " + part) }
  }

  private mutating func comparison(_ metrics: Metrics, _ market: Metrics?) {
    title(
      "Summary",
      heads: "Strategy".aligned(to: Self.valueWidth) + "Buy and hold".aligned(to: Self.valueWidth))
    let rows: [(String, (Metrics) -> String, String)] = [
      ("Return", { Display.percent($0.totalReturn) }, "market change, no fees"),
      ("CAGR", { Display.percent($0.cagr) }, "carried on for 365 days"),
      ("Max drawdown", { Display.percent($0.maxDrawdown) }, "from the highest so far"),
      ("Sharpe", { Display.fixed($0.sharpe) }, "of \(plural(metrics.days, "day")), × √365"),
      ("Sortino", { Display.fixed($0.sortino) }, "only falls are risk"),
      ("Calmar", { Display.fixed($0.calmar) }, "CAGR / max drawdown"),
    ]
    for (label, figure, note) in rows {
      row(label, figure(metrics), beside: market.map(figure) ?? Display.none, note)
    }
  }

  private mutating func account(_ result: RunResult, _ metrics: Metrics) {
    let unit = result.product.quoteName
    title("Account")
    row("Start", Display.fixed(result.startingCash), unit)
    let isOpen = result.finalPosition != .zero
    row(
      "End", Display.fixed(result.finalEquity),
      unit + (isOpen ? ", open position at the last close" : ""))
    row("Turnover", Display.fixed(metrics.turnover), "times the start, bought and sold")
    row("Exposure", Display.percent(metrics.exposure), "of the candles ended in a position")
  }

  private mutating func costs(_ result: RunResult, _ metrics: Metrics) {
    let unit = result.product.quoteName
    let costs = Costs(result)
    title("Costs")
    row("Fees", Display.fixed(metrics.fees), "\(unit), of all fills")
    row(
      "Fees / profit", Display.percent(costs.feeShare),
      metrics.trades == 0
        ? "no closed trade"
        : costs.feeShare == nil
          ? "the trades had no profit even before fees"
          : "of \(Display.fixed(costs.profitBeforeFees)) \(unit), the profit before fees")
    row(
      "Break-even move", Display.percent(costs.makerBreakEven),
      "for a round trip, maker in and taker out")
    row("", Display.percent(costs.takerBreakEven), "for a round trip, taker both ways")
  }

  private mutating func trades(_ result: RunResult, _ metrics: Metrics) {
    let unit = result.product.quoteName
    title("Single trades")
    row("Profit factor", Display.fixed(metrics.profitFactor), "sum of wins / sum of losses")
    row("Expectancy", Display.fixed(metrics.expectancy), "\(unit) a trade")
    row("Average win", Display.fixed(metrics.averageWin), unit)
    row("Average loss", Display.fixed(metrics.averageLoss), unit)
    row("Best", Display.fixed(metrics.best), unit)
    row("Worst", Display.fixed(metrics.worst), unit)
    row("Losses in a row", Display.count(metrics.maxConsecutiveLosses), "at most")
    row("SQN", Display.fixed(metrics.sqn), "√n × mean / deviation of returns")
  }

  private mutating func activity(_ counts: Counts) {
    title("Signals and orders")
    row(
      "Signals", Display.count(counts.signals), "\(Display.count(counts.entries)) led to an entry")
    for cause in SkipCause.allCases {
      guard let count = counts.skipped[cause] else { continue }
      row("Skipped", Display.count(count), "\(cause.rawValue): \(cause.meaning)")
    }
    row("Orders", Display.count(counts.orders))
    row("Fills", Display.count(counts.fills), "\(Display.count(counts.partialFills)) partial")
    row("Ratchets", Display.count(counts.ratchets), "times a stop moved up")
  }

  mutating func warnings(_ result: RunResult) {
    let medianRange = result.medianRange
    if result.trailWarning(medianRange: medianRange) == true {
      warning(
        "the trail of \(Display.percent(result.trail?.double)) is less than 3 times the median "
          + "range of a candle, \(Display.percent(medianRange)). What happens inside a candle "
          + "decides this result more than the strategy does.")
    }
    let anomalies = result.record.anomalies.count
    if anomalies > 0 {
      warning("\(plural(anomalies, "report")) of the exchange did not fit and changed nothing.")
    }
  }

  private mutating func warning(_ text: String) {
    cautions.append(text)
    line("")
    for part in "Warning: \(text)".wrapped(to: Self.width) { line(part) }
  }

  mutating func table(_ title: String, _ table: TextTable) {
    line("")
    line(title)
    for text in table.lines(width: Self.width) { line(text) }
  }

  private mutating func title(_ text: String, heads: String = "") {
    sections.append(Section(title: text))
    line("")
    line(heads.isEmpty ? text : text.padded(to: Self.labelWidth + 2) + heads)
  }

  /// A figure; what a figure of many digits leaves no room for moves to the next line.
  private mutating func row(
    _ label: String, _ value: String, beside: String? = nil, _ note: String = ""
  ) {
    sections[sections.count - 1].rows.append(
      Row(label: label, value: value, beside: beside, note: note))
    let head =
      "  " + label.padded(to: Self.labelWidth)
      + [value, beside].compactMap { $0 }.map { " " + $0.aligned(to: Self.valueWidth - 1) }.joined()
    if note.isEmpty {
      line(head)
    } else if head.count + 2 + note.count <= Self.width {
      line(head + "  " + note)
    } else {
      line(head)
      for part in note.wrapped(to: Self.width - 4) { line("    " + part) }
    }
  }

  mutating func line(_ text: String) { description += text + "\n" }

  private func plural(_ count: Int, _ noun: String) -> String {
    "\(Display.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension ExitReason {
  /// What happened, in a few words.
  var meaning: String {
    switch self {
    case .trailingStop: "sold by the stop"
    case .escalated: "the stop did not sell"
    case .forced: "sold by an operator"
    case .liquidation: "sold by the breaker"
    }
  }
}

extension SkipCause {
  fileprivate var meaning: String {
    switch self {
    case .position: "one was open already"
    case .workingOrder: "an order was working"
    case .cooldown: "too soon after an exit"
    case .size: "below the least size"
    case .risk: "halted, or over a limit"
    }
  }
}
