import Indicators
import Simulator
import TestKit
import Testing

@Suite("Bollinger bands")
struct BollingerBandsTests {
  @Test(
    "are the two passes over the window, also after 1e5 prices", arguments: [1, 2, 5, 20],
    Seeds.ofThisRun)
  func definition(period: Int, seed: UInt64) {
    let count = period == 20 && seed == Seeds.ofThisRun.first ? 100_000 : 3_000
    let prices = SampleCandle.extremes(count: count, seed: seed)
    let values = BollingerBands(period: period).values(of: prices)
    var worst = 0.0
    for (value, expected) in zip(values, Definitions.windows(prices, period: period)) {
      guard let value, let expected else { continue }
      worst = max(worst, abs(value.middle - expected.mean) / expected.mean)
      let distance = abs(value.deviation - expected.deviation)
      worst = max(worst, distance / max(expected.deviation, 1e-6 * expected.mean))
    }
    #expect(values.filter { $0 != nil }.count == count - period + 1)
    #expect(worst <= 1e-12, "replay with SEED=\(seed)")
  }

  @Test("keep the deviation of a nearly constant window", arguments: [2, 5, 20], Seeds.ofThisRun)
  func nearlyConstant(period: Int, seed: UInt64) throws {
    // Sixteenths around 9e10 are exact doubles, so integers give the deviation exactly:
    // n²σ² = n·Σj² − (Σj)². Squares of 8.1e21 have a last bit of a million.
    var random = SplitMix64(seed: seed)
    let steps = (0..<2_000).map { _ in Int.random(in: -3...3, using: &random) }
    let values = BollingerBands(period: period).values(of: steps.map { 9e10 + Double($0) / 16 })
    for last in (period - 1)..<steps.count {
      let window = steps[(last + 1 - period)...last]
      let sum = window.reduce(0, +)
      let squares = window.reduce(0) { $0 + $1 * $1 }
      let expected = Double(period * squares - sum * sum).squareRoot() / Double(16 * period)
      let deviation = try #require(values[last]).deviation
      #expect(abs(deviation - expected) <= 1e-13 * expected, "replay with SEED=\(seed)")
    }
  }

  @Test("close up on a constant window, to the bit", arguments: [0.1, 1e-8, 64_321.07, 9e10])
  func constantWindow(price: Double) {
    let prices = [9e10, 1e-8, 3] + Array(repeating: price, count: 50)
    for value in BollingerBands(period: 7).values(of: prices).dropFirst(9) {
      #expect(value == .init(middle: price, deviation: 0, width: 2))
      #expect(value?.lower == price)
      #expect(value?.upper == price)
    }
  }

  @Test func `the deviation is the population's`() {
    // Mean 5, squares 9 1 1 1 0 0 4 16, of eight values: √(32 / 8) = 2.
    let values = BollingerBands(period: 8, width: 1.5).values(of: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(values.last == .init(middle: 5, deviation: 2, width: 1.5))
    #expect(values.last??.lower == 2)
    #expect(values.last??.upper == 8)
  }

  @Test("refuse a period below 1", arguments: [0, -3])
  func refusesPeriod(period: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [period] in
      _ = BollingerBands(period: period)
    }
    expectMessage("Bollinger period must be at least 1, was \(period)", in: result)
  }

  // As text: an exit test captures its values through JSON, which has no infinity.
  @Test("refuse a width that is no distance", arguments: ["-0.5", "inf", "nan"])
  func refusesWidth(width: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [width] in
      _ = BollingerBands(period: 20, width: try #require(Double(width)))
    }
    expectMessage("Bollinger width must be finite and not negative, was \(width)", in: result)
  }
}
