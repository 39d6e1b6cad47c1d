import Market
import Reporting
import Testing

@testable import Execution

@Suite("A run told in sentences")
struct PortfolioStoryTests {
  /// The run made by hand, and a pair to which this happened.
  private func story(_ happen: (inout RunBuilder) -> Void = { _ in }) -> PortfolioStory {
    let sample = SampleRun.make()
    var other = RunBuilder()
    happen(&other)
    return PortfolioStory(
      PortfolioResult(
        pairs: [
          sample,
          other.result(candles: sample.candles, product: Product(id: "ETH-USD")),
        ],
        groups: [nil, nil], startingCash: sample.startingCash, interval: sample.interval,
        limits: .off, settings: [], changed: []))
  }

  @Test func `the best trade is told from its signal to what it made`() {
    #expect(
      story().trade == [
        "  2025-09-16 06:10  A candle of BTC-USD closes, and all conditions of the",
        "                    strategy hold: a limit buy of 5 at 100.00 is sent.",
        "  2025-09-16 06:11  It fills at 100.00. A stop is placed at once, below the",
        "                    price.",
        "                    The price rises to 103.00, and the stop is moved up 1 time,",
        "                    never down.",
        "  2025-09-16 06:30  The price falls past the stop, and a lower limit follows",
        "                    it: sold at 97.00. After 3.43 of fees the trade has made",
        "                    -10.93 USD, -4.37%.",
      ])
  }

  @Test func `without a trade or a limit it says so`() {
    let candles = SampleRun.make().candles
    let nothing = PortfolioStory(
      PortfolioResult(
        pairs: [RunBuilder().result(candles: candles)], groups: [nil], startingCash: 10_000,
        interval: TimeSpan(seconds: 300), limits: .off, settings: [], changed: []))
    #expect(nothing.trade == ["  No position was closed."])
    #expect(nothing.limits == ["  No limit was reached."])
    #expect(
      nothing.outcome == [
        "  10,000.00 became 10,000.00 USD, 0.00%; at worst 0.00% from the highest so",
        "  far. 0 trades, 0.00 USD of fees.",
      ])
  }

  @Test func `each rule is told once, with its first figures`() {
    let time = { Timestamp(seconds: SampleRun.begin + $0) }
    let refusal = { value, limit in
      Refusal(
        rule: .maxCorrelatedExposure, value: WideMoney(value), limit: WideMoney(limit))
    }
    let told = story { run in
      run.refuse(refusal(1200, 1000), at: time(300))
      run.refuse(refusal(1300, 1000), at: time(600))
      run.refuse(
        Refusal(rule: .maxPositions, value: WideMoney(count: 3), limit: WideMoney(count: 2)),
        at: time(900))
      run.trip(BreakerTrip(time: time(1200), equity: 8999, level: WideMoney(9000)))
    }
    #expect(
      told.limits == [
        "  2025-09-16 06:15  max_positions: an entry of ETH-USD is refused. It would be",
        "                    3, and 2 is the most.",
        "  2025-09-16 06:05  max_correlated_exposure_pct: an entry of ETH-USD is",
        "                    refused. It would be 1,200.00, and 1,000.00 is the most.",
        "                    The first of 2 refusals by this rule.",
        "  2025-09-16 06:20  The breaker trips: equity is 8,999.00. All positions are",
        "                    sold, and nothing is bought any more.",
      ])
  }
}
