import Market
import TestKit
import Testing

@Suite struct CandleTests {
  /// Candles of which each breaks one rule of SEMANTICS 2.2, next to their valid neighbours.
  static let candles: [(open: String, high: String, low: String, close: String, String, String?)] =
    [
      ("2", "2", "2", "2", "0", nil), ("2", "3", "1", "2", "5", nil),
      ("0", "3", "0", "2", "5", "its open of 0 is not above 0"),
      ("2", "0", "1", "2", "5", "its high of 0 is not above 0"),
      ("2", "3", "0", "2", "5", "its low of 0 is not above 0"),
      ("2", "3", "0", "0", "5", "its low of 0 is not above 0"),
      ("2", "3", "-1", "2", "5", "its low of -1 is not above 0"),
      ("2", "4", "2.00000001", "3", "5", "its low 2.00000001 is above its open or close"),
      ("3", "4", "2.00000001", "2", "5", "its low 2.00000001 is above its open or close"),
      ("3", "2.99999999", "2", "2", "5", "its high 2.99999999 is below its open or close"),
      ("2", "2.99999999", "2", "3", "5", "its high 2.99999999 is below its open or close"),
      ("2", "2", "2", "2", "-0.00000001", "its volume -0.00000001 is negative"),
    ]

  @Test("A candle is valid, or tells the rule it breaks", arguments: candles)
  func defect(
    open: String, high: String, low: String, close: String, volume: String, defect: String?
  ) {
    let candle = Candle(0, open: open, high: high, low: low, close: close, volume: volume)
    #expect(candle.defect(interval: TimeSpan(seconds: 300)) == defect)
  }

  @Test func `a start beside the grid is a defect`() {
    var candle = Candle(0, open: "2", high: "2", low: "2", close: "2")
    candle.start = candle.start + TimeSpan(seconds: 60)
    #expect(candle.defect(interval: TimeSpan(seconds: 60)) == nil)
    #expect(
      candle.defect(interval: TimeSpan(seconds: 300))
        == "its start 2024-01-01T00:01:00Z is no multiple of the interval of 300 s")
  }

  /// Figures around 2^53 steps, where a double begins to leave some out, and far beyond.
  static let wide: [String] = [
    "0.00000001", "64321.07", "90071992.54740991", "90071992.54740992", "90071992.54740993",
    "90071992.54740995", "92233720368.54775807",
  ]

  @Test("The doubles of a candle are those of its figures", arguments: wide, wide)
  func doubles(price: String, other: String) {
    for volume in [other, "123456789012345678.00000001", "0"] {
      for (high, low, close) in [
        (price, other, price), (other, price, price), (price, price, other),
      ] {
        let candle = Candle(0, open: price, high: high, low: low, close: close, volume: volume)
        #expect(
          candle.doubles
            == SIMD4(
              candle.high.double, candle.low.double, candle.close.double, candle.volume.double))
      }
    }
  }
}
