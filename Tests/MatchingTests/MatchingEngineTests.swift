import Market
import Matching
import TestKit
import Testing

/// The simulated market by itself; SEMANTICS 6.
@Suite struct MatchingEngineTests {
  /// A market of 1000 units a candle, all of them ours, that tells what happened in short words.
  struct World {
    var market: MatchingEngine
    private(set) var news: [String] = []
    private var number: UInt64 = 0

    init(_ model: MarketModel = .free, product: Product = Product()) {
      var model = model
      model.participation = .one
      market = MatchingEngine(product: product, model: model)
    }

    mutating func jump(_ price: String, volume: String = "1000") {
      market.beginJump(to: TestKit.price(price), at: .testStart, volume: quantity(volume))
      drain()
    }

    mutating func move(_ price: String) {
      market.beginMove(to: TestKit.price(price), at: .testStart)
      drain()
    }

    /// Lets everything on the way happen; `reaction` answers each piece of news.
    mutating func drain(_ reaction: (inout World, String) -> Void = { _, _ in }) {
      var reports: [OrderReport] = []
      while market.step(into: &reports) {
        let before = news.count
        take(&reports)
        for item in news[before...] { reaction(&self, item) }
      }
    }

    mutating func buy(_ limit: String, _ amount: String = "10", postOnly: Bool = false) {
      submit(.buy, limit, nil, amount, postOnly)
    }

    mutating func sell(_ limit: String, trigger: String? = nil, _ amount: String = "10") {
      submit(.sell, limit, trigger, amount, false)
    }

