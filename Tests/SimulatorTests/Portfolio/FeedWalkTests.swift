import Market
import Matching
import Simulator
import TestKit
import Testing

@testable import Execution

/// Paper over a feed beside a backtest.
@Suite struct FeedWalkTests {
  @Test(
    "Candles as four trades, the volume in the first, are the backtest: each event, command and fill",
    arguments: Seeds.ofThisRun)
  func sameAsBacktest(seed: UInt64) throws {
    for round in 0..<4 as Range<UInt64> {
      let world = try PortfolioWorld(seed: seed &* 100 &+ round)
      let walk = try world.walk()
      let feed = FeedWalk(world)
      for (pair, heard) in feed.entries.enumerated() {
        #expect(heard == walk.log.filter { $0.pair == pair }, "seed \(seed), pair \(pair)")
      }
      #expect(feed.records == walk.records, "seed \(seed)")
      #expect(feed.portfolio == walk.portfolio, "seed \(seed)")
    }
  }

  @Test func `those feeds fill as makers and takers, in parts, and trip the breaker`() throws {
    var fills: [Fill] = []
    var parts = 0
    var trips = 0
    for seed in 100..<140 as Range<UInt64> {
      let feed = FeedWalk(try PortfolioWorld(seed: seed))
      for record in feed.records {
        fills += record.fills
        parts += record.fills.count - Set(record.fills.map(\.order)).count
      }
      if feed.portfolio.isTripped { trips += 1 }
    }
    #expect(Set(fills.map(\.liquidity)) == [.maker, .taker])
    #expect(fills.count > 100 && parts > 10 && trips > 2)
  }

  /// Orders and trades at random, with prices that meet often.
  @Test(
    "However trades come, no more fills than the share of what has traded, at no worse a price",
    arguments: Seeds.ofThisRun)
  func neverMoreThanTraded(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<6 {
      let model = MarketModel(
        participation: Rate(steps: .random(in: 0...10, using: &random) * 100_000_000_000_000_000),
        fillsOnTouch: .random(using: &random))
      let product = Product(
        quoteIncrement: 1, baseIncrement: Quantity(steps: .random(in: 1...1_000, using: &random)))
      var market = FeedMarket(product: product, model: model)
      var left: [ClientOrderID: Order] = [:]
      var (start, volume, filled) = (Timestamp.testStart, Quantity.zero, Quantity.zero)
      var reports: [OrderReport] = []
      for number in 0..<200 as Range<UInt64> {
        if Int.random(in: 0..<10, using: &random) == 0 {
          (start, volume, filled) = (start + TimeSpan(seconds: 60), .zero, .zero)
          market.endCandle()
        }
        let side: Side = .random(using: &random) ? .buy : .sell
        let limit = Price(steps: .random(in: 95...105, using: &random) * 100_000_000)
        let isStop = side == .sell && Bool.random(using: &random)
        let order = Order(
          id: ClientOrderID(session: 0, pair: 0, number: number), side: side, limit: limit,
          trigger: isStop ? limit + 1 : nil,
          quantity: Quantity(steps: .random(in: 1...9_000, using: &random)), isPostOnly: false,
          submitted: start)
        left[order.id] = order
        market.submit(order, into: &reports)
        // What the candle before had left is not to be had between candles.
        #expect(volume > .zero || !reports.contains(where: \.isFill), "seed \(seed)")
        let size = Quantity(steps: max(0, .random(in: -3_000...5_000, using: &random)))
        volume += size
        let price = Price(steps: .random(in: 95...105, using: &random) * 100_000_000)
        let isOnTime = market.begin(price, size: size, at: start, inCandleFrom: start)
        #expect(isOnTime)
        while market.step(into: &reports) {}
        for case .filled(let fill) in reports.map(\.news) {
          let order = try #require(left[fill.order])
          filled += fill.quantity
          #expect(fill.quantity > .zero && fill.quantity <= order.quantity, "seed \(seed)")
          #expect(
            order.side == .buy ? fill.price <= order.limit : fill.price >= order.limit,
            "seed \(seed)")
          left[order.id]?.quantity -= fill.quantity
        }
        reports.removeAll()
        let share = product.floorLot(volume.portion(model.participation))
        #expect(filled + market.liquidityLeft == share, "seed \(seed)")
        #expect(
          Set(market.working) == Set(left.values.filter { $0.quantity > .zero }.map(\.id)),
          "seed \(seed)")
      }
    }
  }
}

extension OrderReport {
  fileprivate var isFill: Bool {
    if case .filled = news { true } else { false }
  }
}
