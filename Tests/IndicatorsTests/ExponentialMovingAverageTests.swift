import Indicators
import TestKit
import Testing

@Suite("EMA")
struct ExponentialMovingAverageTests {
  @Test("is the page's formula to the bit", arguments: [1, 2, 9, 26], Seeds.ofThisRun)
  func definition(period: Int, seed: UInt64) {
    let closes = SampleCandle.walk(count: 400, seed: seed).map(\.close)
    #expect(
      ExponentialMovingAverage(period: period).values(of: closes)
        == Definitions.ema(closes, period: period), "replay with SEED=\(seed)")
  }

  @Test func `the seed is summed oldest to newest and divided once`() {
    // 0.1 + 0.2 + 0.3 is 0.6000000000000001, from the other end it is 0.6; and for 1e16, 1, 1
    // the small ones vanish one by one, while from the other end they arrive together.
    #expect(
      ExponentialMovingAverage(period: 3).values(of: [0.1, 0.2, 0.3]).last == 0.20000000000000004)
    #expect(ExponentialMovingAverage(period: 4).values(of: [1e16, 1, 1, 1]).last == 2.5e15)
  }

  @Test func `later values are not fused, and multiply k by the distance`() {
    // k = 2/11. Fused, or as (1 − k)·ema + k·x, the last bit differs for one of these.
    let values = (1...60).map { Double($0 * $0 % 97) / 10 }
    var expected = values.prefix(10).reduce(0, +) / 10
    var average = ExponentialMovingAverage(period: 10)
    for value in values.prefix(10) { _ = average.update(value) }
    var differsFused = false
    var differsWeighed = false
    let k = 2.0 / 11
    for value in values.dropFirst(10) {
      let distance = value - expected
      differsFused = differsFused || expected.addingProduct(k, distance) != expected + k * distance
      differsWeighed = differsWeighed || (1 - k) * expected + k * value != expected + k * distance
      expected = expected + k * distance
      #expect(average.update(value) == expected)
    }
    #expect(differsFused && differsWeighed, "the series no longer tells the formulas apart")
  }

  @Test("refuses a period below 1", arguments: [0, -3])
  func refusesPeriod(period: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [period] in
      _ = ExponentialMovingAverage(period: period)
    }
    expectMessage("EMA period must be at least 1, was \(period)", in: result)
  }
}
