import Indicators
import TestKit
import Testing

@Suite("SMA")
struct SimpleMovingAverageTests {
  @Test(
    "is the mean of the window, also after 1e5 prices", arguments: [1, 2, 5, 20], Seeds.ofThisRun)
  func definition(period: Int, seed: UInt64) {
    let count = period == 20 && seed == Seeds.ofThisRun.first ? 100_000 : 3_000
    let prices = SampleCandle.extremes(count: count, seed: seed)
    let values = SimpleMovingAverage(period: period).values(of: prices)
    var worst = 0.0
    for (value, expected) in zip(values, Definitions.windows(prices, period: period)) {
      guard let value, let mean = expected?.mean else { continue }
      worst = max(worst, abs(value - mean) / mean)
    }
    #expect(values.filter { $0 != nil }.count == count - period + 1)
    #expect(worst <= 1e-14, "replay with SEED=\(seed)")
  }

  @Test func `a huge price that has left the window leaves no trace`() {
    let small = 1e-8
    let values = SimpleMovingAverage(period: 4).values(
      of: [9e10] + Array(repeating: small, count: 9))
    // Sums of up to four equal doubles are exact but for three of them, and quarters always are.
    #expect(values.dropFirst(4).allSatisfy { $0 == small || $0 == small.nextUp })
    #expect(values[7] == small)
  }

  @Test func `the first value is the sum oldest to newest, divided once`() {
    #expect(SimpleMovingAverage(period: 3).values(of: [0.1, 0.2, 0.3]).last == 0.20000000000000004)
  }

  @Test func `a period of 1 repeats its input`() {
    #expect(SimpleMovingAverage(period: 1).values(of: [3, 0.1, 9e10]) == [3, 0.1, 9e10])
  }

  @Test("refuses a period below 1", arguments: [0, -3])
  func refusesPeriod(period: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [period] in
      _ = SimpleMovingAverage(period: period)
    }
    expectMessage("SMA period must be at least 1, was \(period)", in: result)
  }
}
