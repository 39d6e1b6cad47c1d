import Market
import Simulator
import Testing

@testable import Reporting

@Suite("Statistics")
struct StatisticsTests {
  static let medians: [([Double], Double?)] = [
    ([], nil), ([3], 3), ([4, 1], 2.5), ([9, 1, 5], 5), ([1, 2, 3, 10], 2.5), ([2, 2, 2, 2], 2),
    ([0, 0, 0, 1, 1], 0),
  ]

  @Test("The value in the middle, or the mean of two", arguments: medians)
  func median(of values: [Double], is expected: Double?) {
    #expect(Statistics.median(values) == expected)
  }

  @Test("Selecting finds what sorting finds", arguments: 1...50 as ClosedRange<UInt64>)
  func selection(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...400, using: &random)
    let kinds = Int.random(in: 1...count, using: &random)
    let values = (0..<count).map { _ in Double(Int.random(in: 0..<kinds, using: &random)) / 7 }
    let sorted = values.sorted()
    let middle = count / 2
    let expected =
      count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    for series in [values, sorted, sorted.reversed()] {
      #expect(Statistics.median(series) == expected, "seed \(seed)")
    }
  }

  @Test("The deviation divides by n − 1")
  func deviation() throws {
    let figures = try #require(Statistics.meanAndDeviation([1, 2, 3, 4]))
    #expect(figures.mean == 2.5)
    #expect(figures.deviation == (5.0 / 3).squareRoot())
    #expect(Statistics.meanAndDeviation([1]) == nil)
    #expect(Statistics.downsideDeviation([3, -4, 5, -2]) == 5.0.squareRoot())
  }

  @Test("The warning is for a trail below three median ranges, not at them")
  func warning() {
    var candle = Candle(start: 0, flat: 100)
    candle.high = 101
    let result = { RunBuilder().result(candles: [candle], trail: $0) }
    #expect(result(nil).medianRange == 0.01)
    #expect(result(nil).trailWarning(medianRange: 0.01) == nil)
    let (two, three) = (Rate(steps: 20_000_000_000_000_000), Rate(steps: 30_000_000_000_000_000))
    #expect(result(two).trailWarning(medianRange: 0.01) == true)
    #expect(result(three).trailWarning(medianRange: 0.01) == false)
    #expect(RunBuilder().result(candles: [], trail: two).medianRange == nil)
  }
}
