import Market
import Matching
import Simulator
import TestKit
import Testing

@testable import Execution

/// Pairs that play ahead of the account, each to its next decision: the run is the one in which all
/// points and close events go by SEMANTICS 8.3's sequence; decision note 10.
@Suite struct PlayingAheadTests {
  /// A random portfolio whose equity nobody watches: that is where pairs play ahead.
  static func world(_ seed: UInt64) throws -> PortfolioWorld {
    var random = SplitMix64(seed: seed &+ 11)
    var world = try PortfolioWorld(seed: seed)
    world.limits.emergencyLiquidationLoss = nil
    world.limits.dailyLossLimit = nil
    for pair in world.pairs.indices {
      // A gap longer than pairs may be ahead.
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
      let first = Int.random(in: 0..<world.pairs[pair].candles.count, using: &random)
      for place in first..<world.pairs[pair].candles.count {
        let start = world.pairs[pair].candles[place].start
        world.pairs[pair].candles[place].start = start + PortfolioWorld.interval * 5_000
      }
    }
    return world
  }

  @Test("Playing ahead gives the run that goes by time, pair by pair", arguments: Seeds.ofThisRun)
  func sameRun(seed: UInt64) throws {
    for round in 0..<8 as Range<UInt64> {
      let world = try Self.world(seed &* 100 &+ round)
      let slow = try world.walk()
      let fast = try world.run(block: round % 2 == 0 ? nil : TimeSpan(seconds: 11 * 300))
      #expect(fast.pairs.map { $0.loop.journal.withoutPair } == slow.records, "seed \(seed)")
      #expect(fast.portfolio == slow.portfolio, "seed \(seed)")
    }
  }

  @Test func `in these worlds pairs decide at one time, and have gaps`() throws {
    var (together, gaps) = (0, 0)
    for seed in 1...60 as ClosedRange<UInt64> {
      let world = try Self.world(seed)
      let run = try world.run()
      let times = run.pairs.flatMap { pair in
        Set(pair.loop.journal.orders.filter { $0.role == .entry }.map(\.order.submitted))
      }
      together += times.count - Set(times).count
      for pair in world.pairs {
        gaps += zip(pair.candles, pair.candles.dropFirst()).count {
          $1.start >= $0.start + PortfolioWorld.interval * 5_000
        }
      }
    }
    #expect(together > 20 && gaps > 10, "\(together), \(gaps)")
  }

  /// Pairs that hold fifty million units each when their price jumps, one after the other.
  private static func boom(to top: Price) throws -> PortfolioWorld {
    var world = try PortfolioWorld(seed: 3)
    world.limits = .off
    let price = Price(steps: 1_000)
    var pair = world.pairs[0]
    pair.model = MarketModel(participation: .one)
    pair.product = Product(quoteIncrement: Price(steps: 1))
    pair.positionSize = rate("0.05")
    pair.strategy = try ScriptedStrategy(
      signals: Set(0..<40), offset: .zero, timeToLive: 3, isPostOnly: false, cooldown: 0,
      exit: ["trail": "0.02"])
    world.pairs = (0..<3).map { index in
      pair.candles = (0..<40).map { place in
        let high = place == 10 + 3 * index ? top : price
        return Candle(
          start: .testStart + PortfolioWorld.interval * place, open: price, high: high, low: price,
          close: price, volume: 1_000_000_000_000)
      }
      return pair
    }
    return world
  }

  @Test func `a position worth more than pairs may have ahead of the account waits for its turn`()
    throws
  {
    let world = try Self.boom(to: 100_000_000)
    let (slow, fast) = (try world.walk(), try world.run())
    #expect(fast.pairs.map { $0.loop.journal.withoutPair } == slow.records)
    #expect(fast.portfolio == slow.portfolio)
    #expect(fast.portfolio.account.cash > 1_000_000_000_000_000, "it was worth that much")
  }

  @Test func `a position worth more than can be counted ends both runs at the same candle`()
    throws
  {
    let world = try Self.boom(to: 90_000_000_000)
    let expected = BacktestError.outOfRange(
      time: .testStart + PortfolioWorld.interval * 10, product: world.pairs[0].product.id)
    #expect(throws: expected) { try world.walk() }
    #expect(throws: expected) { try world.run() }
  }

  @Test func `an account that a maker's fee takes below 0 can still be counted`() throws {
    var world = try Self.boom(to: Price(steps: 1_000))
    for pair in world.pairs.indices {
      world.pairs[pair].model.makerRate = rate("0.05")
      world.pairs[pair].positionSize = rate("1")
      world.pairs[pair].strategy = try ScriptedStrategy(
        signals: [3 * pair], offset: rate("0.01"), timeToLive: 3, isPostOnly: false, cooldown: 0,
        exit: ["trail": "0.9"])
      for place in 1..<40 { world.pairs[pair].candles[place].low = Price(steps: 900) }
    }
    let (slow, fast) = (try world.walk(), try world.run())
    #expect(fast.pairs.map { $0.loop.journal.withoutPair } == slow.records)
    #expect(fast.portfolio == slow.portfolio)
    #expect(fast.portfolio.account.cash < .zero)
  }
}
