import Market
import Simulator
import TestKit
import Testing

@Suite("Candles that follow others")
struct FollowingCandlesTests {
  private func candles(leader: UInt64, own: UInt64, volatility: Double = 0.0006) -> [Candle] {
    Array(
      FollowingCandles(
        .init(seed: leader, count: 3000),
        own: .init(seed: own, count: 3000, volatility: volatility),
        startPrice: 2300, tick: Price(steps: 1_000_000)))
  }

  /// The correlation of the changes from close to close.
  private func correlation(_ left: [Candle], _ right: [Candle]) -> Double {
    func changes(_ candles: [Candle]) -> [Double] {
      zip(candles.dropFirst(), candles).map { $0.close.double / $1.close.double - 1 }
    }
    let (x, y) = (changes(left), changes(right))
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let product = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    let (a, b) = (
      x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) },
      y.reduce(0) { $0 + ($1 - meanY) * ($1 - meanY) }
    )
    return product / (a * b).squareRoot()
  }

  @Test("They are valid, on the tick, and at the leader's times", arguments: Seeds.ofThisRun)
  func valid(seed: UInt64) {
    let made = candles(leader: seed, own: seed &+ 1)
    let leader = Array(SyntheticCandles(.init(seed: seed, count: 3000)))
    #expect(made.map(\.start) == leader.map(\.start))
    #expect(made.map(\.volume) == leader.map(\.volume))
    #expect(made[0].open == 2300)
    var last: Candle?
    for candle in made {
      #expect(candle.defect(interval: TimeSpan(seconds: 300)) == nil)
      #expect(candle.close.steps % 1_000_000 == 0 && candle.high.steps % 1_000_000 == 0)
      if let last { #expect(candle.open == last.close) }
      last = candle
    }
  }

  @Test("Two of one leader move together without being the same, those of two leaders do not")
  func together() {
    let first = candles(leader: 1, own: 10)
    let second = candles(leader: 1, own: 11)
    #expect(first != second)
    #expect(correlation(first, second) > 0.7)
    #expect(correlation(first, candles(leader: 2, own: 12)).magnitude < 0.2)
    #expect(first == candles(leader: 1, own: 10))
  }
}
