import Market
import Strategy

@testable import OwnRunner

/// One candle of 5 minutes per price, oldest first, each opening where the one before closed.
func candles(_ closes: [Price]) -> [Candle] {
  closes.indices.map { index in
    let (open, close) = (closes[max(index - 1, 0)], closes[index])
    return Candle(
      start: Timestamp(seconds: 1_704_067_200 + 300 * Int64(index)), open: open,
      high: max(open, close), low: min(open, close), close: close, volume: 1000)
  }
}

extension Parameters {
  /// Defaults with some values changed, as a user writes them.
  init(_ declared: [Parameter], _ changes: KeyValuePairs<String, String>) throws {
    self.init(declared)
    for (key, text) in changes { try set(key, to: text) }
  }
}

/// Narrow and quick bands, so that four candles make a test.
let quick: KeyValuePairs = ["band_period": "4", "band_width": "1"]
