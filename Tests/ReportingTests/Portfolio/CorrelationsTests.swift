import Execution
import Market
import Simulator
import TestKit
import Testing

@testable import Reporting

@Suite("Correlations of pairs")
struct CorrelationsTests {
  private static func portfolio(_ pairs: [[Candle]]) -> PortfolioResult {
    PortfolioResult(
      pairs: pairs.enumerated().map {
        RunBuilder().result(candles: $1, product: Product(id: "P\($0)-USD"))
      }, groups: pairs.map { _ in nil }, startingCash: 10_000, interval: TimeSpan(seconds: 300),
      limits: .off, settings: [], changed: [])
  }

  /// The definition, word by word: two passes over the returns that both have.
  private static func expected(_ left: [Candle], _ right: [Candle]) -> (value: Double?, count: Int)
  {
    func returns(_ candles: [Candle]) -> [Timestamp: Double] {
      var all: [Timestamp: Double] = [:]
      for (before, candle) in zip(candles, candles.dropFirst())
      where before.start + TimeSpan(seconds: 300) == candle.start {
        all[candle.start] = candle.close.double / before.close.double - 1
      }
      return all
    }
    let (first, second) = (returns(left), returns(right))
    let times = first.keys.filter { second[$0] != nil }.sorted()
    let (a, b) = (times.compactMap { first[$0] }, times.compactMap { second[$0] })
    guard a.count > 1 else { return (nil, a.count) }
    let (meanA, meanB) = (
      a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count)
    )
    var (product, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (a, b) in zip(a, b) {
      product += (a - meanA) * (b - meanB)
      squaresA += (a - meanA) * (a - meanA)
      squaresB += (b - meanB) * (b - meanB)
    }
    let value = product / (squaresA * squaresB).squareRoot()
    return (value.isFinite ? value : nil, a.count)
  }

  /// Candles of a market that all pairs follow a little, with gaps of the pair's own.
  private static func pairs(_ seed: UInt64) -> [[Candle]] {
    var random = SplitMix64(seed: seed)
    let slots = Int.random(in: 3...5_000, using: &random)
    let market = (0..<slots).map { _ in Double.random(in: -0.01...0.01, using: &random) }
    return (0..<5).map { _ in
      let weight = Double.random(in: -1...1, using: &random)
      let density = [1, 0.999, 0.9, 0.4, 0.02][Int.random(in: 0..<5, using: &random)]
      let begin = Bool.random(using: &random) ? 0 : Int.random(in: 0..<slots, using: &random)
      var price = 100_000.0
      var candles: [Candle] = []
      for slot in begin..<slots {
        price *= 1 + weight * market[slot] + Double.random(in: -0.01...0.01, using: &random)
        guard Double.random(in: 0..<1, using: &random) < density else { continue }
        candles.append(
          Candle(start: 1_704_067_200 + Int64(slot) * 300, flat: Price(steps: Int64(price * 1e4))))
      }
      return candles
    }
  }

  @Test("They are those of the definition, whatever is missing", arguments: Seeds.ofThisRun)
  func definition(seed: UInt64) {
    let pairs = Self.pairs(seed)
    let correlations = Correlations(Self.portfolio(pairs))
    for first in pairs.indices {
      for second in pairs.indices where first != second {
        let (value, count) = Self.expected(pairs[first], pairs[second])
        let label: Comment = "seed \(seed), pairs \(first) and \(second)"
        #expect(correlations.counts[first][second] == count, label)
        guard let value, count > 2 else { continue }  // Of two returns it is 1 or −1, or rounding.
        let found = correlations[first, second]
        #expect(found.map { ($0 - value).magnitude < 1e-9 } ?? false, label)
      }
    }
  }

  @Test func `what does not move has none, and what moves alike has 1`() {
    let moving = (0..<9).map {
      Candle(start: Int64($0) * 300, flat: Price(steps: [100, 103, 101][$0 % 3]))
    }
    let double = moving.map { candle in
      Candle(start: candle.start.seconds, flat: Price(steps: candle.close.steps * 2))
    }
    let flat = (0..<9).map { Candle(start: Int64($0) * 300, flat: 7) }
    let far = flat.map { Candle(start: $0.start.seconds + 4_000_000_000, flat: 7) }
    let correlations = Correlations(Self.portfolio([moving, double, flat, far]))
    #expect(correlations[0, 1].map { ($0 - 1).magnitude < 1e-12 } ?? false)
    #expect(correlations[0, 2] == nil)
    #expect(correlations[0, 3] == nil)
    #expect(correlations.counts[0][2] == 8)
    #expect(correlations.counts[0][3] == 0)
    #expect(correlations[3, 3] == 1)
    #expect(correlations.counts[3][3] == 8)
  }
}
