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
}
