import Indicators
import TestKit
import Testing

@Suite("VWAP")
struct VolumeWeightedAveragePriceTests {
  @Test("is the page's formula to the bit", arguments: Seeds.ofThisRun)
  func definition(seed: UInt64) {
    let candles = SampleCandle.walk(count: 400, seed: seed)
    #expect(
      VolumeWeightedAveragePrice().values(of: candles.map(\.forVWAP)) == Definitions.vwap(candles),
      "replay with SEED=\(seed)")
  }

  /// Days, prices and volumes of flat candles, and the averages at them.
  static let cases: [(name: String, candles: [(Int64, Double, Double)], vwap: [Double])] = [
    ("a day that starts without volume", [(1, 8, 0), (1, 10, 0), (1, 12, 2)], [8, 10, 12]),
    ("a candle without volume inside a day", [(1, 8, 1), (1, 99, 0), (1, 12, 1)], [8, 8, 10]),
    ("the next day", [(1, 8, 1), (1, 12, 1), (2, 20, 1)], [8, 10, 20]),
    ("a day after a gap of days", [(1, 8, 1), (9, 20, 1), (9, 10, 1)], [8, 20, 15]),
    ("a step back in time", [(2, 8, 1), (1, 20, 1)], [8, 20]),
    ("a new day that starts without volume", [(1, 8, 1), (2, 20, 0), (2, 16, 4)], [8, 20, 16]),
    ("days before 1970", [(-1, 8, 1), (0, 20, 1), (0, 10, 1)], [8, 20, 15]),
    ("a first day of number 0", [(0, 8, 1), (0, 20, 1)], [8, 14]),
  ]

  @Test("is anchored to the day", arguments: cases)
  func anchor(name: String, candles: [(Int64, Double, Double)], vwap: [Double]) {
    let inputs = candles.map { SampleCandle.flat(at: $1, day: $0, volume: $2).forVWAP }
    #expect(VolumeWeightedAveragePrice().values(of: inputs) == vwap, "\(name)")
  }

  @Test func `the typical price is (high + low + close) over 3, in that order`() {
    // From the other end the sum is 0.6, and a third of it 0.19999999999999998.
    var vwap = VolumeWeightedAveragePrice()
    let value = vwap.update(.init(day: 1, high: 0.1, low: 0.2, close: 0.3, volume: 0))
    #expect(value == 0.20000000000000004)
  }
}
