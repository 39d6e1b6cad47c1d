import Market
import Matching
import TestKit
import Testing

/// The simulated market over single trades; SEMANTICS 6.2 and 6.9.
@Suite("A market fed by trades")
struct FeedMarketTests {
  /// A market of whose trades half is ours, in lots of 0.1.
  struct World {
    var market: FeedMarket
    private(set) var news: [String] = []
    private var number: UInt64 = 0

    init(touch: Bool = false) {
      var product = Product()
      product.baseIncrement = quantity("0.1")
      var model = MarketModel.free
      model.participation = rate("0.5")
      model.fillsOnTouch = touch
      market = FeedMarket(product: product, model: model)
    }

    @discardableResult
    mutating func trade(
      _ price: String, _ size: String, candle: Int = 0, second: Int = 0,
      _ reaction: (inout World, String) -> Void = { _, _ in }
    ) -> Bool {
      let start = Timestamp.testStart + TimeSpan(seconds: 300) * candle
      let isOnTime = market.begin(
        TestKit.price(price), size: quantity(size), at: start + TimeSpan(seconds: 1) * second,
        inCandleFrom: start)
      var reports: [OrderReport] = []
      while market.step(into: &reports) {
        let before = news.count
        take(&reports)
        for item in news[before...] { reaction(&self, item) }
      }
      return isOnTime
    }

    mutating func buy(_ limit: String, _ amount: String, postOnly: Bool = false) {
      submit(.buy, limit, nil, amount, postOnly)
    }

    mutating func sell(_ limit: String, trigger: String? = nil, _ amount: String) {
      submit(.sell, limit, trigger, amount, false)
    }

    private mutating func submit(
      _ side: Side, _ limit: String, _ trigger: String?, _ amount: String, _ postOnly: Bool
    ) {
      number += 1
      var reports: [OrderReport] = []
      market.submit(
        Order(
          id: ClientOrderID(session: 0, pair: 0, number: number), side: side, limit: price(limit),
          trigger: trigger.map(price), quantity: quantity(amount), isPostOnly: postOnly,
          submitted: .testStart), into: &reports)
      take(&reports)
    }

    private mutating func take(_ reports: inout [OrderReport]) {
      for report in reports {
        switch report.news {
        case .filled(let fill):
          let kind = fill.liquidity == .maker ? "M" : "T"
          let second = (report.time - .testStart).nanoseconds / 1_000_000_000
          news.append("\(report.order.number): \(fill.quantity)@\(fill.price)\(kind) \(second)")
        case .rejected: news.append("\(report.order.number): rejected")
        case .accepted, .cancelled, .cancelRefused, .expired, .unanswered: break
        }
      }
      reports.removeAll()
    }
  }

  @Test func `the first trade of a candle is a jump, the next the end of a move`() {
    for isOneCandle in [true, false] {
      var world = World()
      world.trade("100", "10")
      world.sell("97", trigger: "98", "1")
      world.trade("95", "10", candle: isOneCandle ? 0 : 1)
      // In a jump it triggers where the price landed, below its limit, and rests.
      #expect(world.news == (isOneCandle ? ["1: 1@98T 0"] : []))
    }
  }

  @Test func `a trade's own size counts for the move that it ends`() {
    var world = World()
    world.trade("100", "0.1")
    world.buy("99", "3")
    world.trade("98", "4", second: 7)
    #expect(world.news == ["1: 2@99M 7"])
    #expect(world.market.liquidityLeft == 0)
  }

  @Test func `what met the limit is new again where more may fill, and only there`() {
    var world = World()
    world.trade("100", "0")
    world.buy("99", "3", postOnly: true)
    world.trade("98", "2", second: 1)
    #expect(world.news == ["1: 1@99M 1"])
    world.trade("97", "0", second: 2)
    world.trade("97", "0.1", second: 3)
    #expect(world.news.count == 1, "half of it is less than a lot")
    world.trade("96", "1.1", second: 4)
    #expect(world.news.dropFirst() == ["1: 0.6@96T 4"], "with what was less than a lot before")
    world.trade("100", "4", second: 5)
    #expect(world.news.count == 2, "above its limit it rests")
    world.trade("98", "0", second: 6)
    #expect(world.news.dropFirst(2) == ["1: 1.4@99M 6"])
  }

  @Test func `what is reached on the way comes before what waited for more to trade`() {
    var world = World()
    world.trade("98", "0")
    world.buy("99", "1")
    world.buy("97", "1")
    world.trade("96", "3", second: 1)
    #expect(world.news == ["2: 1@97M 1", "1: 0.5@96T 1"])
  }

  @Test func `an answer to a fill is looked at where the fill was`() {
    var world = World()
    world.trade("100", "10")
    world.buy("99", "1")
    world.trade("96", "0", second: 1) { world, news in
      if news.hasPrefix("1:") { world.sell("97.5", trigger: "98", "1") }
    }
    #expect(world.news == ["1: 1@99M 1", "2: 1@98T 1"])
  }

  @Test func `a later candle has its own volume, and the old one's is gone`() {
    var world = World()
    world.trade("100", "10")
    world.trade("100", "0", candle: 1)
    world.buy("101", "1")
    #expect(world.news == [])
    world.trade("100", "1", candle: 2)
    #expect(world.news == ["1: 0.5@100T 600"])
  }

  @Test func `between candles an order waits, and a trade that is late for its candle is none`() {
    var world = World()
    world.trade("100", "10", candle: 1)
    let earlier = world.trade("100", "10", candle: 0)
    #expect(!earlier, "of a candle before")
    world.market.endCandle()
    #expect(world.market.isBetweenCandles)
    world.buy("101", "1")
    let ended = world.trade("100", "10", candle: 1)
    #expect(!ended, "of the candle that has ended")
    #expect(world.news == [])
    let next = world.trade("99", "2", candle: 2)
    #expect(next && world.news == ["1: 1@99T 600"])
  }

  @Test func `time does not go back where trades do`() {
    var world = World()
    world.trade("100", "10", second: 9)
    world.buy("99", "1")
    world.trade("98", "0", second: 4)
    #expect(world.news == ["1: 1@99M 9"])
  }

  @Test func `a size that no number holds is as good as all there is`() {
    var world = World()
    world.trade("100", "1")
    for _ in 0..<2 {
      _ = world.market.begin(100, size: .greatest, at: .testStart, inCandleFrom: .testStart)
    }
    world.buy("100", "1000000")
    #expect(world.news == ["1: 1000000@100T 0"])
  }
}
