import Market

extension Metrics {
  /// The figures of buying one unit at the first open and holding it to the last close, without
  /// fees: the yardstick of the whole market's move beside a run.
  ///
  /// Those of equity only, over the same candles and by the same formulas; there are no trades.
  /// Their total return is `RunResult.buyAndHold`. `nil` without candles.
  public static func ofBuyAndHold(_ result: RunResult) -> Metrics? {
    guard let first = result.candles.first else { return nil }
    let unit: Quantity = 1
    let curve = result.candles.lazy.map { candle in
      EquityPoint(
        time: candle.start + result.interval, equity: candle.close * unit, isOpen: true)
    }
    return Metrics(
      curve: curve, startingCash: first.open * unit, interval: result.interval,
      begin: first.start, fills: [], trades: [])
  }
}
