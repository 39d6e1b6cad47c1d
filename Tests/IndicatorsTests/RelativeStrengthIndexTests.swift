import Indicators
import TestKit
import Testing

@Suite("RSI")
struct RelativeStrengthIndexTests {
  @Test("is the page's formula to the bit", arguments: [1, 2, 3, 14], Seeds.ofThisRun)
  func definition(period: Int, seed: UInt64) {
    let closes = SampleCandle.walk(count: 400, seed: seed).map(\.close)
    #expect(
      RelativeStrengthIndex(period: period).values(of: closes)
        == Definitions.rsi(closes, period: period), "replay with SEED=\(seed)")
  }

  /// Closes, and RSI(4) at the last: each turns a strategy's `RSI <= 30` if one step is replaced.
  static let thresholds: [(closes: [Double], rsi: Double)] = [
    // 100·(gain / (gain + loss)), TA-Lib's order, and 100 − 100 / (1 + gain / loss) give 30.
    ([106.3, 102.7, 101.4, 102.7, 104.3, 102.9], 0x1.e000000000001p+4),
    // A running mean for the first averages gives 0x1.e000000000001p+4.
    ([104.5, 104.6, 107.7, 104.3, 102.5, 100.8], 30),
  ]

  @Test("keeps the last bit on which a threshold hangs", arguments: thresholds)
  func lastBit(closes: [Double], rsi: Double) {
    #expect(RelativeStrengthIndex(period: 4).values(of: closes).last == rsi)
  }

  @Test func `a market that never moved is at 50`() {
    let values = RelativeStrengthIndex(period: 3).values(of: Array(repeating: 7.1, count: 6))
    #expect(values == [nil, nil, nil, 50, 50, 50])
  }

  @Test func `a market that stops keeps its last reading`() {
    let values = RelativeStrengthIndex(period: 2).values(of: [1, 2, 4, 3, 3, 3])
    #expect(values == [nil, nil, 100, 60, 60, 60])
  }

  @Test func `a market that only falls is at 0`() {
    #expect(RelativeStrengthIndex(period: 2).values(of: [4, 3, 2, 1]) == [nil, nil, 0, 0])
  }

  @Test func `a market that only rises is at 100, give or take the last place`() {
    let closes = (0..<2_000).map { 100 + Double($0) * 0.37 }
    for case let value? in RelativeStrengthIndex(period: 14).values(of: closes) {
      #expect((100.0.nextDown...100.0.nextUp).contains(value))
    }
  }

  @Test func `the first close is not a change from 0`() {
    #expect(RelativeStrengthIndex(period: 1).values(of: [9e10, 9e10]) == [nil, 50])
  }

  @Test("refuses a period below 1", arguments: [0, -3])
  func refusesPeriod(period: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [period] in
      _ = RelativeStrengthIndex(period: period)
    }
    expectMessage("RSI period must be at least 1, was \(period)", in: result)
  }
}
