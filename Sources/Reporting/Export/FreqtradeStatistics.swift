import Execution
import Market

/// The main file of a `FreqtradeExport`.
struct FreqtradeStatistics {
  private let result: RunResult
  private let manifest: Manifest
  private let end: Timestamp
  private let metrics: Metrics
  private let counts: Counts
  private let trades: [FreqtradeTrade]
  private let drawdown: Drawdown

  init(_ result: RunResult, _ manifest: Manifest, end: Timestamp) {
    self.result = result
    self.manifest = manifest
    self.end = end
    metrics = Metrics(result)
    counts = Counts(result.record)
    trades = FreqtradeTrade.all(of: result)
    drawdown = Drawdown(result)
  }

  var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginObject(.lines)
    json.key("strategy")
    json.beginObject(.lines)
    json.key(manifest.strategy)
    json.beginObject(.lines)
    writeTrades(to: &json)
    writeGroups(to: &json)
    writeFigures(to: &json)
    writeDays(to: &json)
    writeDrawdown(to: &json)
    writeSettings(to: &json)
    json.endObject()
    json.endObject()
    json.key("strategy_comparison")
    json.beginArray(.lines)
    group(trades).write(
      to: &json, key: manifest.strategy,
      drawdown: (drawdown.fraction, Display.fixed(drawdown.amount, decimals: 3)))
    json.endArray()
    json.endObject()
    return json.bytes
  }

  /// `BTC/USD`, as ccxt names pairs.
  private var pair: String { result.product.id.replacing("-", with: "/") }
  private var start: Double { result.startingCash.double }

  private func group(_ trades: [FreqtradeTrade]) -> FreqtradeGroup {
    FreqtradeGroup(trades, startingBalance: start)
  }

  private func writeTrades(to json: inout JSONWriter) {
    json.key("trades")
    json.beginArray(.lines)
    for trade in trades { trade.write(to: &json, pair: pair, tag: manifest.strategy) }
    json.endArray()
    json.key("locks")
    json.beginArray()
    json.endArray()
  }

  /// Trades by pair, tag and what closed them; each list ends with all of them.
  private func writeGroups(to json: inout JSONWriter) {
    let all = group(trades)
    let reasons = ExitReason.allCases.compactMap { reason -> (String, FreqtradeGroup)? in
      let own = trades.filter { $0.trade.exitReason == reason }
      return own.first.map { ($0.exitReason, group(own)) }
    }
    for name in ["best_pair", "worst_pair"] {
      json.key(name)
      all.write(to: &json, key: pair)
    }
    list("results_per_pair", [(pair, all), ("TOTAL", all)], to: &json)
    list("results_per_enter_tag", [(manifest.strategy, all), ("TOTAL", all)], to: &json)
    list("exit_reason_summary", reasons + [("TOTAL", all)], to: &json)
    json.key("mix_tag_stats")
    json.beginArray(.lines)
    for (reason, group) in reasons { group.write(to: &json, key: [manifest.strategy, reason]) }
    all.write(to: &json, key: "TOTAL")
    json.endArray()
    list("left_open_trades", [("TOTAL", group([]))], to: &json)
  }

  private func list(
    _ name: String, _ groups: [(String, FreqtradeGroup)], to json: inout JSONWriter
  ) {
    json.key(name)
    json.beginArray(.lines)
    for (key, group) in groups { group.write(to: &json, key: key) }
    json.endArray()
  }

  private func writeFigures(to json: inout JSONWriter) {
    let all = group(trades)
    let volume = trades.reduce(0) {
      $0 + $1.trade.entryNotional.double + $1.trade.exitNotional.double
    }
    json.member("total_trades", trades.count)
    json.member("trade_count_long", trades.count)
    json.member("trade_count_short", 0)
    json.member("total_volume", volume)
    json.member(
      "avg_stake_amount", Statistics.mean(trades.map(\.trade.entryNotional.double)) ?? 0)
    json.member("profit_mean", all.meanRatio)
    json.member("profit_median", Statistics.median(trades.map(\.profitRatio)) ?? 0)
    for name in ["profit_total", "profit_total_long"] { json.member(name, all.total / start) }
    for name in ["profit_total_abs", "profit_total_long_abs"] { json.member(name, all.total) }
    json.member("profit_total_short", 0.0)
    json.member("profit_total_short_abs", 0.0)
    // freqtrade prints N/A for what is not there, and fails on null.
    for (name, value) in [
      ("cagr", metrics.cagr), ("sharpe", metrics.sharpe), ("sortino", metrics.sortino),
      ("calmar", metrics.calmar), ("sqn", metrics.sqn), ("profit_factor", metrics.profitFactor),
      ("expectancy", metrics.expectancy), ("expectancy_ratio", expectancyRatio),
    ] {
      if let value { json.member(name, value) }
    }
    json.member("wins", metrics.wins)
    json.member("losses", metrics.losses)
    json.member("draws", metrics.trades - metrics.wins - metrics.losses)
    json.member("winrate", metrics.winRate ?? 0)
    json.member("max_consecutive_losses", metrics.maxConsecutiveLosses)
    json.member("max_consecutive_wins", all.longestWins)
    json.member("holding_avg", FreqtradeText.duration(seconds: all.meanSeconds))
    json.member("holding_avg_s", all.meanSeconds)
  }

  /// (1 + average win / average loss) · win rate − 1.
  private var expectancyRatio: Double? {
    guard let win = metrics.averageWin, let loss = metrics.averageLoss, let rate = metrics.winRate
    else { return nil }
    return (1 + win / loss.magnitude) * rate - 1
  }

  /// What the trades that closed in a day realised, for each day from the first such to the last.
  private func writeDays(to json: inout JSONWriter) {
    var days: [(day: Int64, profit: Double)] = []
    for trade in trades {
      let day = trade.trade.exitTime.day
      while let last = days.last, last.day < day { days.append((last.day + 1, 0)) }
      if days.isEmpty { days.append((day, 0)) }
      days[days.count - 1].profit += trade.profit
    }
    let profits = days.map(\.profit)
    json.member("backtest_best_day_abs", profits.max() ?? 0)
    json.member("backtest_worst_day_abs", profits.min() ?? 0)
    json.member("winning_days", profits.count { $0 > 0 })
    json.member("draw_days", profits.count { $0 == 0 })
    json.member("losing_days", profits.count { $0 < 0 })
    json.key("daily_profit")
    json.beginArray()
    for (day, profit) in days {
      json.beginArray()
      json.value("\(CivilDate(day: day))")
      json.value(profit)
      json.endArray()
    }
    json.endArray()
  }

  private func writeDrawdown(to json: inout JSONWriter) {
    json.member("max_drawdown_account", drawdown.fraction)
    json.member("max_relative_drawdown", drawdown.fraction)
    json.member("max_drawdown_abs", drawdown.amount)
    json.member("max_drawdown_high", drawdown.peak - start)
    json.member("max_drawdown_low", drawdown.peak - drawdown.amount - start)
    json.member("drawdown_start", FreqtradeText.plain(drawdown.from))
    json.member("drawdown_start_ts", FreqtradeText.milliseconds(drawdown.from))
    json.member("drawdown_end", FreqtradeText.plain(drawdown.to))
    json.member("drawdown_end_ts", FreqtradeText.milliseconds(drawdown.to))
    let seconds = (drawdown.to - drawdown.from).seconds
    json.member("drawdown_duration", FreqtradeText.duration(seconds: seconds))
    json.member("drawdown_duration_s", seconds)
    json.member("csum_min", drawdown.least)
    json.member("csum_max", drawdown.greatest)
  }

  private func writeSettings(to json: inout JSONWriter) {
    let begin = result.candles.first?.start ?? end
    let days = max(1, (end - begin).seconds / 86_400)
    json.member("backtest_start", FreqtradeText.plain(begin))
    json.member("backtest_start_ts", FreqtradeText.milliseconds(begin))
    json.member("backtest_end", FreqtradeText.plain(end))
    json.member("backtest_end_ts", FreqtradeText.milliseconds(end))
    json.member("backtest_days", days)
    json.member("backtest_run_start_ts", end.nanoseconds / 1_000_000_000)
    json.member("backtest_run_end_ts", end.nanoseconds / 1_000_000_000)
    json.member("trades_per_day", FreqtradeGroup.rounded(Double(trades.count) / Double(days)))
    json.member("market_change", marketChange)
    json.key("pairlist")
    json.beginArray()
    json.value(pair)
    json.endArray()
    json.member("stake_amount", "unlimited")
    json.member("stake_currency", result.product.quoteName)
    json.member("stake_currency_decimals", 3)
    json.member("starting_balance", start)
    json.member("dry_run_wallet", start)
    json.member("final_balance", result.finalEquity.double)
    json.member("rejected_signals", counts.signals - counts.entries)
    json.member(
      "timedout_entry_orders",
      result.record.orders.count { $0.role == .entry && $0.ending == .expired })
    for name in [
      "timedout_exit_orders", "canceled_trade_entries", "canceled_entry_orders",
      "replaced_entry_orders",
    ] { json.member(name, 0) }
    json.member("max_open_trades", 1)
    json.member("max_open_trades_setting", 1)
    json.member("timeframe", FreqtradeText.timeframe(result.interval))
    json.member("timeframe_detail", "")
    json.member("timerange", manifest.timeRange ?? "")
    json.member("enable_protections", false)
    json.member("strategy_name", manifest.strategy)
    json.member("stoploss", -(result.trail?.double ?? 1))
    json.member("trailing_stop", true)
    json.member("trailing_stop_positive", nil as Double?)
    json.member("trailing_stop_positive_offset", 0.0)
    json.member("trailing_only_offset_is_reached", false)
    json.member("use_custom_stoploss", false)
    json.key("minimal_roi")
    json.beginObject()
    json.endObject()
    for name in ["use_exit_signal", "exit_profit_only", "ignore_roi_if_entry_signal"] {
      json.member(name, false)
    }
    json.member("exit_profit_offset", 0.0)
    json.member("trading_mode", "spot")
    json.member("margin_mode", "")
  }

  /// Last close / first close − 1.
  private var marketChange: Double {
    guard let first = result.candles.first, let last = result.candles.last else { return 0 }
    return last.close.double / first.close.double - 1
  }
}

/// The deepest fall of the equity below its peak so far, by the fraction.
private struct Drawdown {
  var fraction = 0.0
  var amount = 0.0
  var peak: Double
  var from: Timestamp
  var to: Timestamp
  var least: Double
  var greatest: Double

  init(_ result: RunResult) {
    let start = result.startingCash.double
    let begin = result.candles.first?.start ?? Timestamp(nanoseconds: 0)
    (peak, from, to, least, greatest) = (start, begin, begin, start, start)
    var high = (equity: start, time: begin)
    for point in EquityCurve(result) {
      let equity = point.equity.double
      least = min(least, equity)
      greatest = max(greatest, equity)
      if equity > high.equity { high = (equity, point.time) }
      guard high.equity > 0, 1 - equity / high.equity > fraction else { continue }
      fraction = 1 - equity / high.equity
      (amount, peak, from, to) = (high.equity - equity, high.equity, high.time, point.time)
    }
  }
}
