import Execution
import Market

/// The sections that a run of one pair and one of several have in common.
extension SummarySheet {
  /// The trades by pair and by what closed them, and what is open at the end.
  mutating func tables(_ results: [RunResult]) {
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
    paragraph(meanings, indent: 2)
  }

  /// The curve's figures beside those of buying and holding.
  mutating func comparison(
    _ metrics: Metrics, _ market: Metrics?, market meaning: String = "market change, no fees"
  ) {
    title(
      "Summary",
      heads: "Strategy".aligned(to: Self.valueWidth)
        + "Buy and hold".aligned(to: Self.valueWidth))
    let rows: [(String, (Metrics) -> String, String)] = [
      ("Return", { Display.percent($0.totalReturn) }, meaning),
      ("CAGR", { Display.percent($0.cagr) }, "carried on for 365 days"),
      ("Max drawdown", { Display.percent($0.maxDrawdown) }, "from the highest so far"),
      ("Sharpe", { Display.fixed($0.sharpe) }, "of \(Display.plural(metrics.days, "day")), × √365"),
      ("Sortino", { Display.fixed($0.sortino) }, "only falls are risk"),
      ("Calmar", { Display.fixed($0.calmar) }, "CAGR / max drawdown"),
    ]
    for (label, figure, note) in rows {
      row(label, figure(metrics), beside: market.map(figure) ?? Display.none, note)
    }
  }

  /// What the account began and ended with, and how much of it was at work.
  mutating func account(
    from start: Money, to end: Money, isOpen: Bool, _ metrics: Metrics, _ unit: String
  ) {
    title("Account")
    row("Start", Display.fixed(start), unit)
    row("End", Display.fixed(end), unit + (isOpen ? ", open position at the last close" : ""))
    row("Turnover", Display.fixed(metrics.turnover), "times the start, bought and sold")
    row("Exposure", Display.percent(metrics.exposure), "of the candles ended in a position")
  }

  /// What trading cost.
  mutating func costs(_ costs: Costs, _ metrics: Metrics, _ unit: String) {
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

  /// The trades one by one; nothing where there are none.
  mutating func trades(_ metrics: Metrics, _ unit: String) {
    guard metrics.trades > 0 else { return }
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

  /// What the strategy wanted and what came of it.
  mutating func activity(_ counts: Counts) {
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

  /// The run period by period.
  mutating func breakdown(_ breakdown: Breakdown, _ unit: String) {
    let table = SummaryTables.breakdown(breakdown, unit)
    self.table("By \(breakdown.period.rawValue) (UTC)", table)
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
