import Execution
import Market
import Testing

@testable import Reporting

@Suite("What pairs and groups have at stake")
struct StakesTests {
  /// Two pairs of a group: one buys 10 at 100, the other orders 5 at 40 and buys 2 of them.
  private static var result: PortfolioResult {
    func time(_ second: Int64) -> Timestamp { Timestamp(seconds: second) }
    func candles(_ closes: [Price]) -> [Candle] {
      closes.enumerated().map { Candle(start: Int64($0) * 300, flat: $1) }
    }
    var first = RunBuilder(cash: 2_000)
    let order = first.submit(.entry, limit: 100, quantity: 10, at: time(300))
    first.fill(order, price: 100, quantity: 10, candle: 1, at: time(400))
    var second = RunBuilder(cash: 2_000)
    let entry = second.submit(.entry, limit: 40, quantity: 5, at: time(600))
    second.fill(entry, price: 40, quantity: 2, candle: 2, at: time(700))
    second.cancel(entry, .expiry, at: time(1_200))
    return PortfolioResult(
      pairs: [
        first.result(candles: candles([100, 100, 120, 120, 90]), product: Product(id: "A-USD")),
        second.result(candles: candles([50, 50, 50, 50, 50]), product: Product(id: "B-USD")),
      ], groups: ["g", "g"], startingCash: 2_000, interval: TimeSpan(seconds: 300),
      limits: PortfolioLimits(maxCorrelatedExposure: 70), settings: [], changed: [])
  }

  @Test func `peaks are the first of the greatest shares, means run over all closes`() throws {
    let stakes = Stakes(Self.result)
    // Closes at 300 … 1500; equity 2000, 2000, 2220 (10 × 120 + 920 + 2 × 50), 2220, 1920.
    let a = stakes.pairs[0]
    #expect(
      a.peak
        == Stakes.Peak(
          time: Timestamp(seconds: 900), exposure: 1_200, equity: 2_220,
          share: 1_200.0 / 2_220))
    #expect(a.final == 900)
    #expect(a.finalShare == 900.0 / 1_920)
    let sum = 1_000.0 / 2_000 + 1_000.0 / 2_000 + 1_200.0 / 2_220 + 1_200.0 / 2_220 + 900.0 / 1_920
    #expect(try #require(a.meanShare).isNear(sum / 5))
    // The order counts from the close at which it is sent: 200 of 2000; then 2 × 50 + 3 × 40 of 2220.
    let b = stakes.pairs[1]
    #expect(b.peak?.time == Timestamp(seconds: 600))
    #expect(b.peak?.exposure == 200)
    #expect(b.peak?.share == 0.1)
    #expect(b.final == 100)
    let group = try #require(stakes.groups.first)
    #expect(stakes.groups.count == 1)
    #expect(group.peak?.exposure == 1_420)
    #expect(group.final == 1_000)
  }

  @Test func `an account that holds nothing has no peak, one without candles no shares`() {
    let idle = Stakes(SamplePortfolio.idle(2))
    #expect(idle.pairs.map(\.peak) == [nil, nil])
    #expect(idle.groups.map(\.meanShare) == [0, 0])
    let empty = Stakes(SamplePortfolio.idle(2, candles: 0))
    #expect(empty.pairs.map(\.meanShare) == [nil, nil])
    #expect(empty.pairs.map(\.finalShare) == [nil, nil])
  }

  @Test func `the greatest of all groups is the first of equals`() throws {
    var result = Self.result
    result.groups = [nil, nil]
    let greatest = try #require(PortfolioFigures(result).greatestStake)
    #expect(greatest.group == "A-USD")
    #expect(greatest.peak.time == Timestamp(seconds: 900))
    #expect(PortfolioFigures(SamplePortfolio.idle(3)).greatestStake == nil)
  }
}

extension Double {
  fileprivate func isNear(_ other: Double) -> Bool { (self - other).magnitude < 1e-12 }
}
