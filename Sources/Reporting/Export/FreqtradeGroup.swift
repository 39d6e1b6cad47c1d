/// Some trades of a run as one line of freqtrade's tables.
struct FreqtradeGroup {
  private let trades: [FreqtradeTrade]
  private let startingBalance: Double
  /// Σ realised.
  let total: Double

  init(_ trades: [FreqtradeTrade], startingBalance: Double) {
    self.trades = trades
    self.startingBalance = startingBalance
    total = Statistics.sum(trades.map(\.profit))
  }

  var meanRatio: Double { Statistics.mean(trades.map(\.profitRatio)) ?? 0 }

  var meanSeconds: Int64 {
    Int64((Statistics.mean(trades.map { Double($0.seconds) }) ?? 0).rounded())
  }

  /// The longest run of trades that won.
  var longestWins: Int {
    var (longest, run) = (0, 0)
    for trade in trades {
      run = trade.profit > 0 ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// A line under a key.
  func write(
    to json: inout JSONWriter, key: String, drawdown: (fraction: Double, amount: String)? = nil
  ) {
    json.beginObject()
    json.member("key", key)
    writeFigures(to: &json)
    if let drawdown {
      json.member("max_drawdown_account", drawdown.fraction)
      json.member("max_drawdown_abs", drawdown.amount)
    }
    json.endObject()
  }

  /// A line under two keys.
  func write(to json: inout JSONWriter, key: [String]) {
    json.beginObject()
    json.key("key")
    json.beginArray()
    for part in key { json.value(part) }
    json.endArray()
    writeFigures(to: &json)
    json.endObject()
  }

  private func writeFigures(to json: inout JSONWriter) {
    let wins = trades.map(\.profit).filter { $0 > 0 }
    let losses = trades.map(\.profit).filter { $0 < 0 }
    let lost = Statistics.sum(losses).magnitude
    json.member("trades", trades.count)
    json.member("profit_mean", meanRatio)
    json.member("profit_mean_pct", Self.rounded(meanRatio * 100))
    json.member("profit_total_abs", total)
    json.member("profit_total", total / startingBalance)
    json.member("profit_total_pct", Self.rounded(total / startingBalance * 100))
    json.member("duration_avg", FreqtradeText.duration(seconds: meanSeconds))
    json.member("wins", wins.count)
    json.member("draws", trades.count - wins.count - losses.count)
    json.member("losses", losses.count)
    json.member("winrate", trades.isEmpty ? 0 : Double(wins.count) / Double(trades.count))
    json.member("profit_factor", lost == 0 ? 0 : Statistics.sum(wins) / lost)
    json.member("expectancy", trades.isEmpty ? 0 : total / Double(trades.count))
  }

  /// Two decimals, half-even.
  static func rounded(_ value: Double) -> Double {
    (value * 100).rounded(.toNearestOrEven) / 100
  }
}
