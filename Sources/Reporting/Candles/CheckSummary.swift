import Market

/// What `runner data check` found, on one screen of a terminal.
///
/// Plain text, at most 80 columns, each figure with its meaning behind it. What a file does not have
/// takes no line, but for the figures that everybody looks for.
public struct CheckSummary: Sendable, CustomStringConvertible {
  private static let width = 80
  private static let labelWidth = 19
  private static let valueWidth = 16

  /// The text, ended by a line feed.
  public private(set) var description = ""

  /// Writes what was found.
  public init(_ report: CheckReport) {
    let check = report.check
    header(report)
    rows(report)
    grid(check)
    prices(check)
    oddities(check)
    verdict(report)
  }

  private mutating func header(_ report: CheckReport) {
    let check = report.check
    let source = report.source
    line(source.count > Self.width ? "…" + source.suffix(Self.width - 1) : source)
    guard let first = check.first, let last = check.last else {
      line("No candles.")
      return
    }
    let end = last + check.interval
    let span = Display.duration(seconds: Double((end - first).seconds))
    line(
      "\(Display.interval(check.interval)) candles, \(Display.minute(first)) to "
        + "\(Display.minute(end)) UTC (\(span))")
  }

  private mutating func rows(_ report: CheckReport) {
    title("Rows")
    row("Candles", Display.count(report.check.count), "valid, in order")
    row("Bad rows", Display.count(report.data.badRows), "are no valid candle here")
    let defects = report.data.defects
    for (count, meaning) in [
      (defects.duplicate, "duplicate: starts when the one before does"),
      (defects.outOfOrder, "out of order: starts before those before"),
      (defects.offGrid, "off the grid of the interval"),
      (defects.badTime, "bad time, or in another unit"),
      (defects.unreadable, "unreadable: a field lacks, or is no number"),
      (defects.contradictory, "contradictory prices, or below 0"),
    ] where count > 0 {
      row("", Display.count(count), meaning)
    }
    for bad in report.data.bad { item("line \(bad.line): \(bad.reason)") }
    let more = report.data.badRows - report.data.bad.count
    if more > 0 { item("and \(Display.count(more)) more") }
    if report.data.roundedVolumes > 0 {
      row(
        "Rounded volumes", Display.count(report.data.roundedVolumes),
        "finer than 8 decimals, rounded down")
    }
  }

  private mutating func grid(_ check: CandleCheck) {
    title("Grid")
    row("Interval", "\(check.interval.seconds) s", step(check))
    row("Coverage", Display.percent(check.coverage), "of the grid from first to last is there")
    row("Missing", Display.count(check.missing), "candles, never made up")
    row("Gaps", Display.count(check.gaps), check.gaps > 0 ? "the longest:" : "")
    for gap in check.longestGaps {
      item(
        "\(Display.minute(gap.from)) to \(Display.minute(gap.to)), "
          + "\(Display.count(gap.missing)) missing, price \(Self.signed(gap.move))")
    }
  }

  private func step(_ check: CandleCheck) -> String {
    guard let step = check.usualStep else {
      return check.count < 2 ? "" : "but no step between candles is usual"
    }
    return step == check.interval
      ? "as most candles are apart" : "but most are \(step.seconds) s apart"
  }

  private mutating func prices(_ check: CandleCheck) {
    guard let low = check.low, let high = check.high else { return }
    title("Prices and volumes")
    row("Lowest", Display.fixed(low, decimals: Self.decimals(of: low)))
    row("Highest", Display.fixed(high, decimals: Self.decimals(of: high)))
    if let step = check.priceStep { row("Price step", "\(step)", "divides every price: the tick?") }
    if let step = check.volumeStep {
      row("Volume step", "\(step)", "divides every volume: the lot?")
    }
    row("Usual size", Display.percent(check.usualSize), "of a candle: highest / lowest − 1")
  }

  private mutating func oddities(_ check: CandleCheck) {
    title("Oddities")
    row("No volume", Display.count(check.zeroVolume), "candles in which nothing can fill")
    row("Flat", Display.count(check.flat), "candles of one price")
    row(
      "Outliers", Display.count(check.outliers),
      check.outliers == 0
        ? "" : "beyond \(Int(CandleOutliers.factor)) times the usual, the largest:")
    for outlier in check.largestOutliers {
      item(
        "\(Display.minute(outlier.time)) \(Display.percent(outlier.size)), "
          + "\(Display.fixed(outlier.ratio, decimals: 0)) times the usual"
          + (outlier.isSpike ? ", and straight back" : ""))
    }
    if check.lastMayBeUnfinished {
      row("Last candle", "thin", "hardly any volume: unfinished?")
    }
  }

  private mutating func verdict(_ report: CheckReport) {
    line("")
    let text =
      switch report.verdict {
      case .accepted:
        "Accepted: a backtest takes this file"
          // SEMANTICS 2.1: five minutes unless stated.
          + (report.check.interval.seconds == 300
            ? "." : ", with --interval \(report.check.interval.seconds).")
      case .refused(let reason): "Refused: \(reason)"
      }
    for part in text.wrapped(to: Self.width) { line(part) }
  }

  private mutating func title(_ text: String) {
    line("")
    line(text)
  }

  private mutating func row(_ label: String, _ value: String, _ note: String = "") {
    let text = "  " + label.padded(to: Self.labelWidth) + value.aligned(to: Self.valueWidth)
    let notes = note.wrapped(to: Self.width - text.count - 2)
    line(text + (notes.first.map { "  " + $0 } ?? ""))
    for more in notes.dropFirst() { line("".padded(to: text.count + 2) + more) }
  }

  private mutating func item(_ text: String) {
    for (index, part) in text.wrapped(to: Self.width - 6).enumerated() {
      line((index == 0 ? "    " : "      ") + part)
    }
  }

  private mutating func line(_ text: String) { description += text + "\n" }

  /// As many decimals as the price has, at least two.
  private static func decimals(of price: Price) -> Int {
    var (decimals, steps) = (Price.decimals, price.steps)
    while decimals > 2, steps.isMultiple(of: 10) {
      steps /= 10
      decimals -= 1
    }
    return decimals
  }

  private static func signed(_ fraction: Double) -> String {
    (fraction > 0 ? "+" : "") + Display.percent(fraction)
  }
}
