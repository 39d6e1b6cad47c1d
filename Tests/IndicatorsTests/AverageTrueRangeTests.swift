import Indicators
import TestKit
import Testing

@Suite("ATR")
struct AverageTrueRangeTests {
  @Test("is Wilder's formula to the bit", arguments: [1, 2, 14], Seeds.ofThisRun)
  func definition(period: Int, seed: UInt64) {
    let candles = SampleCandle.walk(count: 400, seed: seed)
    #expect(
      AverageTrueRange(period: period).values(of: candles.map(\.forATR))
        == Definitions.atr(candles, period: period), "replay with SEED=\(seed)")
  }

  /// High and low of a candle after a close of 100, and its true range.
  static let ranges: [(high: Double, low: Double, range: Double)] = [
    (103, 98, 5),  // The close before lies within.
    (110, 107, 10),  // A gap up.
    (95, 91, 9),  // A gap down.
    (100, 100, 0),
  ]

  @Test("counts the gap before a candle", arguments: ranges)
  func trueRange(high: Double, low: Double, range: Double) {
    var atr = AverageTrueRange(period: 1)
    #expect(atr.update(.init(high: 900, low: 100, close: 100)) == nil)
    #expect(atr.update(.init(high: high, low: low, close: low)) == range)
  }

  @Test("refuses a period below 1", arguments: [0, -3])
  func refusesPeriod(period: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [period] in
      _ = AverageTrueRange(period: period)
    }
    expectMessage("ATR period must be at least 1, was \(period)", in: result)
  }
}
