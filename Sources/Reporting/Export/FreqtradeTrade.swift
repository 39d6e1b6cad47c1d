import Execution
import Market

/// A closed trade as freqtrade writes it: doubles, milliseconds, and its names.
struct FreqtradeTrade {
  let trade: ClosedTrade
  let fills: ArraySlice<Fill>
  /// The least price while it was open: of its fills, and of the candles wholly within it.
  let lowest: Price
  /// The triggers of its first stop and its last.
  let triggers: (first: Price?, last: Price?)

  /// Realised, beside what was paid with the fees of the entry, as freqtrade reckons it.
  var profitRatio: Double {
    let paid = trade.entryNotional + fees(of: .buy)
    return trade.realised.double / paid.double
  }

  var profit: Double { trade.realised.double }
  var seconds: Int64 { (trade.exitTime - trade.entryTime).seconds }
  var openRate: Double { trade.entryNotional.double / trade.quantity.double }
  private var closeRate: Double { trade.exitNotional.double / trade.quantity.double }

  /// What closed it, in freqtrade's words where it has one.
  var exitReason: String {
    switch trade.exitReason {
    case .trailingStop: "trailing_stop_loss"
    case .forced: "force_exit"
    case .escalated, .liquidation: trade.exitReason.rawValue
    }
  }

  /// All trades of a run.
  static func all(of result: RunResult) -> [FreqtradeTrade] {
    var candles = result.candles[...]
    return zip(result.record.trades, StopHistory.all(of: result.record)).map { trade, history in
      let fills = result.record.fills[history.fills]
      candles = candles.drop { $0.start < trade.entryTime }
      let within = candles.prefix { $0.start + result.interval <= trade.exitTime }
      let prices = fills.map(\.price) + within.map(\.low)
      let stops = history.legs.compactMap(\.trigger)
      return FreqtradeTrade(
        trade: trade, fills: fills, lowest: prices.min() ?? trade.highest,
        triggers: (stops.first, stops.last))
    }
  }

  private func fees(of side: Side) -> Money {
    fills.filter { $0.side == side }.reduce(.zero) { $0 + $1.fee }
  }

  func write(to json: inout JSONWriter, pair: String, tag: String) {
    json.beginObject()
    json.member("pair", pair)
    json.member("stake_amount", trade.entryNotional.double)
    json.member("max_stake_amount", trade.entryNotional.double)
    json.member("amount", trade.quantity.double)
    json.member("open_date", FreqtradeText.date(trade.entryTime))
    json.member("close_date", FreqtradeText.date(trade.exitTime))
    json.member("open_rate", openRate)
    json.member("close_rate", closeRate)
    json.member("fee_open", fees(of: .buy).double / trade.entryNotional.double)
    json.member("fee_close", fees(of: .sell).double / trade.exitNotional.double)
    json.member("trade_duration", seconds / 60)
    json.member("profit_ratio", profitRatio)
    json.member("profit_abs", profit)
    json.member("exit_reason", exitReason)
    write("initial_stop_loss", triggers.first, to: &json)
    write("stop_loss", triggers.last, to: &json)
    json.member("min_rate", lowest.double)
    json.member("max_rate", trade.highest.double)
    json.member("is_open", false)
    json.member("enter_tag", tag)
    json.member("leverage", 1.0)
    json.member("is_short", false)
    json.member("open_timestamp", FreqtradeText.milliseconds(trade.entryTime))
    json.member("close_timestamp", FreqtradeText.milliseconds(trade.exitTime))
    json.key("orders")
    json.beginArray()
    for fill in fills { write(fill, to: &json) }
    json.endArray()
    json.member("funding_fees", 0.0)
    json.endObject()
  }

  private func write(_ name: String, _ trigger: Price?, to json: inout JSONWriter) {
    json.member("\(name)_abs", trigger?.double)
    json.member("\(name)_ratio", trigger.map { $0.double / openRate - 1 })
  }

  /// A fill in the place of an order: freqtrade knows no partial ones in a backtest.
  private func write(_ fill: Fill, to json: inout JSONWriter) {
    json.beginObject()
    json.member("amount", fill.quantity.double)
    json.member("safe_price", fill.price.double)
    json.member("ft_order_side", fill.side.rawValue)
    json.member("order_filled_timestamp", FreqtradeText.milliseconds(fill.time))
    json.member("ft_is_entry", fill.side == .buy)
    json.member("ft_order_tag", fill.side == .buy ? "entry" : exitReason)
    json.member("cost", fill.notional.double)
    json.endObject()
  }
}

/// How freqtrade, a Python program, writes times.
enum FreqtradeText {
  /// `2024-01-31 02:55:00+00:00`.
  static func date(_ time: Timestamp) -> String { plain(time) + "+00:00" }

  /// `2024-01-31 02:55:00`.
  static func plain(_ time: Timestamp) -> String {
    String(time.description.prefix(19)).replacing("T", with: " ")
  }

  static func milliseconds(_ time: Timestamp) -> Int64 { time.nanoseconds / 1_000_000 }

  /// A `timedelta` as Python prints it: `1 day, 2:03:00`.
  static func duration(seconds: Int64) -> String {
    let days = seconds / 86_400
    let prefix = days == 0 ? "" : days == 1 ? "1 day, " : "\(days) days, "
    func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return prefix + "\(seconds / 3600 % 24):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))"
  }

  /// `5m`, `1h`, `1d`, as ccxt names candles.
  static func timeframe(_ interval: TimeSpan) -> String {
    let seconds = interval.seconds
    for (unit, letter) in [(86_400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)]
    where seconds % unit == 0 {
      return "\(seconds / unit)\(letter)"
    }
    return "\(seconds)s"
  }
}
