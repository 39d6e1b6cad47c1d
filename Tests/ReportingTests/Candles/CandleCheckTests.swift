import Market
import Simulator
import TestKit
import Testing

@testable import Reporting

@Suite("What stands out in candles")
struct CandleCheckTests {
  private static let interval = TimeSpan(seconds: 300)

  /// Candles that reach 0.1 % to either side of 100, each a bit above or below the one before.
  private func calm(_ count: Int) -> [Candle] {
    (0..<count).map { index in
      let middle: Int64 = 10_000_000_000 + (index.isMultiple(of: 2) ? 1_000_000 : 0)
      return Candle(
        start: Timestamp(seconds: 1_704_067_200 + 300 * Int64(index)), open: Price(steps: middle),
        high: Price(steps: middle + 10_000_000), low: Price(steps: middle - 10_000_000),
        close: Price(steps: middle), volume: 1)
    }
  }

  private func check(_ candles: [Candle]) -> CandleCheck {
    CandleCheck(candles, interval: Self.interval)
  }

  @Test func `nothing has no figures`() {
    let check = check([])
    #expect(check.count == 0)
    #expect(check.first == nil)
    #expect(check.low == nil)
    #expect(check.priceStep == nil)
    #expect(check.usualStep == nil)
    #expect(check.usualSize == nil)
    #expect(check.coverage == nil)
    #expect(check.outliers == 0)
  }

  @Test func `calm candles have no oddities`() {
    let check = check(calm(1000))
    #expect(check.gaps == 0)
    #expect(check.outliers == 0)
    #expect(check.zeroVolume == 0)
    #expect(check.flat == 0)
    #expect(check.usualStep == Self.interval)
    #expect(check.coverage == 1)
    #expect(check.low == Price(steps: 9_990_000_000))
    #expect(check.high == Price(steps: 10_011_000_000))
    #expect(check.priceStep == Price(steps: 1_000_000))
    #expect(check.volumeStep == 1)
    #expect(!check.lastMayBeUnfinished)
  }

  // MARK: - Gaps

  @Test func `gaps are listed longest first, of equal ones the earlier, and only ten`() {
    var candles = calm(2000)
    // After candle 50 · k a gap of 1, 2, … 12 and once more 12 candles.
    for (number, length) in (Array(1...12) + [12]).enumerated().reversed() {
      let begin = 100 * (number + 1)
      candles.removeSubrange(begin..<(begin + length))
    }
    let check = check(candles)
    #expect(check.gaps == 13)
    #expect(check.missing == 90)
    #expect(check.longestGaps.map(\.missing) == [12, 12, 11, 10, 9, 8, 7, 6, 5, 4])
    #expect(check.longestGaps[0].from.seconds == 1_704_067_200 + 300 * 1200)
    #expect(check.longestGaps[0].to.seconds == 1_704_067_200 + 300 * 1212)
    #expect(check.longestGaps[1].from > check.longestGaps[0].from)
  }

  @Test func `the price's jump across a gap is the gap's, and no outlier`() {
    var candles = calm(1000)
    for index in 500..<1000 {
      candles[index].open += 100
      candles[index].high += 100
      candles[index].low += 100
      candles[index].close += 100
    }
    #expect(check(candles).outliers == 1, "without a gap it is one")
    candles.remove(at: 500)
    let check = check(candles)
    #expect(check.outliers == 0)
    #expect(abs((check.longestGaps.first?.move ?? 0) - 1) < 0.001)
  }

  @Test(
    "Figures of the file and of the candles agree", arguments: Seeds.ofThisRun)
  func agreesWithReader(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(500, using: &random)
    var (gaps, missing) = (0, 0)
    for (last, next) in zip(candles, candles.dropFirst()) {
      let steps = Int((next.start - last.start).seconds / 300)
      if steps > 1 { (gaps, missing) = (gaps + 1, missing + steps - 1) }
    }
    let check = check(candles)
    #expect(check.gaps == gaps, "replay with SEED=\(seed)")
    #expect(check.missing == missing, "replay with SEED=\(seed)")
    #expect(check.zeroVolume == candles.count { $0.volume == .zero })
    #expect(check.flat == candles.count { $0.high == $0.low })
    let step = try #require(check.priceStep).steps
    #expect(candles.allSatisfy { $0.open.steps % step == 0 && $0.high.steps % step == 0 })
    #expect(check.low == candles.map(\.low).min())
    #expect(check.high == candles.map(\.high).max())
  }

