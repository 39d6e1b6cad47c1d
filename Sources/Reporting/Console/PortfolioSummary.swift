import Execution
import Market

/// A run of several pairs on one account on a terminal: what `ConsoleSummary` is for one pair.
///
/// Plain text without colour, at most 80 columns wide whatever the figures are.
public struct PortfolioSummary: Sendable, CustomStringConvertible {
  /// Beyond so many pairs a matrix of correlations has no room.
  private static let mostInMatrix = 8
  /// How many pairs of pairs are listed instead.
  private static let mostCorrelated = 5

  /// What is on the page for the browser too.
  private(set) var sheet = SummarySheet()

  /// The text, ended by a line feed.
  public var description: String { sheet.text }

  /// Writes the summary of a run, and of the account in each of these periods.
  public init(_ result: PortfolioResult, breakdowns: [CalendarPeriod] = []) {
    self.init(PortfolioFigures(result), breakdowns: breakdowns)
  }

  /// Writes the summary of a run whose figures are at hand.
  init(_ figures: PortfolioFigures, breakdowns: [CalendarPeriod] = []) {
    let result = figures.result
    let unit = result.quoteName
    header(result)
    sheet.tables(result.pairs)
    pairs(figures)
    sheet.comparison(
      figures.metrics, figures.market, market: "equal parts held, no fees")
    sheet.account(
      from: result.startingCash, to: result.finalEquity,
      isOpen: result.pairs.contains { $0.finalPosition != .zero }, figures.metrics, unit)
    sheet.costs(Costs(result.pairs), figures.metrics, unit)
    sheet.trades(figures.metrics, unit)
    limits(figures)
    sheet.activity(figures.counts)
    allocation(figures)
    correlations(figures.correlations, result)
    for period in breakdowns { sheet.breakdown(Breakdown(result, by: period), unit) }
    warnings(result)
  }

  private mutating func header(_ result: PortfolioResult) {
    let groups = Set(result.groups.compactMap { $0 }).count
    let named = groups == 0 ? "" : " in \(Display.plural(groups, "group"))"
    sheet.line(
      "\(Display.plural(result.pairs.count, "pair"))\(named) on one account, "
        + "\(Display.interval(result.interval)) candles\(result.strategy.map { ", " + $0 } ?? "")")
    if let begin = result.begin, let end = result.end {
      let span = Display.duration(seconds: Double((end - begin).seconds))
      sheet.line("\(Display.minute(begin)) to \(Display.minute(end)) UTC (\(span))")
    } else {
      sheet.line("No candles.")
    }
    if let range = result.pairs.lazy.compactMap(\.timeRange).first {
      sheet.line("time range \(range)")
    }
    sheet.table("Candles", PortfolioTables.candles(result))
  }

  /// What the account's limits did.
  private mutating func limits(_ figures: PortfolioFigures) {
    let result = figures.result
    sheet.title("Limits")
    sheet.row("Entries refused", Display.count(figures.refusals.count))
    sheet.row("Entries cut", Display.count(result.sizeCuts), "made smaller to fit a limit")
    if let trip = result.trip {
      sheet.row(
        "Breaker", Display.fixed(trip.equity),
        "tripped \(Display.minute(trip.time)), level \(Refusal.shown(trip.level))")
    } else {
      let isOff = result.limits.emergencyLiquidationLoss == nil
      sheet.row("Breaker", isOff ? "off" : "not tripped")
    }
    if result.limits.dailyLossLimit != nil {
      sheet.row(
        "Days lost", Display.count(result.daysLost.count),
        result.daysLost.first.map { "first \(Display.minute($0)), entries ended" } ?? "")
    } else {
      sheet.row("Daily loss limit", "off")
    }
    if let (group, peak) = figures.greatestStake {
      let limit = result.limits.maxCorrelatedExposure.map { "at most \(Display.fixed($0))%" }
      sheet.row(
        "Greatest exposure", Display.percent(peak.share),
        "\(group), \(Display.minute(peak.time)), \(limit ?? "no limit")")
    }
    if let refusals = PortfolioTables.refusals(figures.refusals, result) {
      sheet.table("Entries refused, by rule", refusals)
    }
  }

  /// Every figure of the summary once more for each pair.
  private mutating func pairs(_ figures: PortfolioFigures) {
    sheet.table(
      "Profit and cost by pair (\(figures.result.quoteName); percent of the start)",
      PortfolioTables.profits(figures))
    sheet.table(
      "Figures by pair (as if its trades alone had been the account's)",
      PortfolioTables.figures(figures))
  }

  private mutating func allocation(_ figures: PortfolioFigures) {
    sheet.table(
      "At stake over time (percent of equity; positions and working entries)",
      PortfolioTables.stakes(figures))
    let rows = figures.drifts
    guard !rows.isEmpty else { return }
    sheet.table(
      "Allocation at the end (percent of equity)",
      PortfolioTables.allocation(rows, figures.result))
    if let threshold = figures.rebalanceThreshold {
      let beyond = rows.filter(\.isBeyondThreshold).map { figures.result.pairs[$0.pair].product.id }
      sheet.paragraph(
        beyond.isEmpty
          ? "No pair is further than \(Display.percent(threshold)) from its target."
          : "Further than \(Display.percent(threshold)) from the target: "
            + beyond.joined(separator: ", ") + ". This is advice; nothing was traded for it.",
        indent: 2)
    }
  }

  private mutating func correlations(_ correlations: Correlations, _ result: PortfolioResult) {
    guard result.pairs.count > 1 else { return }
    let title = "Correlation of returns, candle by candle"
    if result.pairs.count <= Self.mostInMatrix {
      sheet.table(title, PortfolioTables.matrix(correlations, result))
    } else {
      sheet.table(
        title + ", the highest",
        PortfolioTables.highest(Self.mostCorrelated, of: correlations, result))
    }
  }

  private mutating func warnings(_ result: PortfolioResult) {
    let close = result.pairs.filter { $0.trailWarning(medianRange: $0.medianRange) == true }
    if !close.isEmpty {
      sheet.warning(
        "the trail of \(close.map(\.product.id).joined(separator: ", ")) is less than 3 times the "
          + "median range of a candle. What happens inside a candle decides this result more than "
          + "the strategy does.")
    }
    let anomalies = result.pairs.reduce(0) { $0 + $1.record.anomalies.count }
    if anomalies > 0 {
      let reports = Display.plural(anomalies, "report")
      sheet.warning("\(reports) of the exchange did not fit and changed nothing.")
    }
  }
}
