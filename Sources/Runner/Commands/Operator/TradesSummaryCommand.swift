import Market
import Persistence
import Reporting

/// `runner trades summary`: how the closed positions went, pair by pair and together.
enum TradesSummaryCommand {
  static let command = WatchingCommand(
    ["trades", "summary"], "sum up closed positions: win rate, expectancy, stops",
    options: [Watching.pair] + Watching.times("Closed") + [Watching.limit], json: "the figures",
    details: """
      Win rate, expectancy and their kin are those of a backtest's summary, of the
      positions that were closed in that time. 'Bare' is how long any of them had no
      working stop.
      """
  ) { run in
    let trades = try run.store.positions(.over, run.selection)
    let all = Array(zip(trades, try run.store.coverage(of: trades)))
    let parts = run.store.pairs.indices.compactMap { pair -> Part? in
      let own = all.filter { $0.0.pair == pair }
      return own.isEmpty ? nil : Part(run.name(ofPair: pair), own, run)
    }
    let total = Part("TOTAL", all, run)
    return (text(parts, total, run), json(parts, total, run))
  }

  /// The figures of some of the trades.
  private struct Part {
    let name: String
    let metrics: Metrics
    var realised = Money.zero
    var fees = Money.zero
    var coverage = StopCoverage()

    init(_ name: String, _ trades: [(StoredPosition, StopCoverage)], _ run: Watched) {
      self.name = name
      metrics = Metrics(
        curve: EmptyCollection<EquityPoint>(), startingCash: run.store.run.cash,
        interval: TimeSpan(seconds: 0), begin: nil, fills: [],
        trades: trades.compactMap(\.0.trade))
      for (trade, bare) in trades {
        realised += trade.row.cashFlow
        fees += trade.row.fees
        coverage += bare
      }
    }
  }

  private static func text(_ parts: [Part], _ total: Part, _ run: Watched) -> String {
    var sheet = SummarySheet()
    sheet.line("Closed positions")
    sheet.line(run.heading)
    guard !parts.isEmpty else {
      sheet.line("No closed trades.")
      return sheet.text
    }
    let rows = parts + [total]
    sheet.table(
      "Results (\(run.unit))",
      TextTable(
        columns: [
          .init("Pair", isNumber: false), .init("Trades"), .init("Win %"), .init("Expectancy"),
          .init("Profit factor"), .init("Realised"), .init("Fees"), .init("Mean held"),
        ],
        rows: rows.map {
          [
            $0.name, Display.count($0.metrics.trades), Display.hundredths($0.metrics.winRate),
            Display.fixed($0.metrics.expectancy), Display.fixed($0.metrics.profitFactor),
            Display.fixed($0.realised), Display.fixed($0.fees),
            Display.duration(seconds: $0.metrics.meanHoldingSeconds),
          ]
        }))
    sheet.table(
      "Wins and losses (\(run.unit))",
      TextTable(
        columns: [
          .init("Pair", isNumber: false), .init("Wins"), .init("Losses"), .init("Mean win"),
          .init("Mean loss"), .init("Best"), .init("Worst"), .init("SQN"), .init("Bare"),
        ],
        rows: rows.map {
          [
            $0.name, Display.count($0.metrics.wins), Display.count($0.metrics.losses),
            Display.fixed($0.metrics.averageWin), Display.fixed($0.metrics.averageLoss),
            Display.fixed($0.metrics.best), Display.fixed($0.metrics.worst),
            Display.fixed($0.metrics.sqn), CoverageFigures($0.coverage).bare.duration,
          ]
        }))
    sheet.coverage(total.coverage, run.unit)
    return sheet.text
  }

  private static func json(_ parts: [Part], _ total: Part, _ run: Watched) -> JSONWriter {
    var json = run.document("ratchet-trades-summary 1")
    json.key("pairs")
    json.beginArray(.lines)
    for part in parts {
      json.beginObject(.lines)
      json.member("pair", part.name)
      write(part, to: &json)
      json.endObject()
    }
    json.endArray()
    json.key("total")
    json.beginObject(.lines)
    write(total, to: &json)
    json.endObject()
    json.endObject()
    return json
  }

  private static func write(_ part: Part, to json: inout JSONWriter) {
    let metrics = part.metrics
    json.member("trades", metrics.trades)
    json.member("wins", metrics.wins)
    json.member("losses", metrics.losses)
    json.member("win_rate", metrics.winRate)
    json.member("expectancy", metrics.expectancy)
    json.member("profit_factor", metrics.profitFactor)
    json.member("average_win", metrics.averageWin)
    json.member("average_loss", metrics.averageLoss)
    json.member("best", metrics.best)
    json.member("worst", metrics.worst)
    json.member("max_consecutive_losses", metrics.maxConsecutiveLosses)
    json.member("mean_holding_s", metrics.meanHoldingSeconds)
    json.member("sqn", metrics.sqn)
    json.member("realised", part.realised)
    json.member("fees", part.fees)
    json.member("stop_coverage", part.coverage)
  }
}
