import Execution
import Market

/// A run on one screen of a terminal: what was played, what became of the money, and why.
///
/// Plain text, at most 80 columns wherever the figures allow it, without colour. Every figure stands
/// in one column with its unit or meaning behind it. Amounts are in the quote currency and rounded
/// for display only, half-even; `–` is a figure that does not exist, such as a win rate without
/// trades.
public struct ConsoleSummary: Sendable, CustomStringConvertible {
  private static let width = 80
  private static let labelWidth = 21
  private static let valueWidth = 16

  /// A figure with its name and its meaning.
  struct Row: Hashable {
    var label: String
    /// Empty where the label says it all.
    var value = ""
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

  /// Writes the summary of a run.
  public init(_ result: RunResult) {
    self.init(result, Metrics(result), Counts(result.record))
  }

  /// Writes the summary of a run whose figures are at hand.
  public init(_ result: RunResult, _ metrics: Metrics, _ counts: Counts) {
    header(result)
    account(result, metrics)
    trades(result, metrics, counts)
    activity(counts)
    end(result)
    warnings(result)
  }

  private mutating func header(_ result: RunResult) {
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
    found.append(data.badRows == 0 ? "no bad rows" : "\(plural(data.badRows, "bad row")) dropped")
    line(found.joined(separator: ", "))
    if data.roundedVolumes > 0 {
      line("\(plural(data.roundedVolumes, "volume")) finer than 8 decimals, rounded down")
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
    row("Return", Display.percent(metrics.totalReturn))
    row("Buy and hold", Display.percent(result.buyAndHold), "first open to last close, no fees")
    row("Max drawdown", Display.percent(metrics.maxDrawdown), "from the highest equity so far")
    row("CAGR", Display.percent(metrics.cagr), "growth, carried on for 365 days")
    row(
      "Sharpe", Display.fixed(metrics.sharpe), "of \(plural(metrics.days, "daily return")), × √365")
    row("Sortino", Display.fixed(metrics.sortino), "the same, but only falls are risk")
    row("Calmar", Display.fixed(metrics.calmar), "CAGR / max drawdown")
    row("Fees", Display.fixed(metrics.fees), unit)
    row("Turnover", Display.fixed(metrics.turnover), "times the start, bought and sold")
    row("Exposure", Display.percent(metrics.exposure), "of the candles ended in a position")
  }

  private mutating func trades(_ result: RunResult, _ metrics: Metrics, _ counts: Counts) {
    let unit = result.product.quoteName
    title("Trades (closed positions, after fees)")
    let even = metrics.trades - metrics.wins - metrics.losses
    row(
      "Trades", Display.count(metrics.trades),
      "\(Display.count(metrics.wins)) won, \(Display.count(metrics.losses)) lost"
        + (even > 0 ? ", \(Display.count(even)) even" : ""))
    for reason in ExitReason.allCases {
      guard let count = counts.exitReasons[reason] else { continue }
      row("Closed by", Display.count(count), "\(reason.rawValue): \(reason.meaning)")
    }
    row("Win rate", Display.percent(metrics.winRate))
    row("Profit factor", Display.fixed(metrics.profitFactor), "sum of wins / sum of losses")
    row("Expectancy", Display.fixed(metrics.expectancy), "\(unit) a trade")
    row("Average win", Display.fixed(metrics.averageWin), unit)
    row("Average loss", Display.fixed(metrics.averageLoss), unit)
    row("Best", Display.fixed(metrics.best), unit)
    row("Worst", Display.fixed(metrics.worst), unit)
    row("Most losses in a row", Display.count(metrics.maxConsecutiveLosses))
    row("Mean holding", Display.duration(seconds: metrics.meanHoldingSeconds))
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

  private mutating func end(_ result: RunResult) {
    let decimals = result.product.priceDecimals
    let unit = result.product.quoteName
    title("At the end")
    if let position = result.openPosition {
      row(
        "Open position", position.quantity.description,
        "\(result.product.baseName) since \(Display.minute(position.entryTime))")
      if let close = result.candles.last?.close {
        row(
          "Worth", Display.fixed(close * position.quantity),
          "\(unit), at the last close of \(Display.fixed(close, decimals: decimals))")
      }
      row("Highest price", Display.fixed(position.highest, decimals: decimals), unit)
      row("Stop's trigger", Display.fixed(position.trigger, decimals: decimals), unit)
    } else {
      remark("No open position.")
    }
    for number in result.workingOrders {
      let entry = result.record.orders[Int(number) - 1]
      let order = entry.order
      var text =
        "\(entry.role.rawValue), \(order.side.rawValue) \(order.quantity - entry.filled)"
        + " at \(Display.fixed(order.limit, decimals: decimals))"
      if let trigger = order.trigger {
        text += ", trigger \(Display.fixed(trigger, decimals: decimals))"
      }
      row("Working order", "no. \(number)", text)
    }
    if result.workingOrders.isEmpty { remark("No working orders.") }
  }

  private mutating func warnings(_ result: RunResult) {
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

  private mutating func title(_ text: String) {
    sections.append(Section(title: text))
    line("")
    line(text)
  }

  private mutating func remark(_ text: String) {
    sections[sections.count - 1].rows.append(Row(label: text))
    line("  " + text)
  }

  private mutating func row(_ label: String, _ value: String, _ note: String = "") {
    sections[sections.count - 1].rows.append(Row(label: label, value: value, note: note))
    let text = label.padded(to: Self.labelWidth) + value.aligned(to: Self.valueWidth)
    line("  " + text + (note.isEmpty ? "" : "  " + note))
  }

  private mutating func line(_ text: String) { description += text + "\n" }

  private func plural(_ count: Int, _ noun: String) -> String {
    "\(Display.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension ExitReason {
  fileprivate var meaning: String {
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