  @Test func `hourly candles on a grid of five minutes are an hour apart`() {
    let hourly = calm(100).enumerated().map { index, candle in
      var candle = candle
      candle.start = Timestamp(seconds: 1_704_067_200 + 3600 * Int64(index))
      return candle
    }
    #expect(check(hourly).usualStep?.seconds == 3600)
  }

  // MARK: - Outliers

  /// How candle 500 of 1000 is changed, and what that is.
  static let outliers:
    [(name: String, count: Int, spikes: Int, change: @Sendable (inout [Candle]) -> Void)] = [
      ("a low at a tenth of the price", 1, 1, { $0[500].low = 10 }),
      ("a high ten times the price", 1, 1, { $0[500].high = 1000 }),
      (
        "a wrong close, right again in the next candle", 1, 1,
        {
          $0[500].close = 10
          $0[500].low = 10
        }
      ),
      (
        "a whole candle at another price", 1, 1,
        {
          for price in [\Candle.open, \.high, \.low, \.close] { $0[500][keyPath: price] = 1000 }
        }
      ),
      (
        "a fall that stays", 1, 0,
        { candles in
          candles[500].low = 50
          candles[500].close = 50
          for index in 501..<1000 {
            for price in [\Candle.open, \.high, \.low, \.close] {
              candles[index][keyPath: price] -= 50
            }
          }
        }
      ),
      ("a range that is 20 times the usual", 0, 0, { $0[500].high = Price(steps: 10_380_000_000) }),
      ("the last candle's wick", 1, 1, { $0[999].low = 10 }),
      ("the first candle's wick, before which nothing is known", 1, 0, { $0[0].low = 10 }),
      (
        "a wild time, in which the same move is usual", 0, 0,
        { candles in for index in 256..<768 { candles[index].high = 110 } }
      ),
    ]

  @Test("An outlier is what its neighbours are not", arguments: outliers.indices)
  func findsOutliers(_ index: Int) {
    let row = Self.outliers[index]
    var candles = calm(1000)
    row.change(&candles)
    let check = check(candles)
    #expect(check.outliers == row.count, "\(row.name)")
    #expect(check.spikes == row.spikes, "\(row.name)")
    #expect(check.largestOutliers.count == min(10, row.count))
  }

  @Test func `an outlier has its time, its size and its ratio to the usual`() throws {
    var candles = calm(1000)
    candles[500].low = 50
    let outlier = try #require(check(candles).largestOutliers.first)
    #expect(outlier.time == candles[500].start)
    #expect(abs(outlier.size - (100.11 / 50 - 1)) < 1e-9)
    #expect(abs(outlier.ratio - outlier.size / 0.0021) < outlier.ratio / 20)
    #expect(outlier.isSpike)
  }

  @Test func `a dead market does not make each trade an outlier`() {
    var candles = calm(1000)
    for index in candles.indices where !index.isMultiple(of: 50) {
      candles[index] = Candle(
        start: candles[index].start, open: 100, high: 100, low: 100, close: 100, volume: 0)
    }
    let check = check(candles)
    #expect(check.outliers == 0)
    #expect(check.zeroVolume == 980)
    #expect(check.flat == 980)
  }

  @Test func `a last candle of hardly any volume may be unfinished`() {
    var candles = calm(1000)
    candles[999].volume = Quantity(steps: 9_000_000)
    #expect(check(candles).lastMayBeUnfinished)
    candles[999].volume = Quantity(steps: 10_000_000)
    #expect(!check(candles).lastMayBeUnfinished, "a tenth is enough")
  }
}