    mutating func cancel(_ number: UInt64) {
      var reports: [OrderReport] = []
      market.cancel(ClientOrderID(session: 0, pair: 0, number: number), into: &reports)
      take(&reports)
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
          news.append("\(report.order.number): \(fill.quantity)@\(fill.price)\(kind)")
        case .rejected: news.append("\(report.order.number): rejected")
        case .cancelled: news.append("\(report.order.number): cancelled")
        case .cancelRefused: news.append("\(report.order.number): too late")
        case .accepted, .expired, .unanswered: break
        }
      }
      reports.removeAll()
    }
  }

  // MARK: Limit buys; 6.4

  @Test(
    "A new buy takes at or below its limit, with slippage up to the limit",
    arguments: [
      ("99", ["1: 10@99T"]), ("98.5", ["1: 10@98.51T"]), ("98.995", ["1: 10@99T"]), ("99.01", []),
    ])
  func newBuy(open: String, expected: [String]) {
    var model = MarketModel.free
    model.slippage = rate("0.0001")
    var world = World(model)
    world.buy("99")
    world.jump(open)
    #expect(world.news == expected)
  }

  @Test(
    "A resting buy fills at its limit below it, and at it only if touches count",
    arguments: [
      ("99", false, []), ("99", true, ["1: 10@99M"]), ("98.99", false, ["1: 10@99M"]),
    ])
  func restingBuy(low: String, touch: Bool, expected: [String]) {
    var model = MarketModel.free
    model.fillsOnTouch = touch
    for byJump in [false, true] {
      var world = World(model)
      world.buy("99")
      world.jump("100")
      if byJump { world.jump(low) } else { world.move(low) }
      #expect(world.news == expected, "by jump: \(byJump)")
    }
  }

  @Test func `a post-only buy that would take is rejected at its first look, liquidity or not`() {
    for volume in ["1000", "0"] {
      var world = World()
      world.buy("99", postOnly: true)
      world.jump("99", volume: volume)
      #expect(world.news == ["1: rejected"])
    }
    var world = World()
    world.buy("99", postOnly: true)
    world.jump("100")
    world.move("98")
    #expect(world.news == ["1: 10@99M"])
  }

  // MARK: Limit sells and stops; 6.5 and 6.6

  @Test(
    "A new sell takes at or above its limit, with slippage down to the limit",
    arguments: [
      ("100", ["1: 10@100T"]), ("100.01", ["1: 10@100T"]), ("101", ["1: 10@100.98T"]),
      ("99.99", []),
    ])
  func newSell(open: String, expected: [String]) {
    var model = MarketModel.free
    model.slippage = rate("0.0001")
    var world = World(model)
    world.sell("100")
    world.jump(open)
    #expect(world.news == expected)
  }

  @Test(
    "A resting sell fills above its limit, and at it only if touches count",
    arguments: [
      ("100", false, []), ("100", true, ["1: 10@100M"]), ("100.01", false, ["1: 10@100M"]),
    ])
  func restingSell(high: String, touch: Bool, expected: [String]) {
    var model = MarketModel.free
    model.fillsOnTouch = touch
    var world = World(model)
    world.sell("100")
    world.jump("99")
    world.move(high)
    #expect(world.news == expected)
  }

  @Test(
    "A stop triggers at or below its trigger: in a move there, in a jump where it lands",
    arguments: [
      ("98.01", false, []), ("98", false, ["1: 10@98T"]), ("97", false, ["1: 10@98T"]),
      ("98", true, ["1: 10@98T"]), ("97.7", true, ["1: 10@97.7T"]),
      ("97.51", true, ["1: 10@97.51T"]),
      ("97.5", true, []),
    ])
  func stop(low: String, byJump: Bool, expected: [String]) {
    var world = World()
    world.sell("97.51", trigger: "98")
    world.jump("100")
    if byJump { world.jump(low) } else { world.move(low) }
    #expect(world.news == expected)
  }

  @Test func `a stop jumped past its limit rests there and fills when the price comes back`() {
    var world = World()
    world.sell("97.51", trigger: "98")
    world.jump("100")
    world.jump("95")
    world.move("97.51")
    #expect(world.news == [])
    world.move("97.52")
    #expect(world.news == ["1: 10@97.51M"])
  }

  @Test func `a stop that arrives at or above the price triggers on arrival`() {
    var world = World()
    world.jump("98")
    world.sell("97.51", trigger: "98")
    #expect(world.news == ["1: 10@98T"])
  }

  // MARK: Sequence; 6.7

  @Test func `in a move orders come as the price reaches them, the older first at one price`() {
    var world = World()
    world.buy("97")
    world.buy("99")
    world.sell("98", trigger: "99")
    world.buy("98")
    world.jump("100")
    world.move("96")
    #expect(world.news == ["2: 10@99M", "3: 10@99T", "4: 10@98M", "1: 10@97M"])
  }

  @Test func `in a jump orders come oldest first, all at one price`() {
    var world = World()
    world.buy("97")
    world.buy("99")
    world.sell("94", trigger: "98")
    world.jump("100")
    world.jump("95")
    #expect(world.news == ["1: 10@97M", "2: 10@99M", "3: 10@95T"])
  }

  @Test func `what is sent during a jump is looked at on arrival, once`() {
    var world = World()
    world.buy("99")
    world.jump("100")
    world.market.beginJump(to: price("95"), at: .testStart, volume: 1000)
    world.drain { world, news in
      if news == "1: 10@99M" { world.sell("96", trigger: "97") }
    }
    // Triggered on arrival at 95, below its limit of 96: it rests.
    #expect(world.news == ["1: 10@99M"])
    world.move("96.01")
    #expect(world.news == ["1: 10@99M", "2: 10@96M"])
  }

  @Test func `what is sent on a fill in a move sees the rest of the move`() {
    var world = World()
    world.buy("99")
    world.jump("100")
    world.market.beginMove(to: price("96"), at: .testStart)
    world.drain { world, news in
      if news == "1: 10@99M" { world.sell("96.5", trigger: "97") }
    }
    #expect(world.news == ["1: 10@99M", "2: 10@97T"])
  }

  @Test func `what is sent between candles waits for the next jump`() {
    var world = World()
    world.jump("100")
    world.market.endCandle()
    world.buy("101")
    #expect(world.news == [])
    world.jump("100")
    #expect(world.news == ["1: 10@100T"])
  }

  // MARK: Liquidity; 6.9

  @Test func `one candle fills no more than its share of volume, over all orders`() {
    var world = World()
    world.buy("99", "8")
    world.buy("98", "8")
    world.jump("100", volume: "10")
    world.move("90")
    #expect(world.news == ["1: 8@99M", "2: 2@98M"])
    world.move("95")
    world.move("90")
    #expect(world.news.count == 2, "not looked at again in this candle")
    world.jump("97", volume: "10")
    #expect(world.news.last == "2: 6@97T", "new again at the next jump")
  }

  @Test func `a rest that met the limit is new at the next jump, and no longer post-only`() {
    var world = World()
    world.buy("99", "8", postOnly: true)
    world.jump("100", volume: "2")
    world.move("98")
    world.jump("98.5")
    #expect(world.news == ["1: 2@99M", "1: 6@98.5T"])
  }

  @Test func `a stop triggers in an exhausted candle and sells in the next`() {
    var world = World()
    world.sell("97", trigger: "98")
    world.jump("100", volume: "0")
    world.move("97.5")
    world.move("99")
    #expect(world.news == [])
    world.jump("97.2")
    #expect(world.news == ["1: 10@97.2T"], "it had triggered: 97.2 is below the trigger either way")
    var other = World()
    other.sell("97", trigger: "98")
    other.jump("100", volume: "0")
    other.move("97.5")
    other.jump("99")
    #expect(other.news == ["1: 10@99T"], "triggered before, so it sells above the trigger")
  }

  @Test func `the share is rounded down to a lot`() {
    var product = Product()
    product.baseIncrement = quantity("0.5")
    var world = World(.free, product: product)
    world.buy("99", "8")
    world.jump("98", volume: "3.99")
    #expect(world.news == ["1: 3.5@98T"])
  }

  @Test func `only the share of participation is ours`() {
    var model = MarketModel.free
    model.participation = rate("0.1")
    var market = MatchingEngine(product: Product(), model: model)
    var reports: [OrderReport] = []
    market.submit(
      Order(
        id: ClientOrderID(session: 0, pair: 0, number: 1), side: .buy, limit: 99, quantity: 10,
        submitted: .testStart), into: &reports)
    market.beginJump(to: 98, at: .testStart, volume: 40)
    while market.step(into: &reports) {}
    guard case .filled(let fill) = reports.last?.news else {
      Issue.record("no fill")
      return
    }
    #expect(fill.quantity == 4)
  }

  @Test func `a market of which nothing is said has the page's habits`() {
    let model = MarketModel()
    #expect(model.slippage == rate("0.0001"))
    #expect(model.makerRate == rate("0.005"))
    #expect(model.takerRate == rate("0.009"))
    #expect(model.participation == rate("0.1"))
    #expect(!model.fillsOnTouch)
    #expect(model.path == .nearest)
  }

  @Test(
    "A candle that reaches an order's price is not untouched",
    arguments: [
      ("98.01", "100.99", true), ("98", "100", false), ("99", "101", false),
    ])
  func untouched(low: String, high: String, expected: Bool) {
    var model = MarketModel.free
    model.fillsOnTouch = true
    var world = World(model)
    world.buy("98")
    world.sell("101")
    #expect(!world.market.isUntouched(low: 99, high: 100), "what is new waits for a jump")
    world.jump("100")
    #expect(world.market.isUntouched(low: price(low), high: price(high)) == expected)
  }

  // MARK: The rest

  @Test func `a cancelled order is gone, and a second cancel is too late`() {
    var world = World()
    world.buy("99")
    world.cancel(1)
    world.jump("90")
    world.cancel(1)
    #expect(world.news == ["1: cancelled", "1: too late"])
  }

  @Test func `fees go by maker and taker rate`() {
    var model = MarketModel.free
    model.makerRate = rate("0.005")
    model.takerRate = rate("0.009")
    model.participation = .one
    for (open, rest, fee) in [("98", false, "8.82"), ("100", true, "4.95")] {
      var market = MatchingEngine(product: Product(), model: model)
      var reports: [OrderReport] = []
      market.submit(
        Order(
          id: ClientOrderID(session: 0, pair: 0, number: 1), side: .buy, limit: price("99"),
          quantity: 10, submitted: .testStart), into: &reports)
      market.beginJump(to: price(open), at: .testStart, volume: 1000)
      while market.step(into: &reports) {}
      if rest {
        market.beginMove(to: price("98"), at: .testStart)
        while market.step(into: &reports) {}
      }
      guard case .filled(let fill) = reports.last?.news else {
        Issue.record("no fill")
        return
      }
      #expect(fill.fee == money(fee))
    }
  }

  @Test(
    "A path visits the nearer extreme first, the low at equal distance",
    arguments: [
      (CandlePath.nearest, "101", "98", "100 101 98 99"), (.nearest, "102", "99", "100 99 102 99"),
      (.nearest, "101", "99", "100 99 101 99"), (.highFirst, "102", "99", "100 102 99 99"),
      (.lowFirst, "101", "98", "100 98 101 99"),
    ])
  func path(path: CandlePath, high: String, low: String, expected: String) {
    let points = path.points(of: Candle(0, open: "100", high: high, low: low, close: "99"))
    #expect("\(points.0) \(points.1) \(points.2) \(points.3)" == expected)
  }
}
