import Execution
import Market
import Strategy
import TestKit
import Testing

/// From a close to an entry; SEMANTICS 4.
@Suite struct EntryTests {
  /// Four quiet candles at 100.
  static func candle(_ index: Int, close: String = "100") -> Event {
    .candleClosed(Candle(index, open: close, high: close, low: close, close: close))
  }

  static func outcome(_ world: EngineUnderTest<ScriptedStrategy>) -> SignalOutcome? {
    for case .signal(time: _, let outcome) in world.outbox.notes { return outcome }
    return nil
  }

  @Test func `a signal submits a limit buy below the close, sized by equity`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [1], offset: rate("0.01")))
    #expect(world.handle(Self.candle(0)) == [])
    let commands = world.handle(Self.candle(1))
    let order = Order(
      id: ClientOrderID(session: 0, pair: 0, number: 1), side: .buy, limit: price("99"),
      quantity: quantity("10.1010101"), submitted: .testStart + TimeSpan(seconds: 600))
    #expect(commands == [.submit(order, role: .entry)])
    #expect(Self.outcome(world) == .entry(1))
  }

  @Test func `the size leaves room for the taker's fee`() throws {
    var settings = EngineSettings.test
    settings.positionSize = .one
    settings.takerRate = rate("0.01")
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0]), settings: settings, cash: 10_100)
    guard case .submit(let order, role: _) = world.handle(Self.candle(0)).first else {
      Issue.record("no entry")
      return
    }
    #expect(order.quantity == 100)
    #expect(world.account.available == WideMoney(.zero))
  }

  @Test func `a refused cancel is asked for again by the clock, for the same reason, not at once`()
    throws
  {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 9))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    func time(_ seconds: Int64) -> Timestamp { .testStart + TimeSpan(seconds: seconds) }
    let id = ClientOrderID(session: 0, pair: 0, number: 1)
    #expect(
      world.handle(.cancelEntry(.requested, time: time(310))) == [.cancel(id, reason: .requested)])
    #expect(world.report(1, .cancelRefused, at: 311) == [])
    #expect(world.handle(.clock(time(312))) == [.cancel(id, reason: .requested)])
    #expect(world.report(1, .cancelled, at: 313) == [])
    #expect(world.engine.entry == nil)
  }

  @Test func `a working entry, a position and a fresh exit each skip a signal by cause`() throws {
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0, 1, 2, 3, 4, 5], timeToLive: 9, cooldown: 1))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    world.handle(Self.candle(1))
    #expect(Self.outcome(world) == .skipped(.workingOrder))
    world.fill(1, .buy, "10", at: "100", time: 700)
    world.report(2, .accepted, at: 700)
    world.handle(Self.candle(2))
    #expect(Self.outcome(world) == .skipped(.position))
    world.fill(2, .sell, "10", at: "98", time: 1000)
    // The exit was in candle 3: its own close is 0 candles later, the next 1.
    world.handle(Self.candle(3))
    #expect(Self.outcome(world) == .skipped(.cooldown))
    world.handle(Self.candle(4))
    #expect(Self.outcome(world) == .entry(3))
  }

  @Test func `without a cooldown the candle of the exit may enter again`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1], timeToLive: 9))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 400)
    world.report(2, .accepted, at: 400)
    world.fill(2, .sell, "10", at: "98", time: 500)
    world.handle(Self.candle(1))
    #expect(Self.outcome(world) == .entry(3))
  }

  @Test func `a price, trigger or limit that would be 0 is skipped for its size`() throws {
    var settings = EngineSettings.test
    settings.product.quoteIncrement = price("50")
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1]), settings: settings)
    world.handle(Self.candle(0, close: "50"))  // trigger floorTick(49) = 0
    #expect(Self.outcome(world) == .skipped(.size))
    world.handle(Self.candle(1, close: "102.1"))  // limit 100, trigger 50, stop limit 0
    #expect(Self.outcome(world) == .skipped(.size))
  }

  @Test(
    "The minimums bind, and are met by equality",
    arguments: [
      ("1000", "0.00000001", true), ("1000.01", "0.00000001", false), ("1", "10", true),
      ("1", "10.00000001", false),
    ])
  func minimums(leastNotional: String, leastQuantity: String, enters: Bool) throws {
    var settings = EngineSettings.test
    settings.product.quoteMinSize = money(leastNotional)
    settings.product.baseMinSize = quantity(leastQuantity)
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0]), settings: settings)
    world.handle(Self.candle(0))
    #expect(Self.outcome(world) == (enters ? .entry(1) : .skipped(.size)))
  }

  @Test func `an entry that somebody else wants is sized, and skipped, as the strategy's own`()
    throws
  {
    var world = EngineUnderTest(try ScriptedStrategy(signals: []))
    world.handle(Self.candle(0))
    let wanted = EntrySignal(reference: price("100"), offset: rate("0.01"), timeToLive: 2)
    let time = Timestamp.testStart + TimeSpan(seconds: 400)
    let order = Order(
      id: ClientOrderID(session: 0, pair: 0, number: 1), side: .buy, limit: price("99"),
      quantity: quantity("10.1010101"), submitted: time)
    #expect(world.handle(.enter(wanted, time: time)) == [.submit(order, role: .entry)])
    #expect(Self.outcome(world) == .entry(1))
    #expect(world.handle(.enter(wanted, time: time)) == [])
    #expect(Self.outcome(world) == .skipped(.workingOrder))
  }

  @Test func `a halted engine counts signals as risk and goes on with exits`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1, 2, 3], timeToLive: 9))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    world.handle(.halt(time: .testStart))
    world.fill(1, .buy, "10", at: "100", time: 400)
    #expect(world.outbox.commands.count == 1, "the stop is submitted all the same")
    world.report(2, .accepted, at: 400)
    world.fill(2, .sell, "10", at: "98", time: 500)
    world.handle(Self.candle(1))
    #expect(Self.outcome(world) == .skipped(.risk))
    world.handle(.resume(time: .testStart))
    world.handle(Self.candle(2))
    #expect(Self.outcome(world) == .entry(3))
  }

  @Test func `an entry ends when its time is over, also if its answer comes late`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 1))
    world.handle(Self.candle(0))
    #expect(world.engine.deadline == .testStart + TimeSpan(seconds: 600))
    #expect(world.handle(.clock(.testStart + TimeSpan(seconds: 599))) == [])
    #expect(world.handle(.clock(.testStart + TimeSpan(seconds: 600))) == [], "not accepted yet")
    let id = ClientOrderID(session: 0, pair: 0, number: 1)
    #expect(world.report(1, .accepted, at: 601) == [.cancel(id, reason: .expiry)])
    world.report(1, .cancelled, at: 602)
    #expect(
      world.outbox.notes.contains {
        if case .orderDone(_, let ending, because: _, time: _) = $0 {
          ending == .expired
        } else {
          false
        }
      })
    #expect(world.account.available == WideMoney(10_000), "what was set aside is back")
  }

  @Test func `what a partly filled entry set aside shrinks with each fill`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0]))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    #expect(world.account.available == WideMoney(9_000))
    world.fill(1, .buy, "4", at: "99", time: 301)
    #expect(world.account.cash == 9_604)
    #expect(world.account.available == WideMoney(9_004))
    #expect(world.account.equity == 10_004, "4 units at the latest close of 100")
  }

  @Test func `a cooldown counts before the size, and the size before a halt`() throws {
    var settings = EngineSettings.test
    settings.product.quoteMinSize = 1000
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0, 1, 2], cooldown: 1), settings: settings)
    world.handle(Self.candle(0))
    #expect(Self.outcome(world) == .entry(1))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 400)
    world.report(2, .accepted, at: 400)
    world.fill(2, .sell, "10", at: "98", time: 500)
    // A tenth of the 9980 that are left is below the least notional.
    world.handle(.halt(time: .testStart))
    world.handle(Self.candle(1))
    #expect(Self.outcome(world) == .skipped(.cooldown))
    world.handle(Self.candle(2))
    #expect(Self.outcome(world) == .skipped(.size))
  }

  @Test func `an exit order that is not over is a working order, though nothing is held`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1, 2]))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 310)
    world.report(2, .accepted, at: 310)
    world.trade("110", at: 320)
    world.report(2, .cancelled, at: 321)
    world.report(3, .accepted, at: 322)
    world.fill(2, .sell, "10", at: "98", time: 323)  // Overtaken by its cancel; order 3 is to go.
    world.handle(Self.candle(1))
    #expect(Self.outcome(world) == .skipped(.workingOrder))
    world.report(3, .cancelled, at: 610)
    world.handle(Self.candle(2))
    #expect(Self.outcome(world) == .entry(4))
  }

  /// The quantity of the entry at candle 0, a close of 100.
  static func size(_ world: inout EngineUnderTest<ScriptedStrategy>) -> Quantity? {
    guard case .submit(let order, role: .entry) = world.handle(candle(0)).first else { return nil }
    return order.quantity
  }

  @Test func `an entry's size goes by equity, what other pairs hold included`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0]))
    world.portfolio = Portfolio(cash: 10_000, groups: [nil, nil])
    world.portfolio.buy(10, of: 1, worth: 100)
    #expect(Self.size(&world) == 11)
  }

  @Test func `an entry spends no cash that another pair's entry may need`() throws {
    var settings = EngineSettings.test
    settings.positionSize = rate("0.7")
    var first = EngineUnderTest(try ScriptedStrategy(signals: [0]), settings: settings)
    #expect(Self.size(&first) == 70)
    var second = EngineUnderTest(try ScriptedStrategy(signals: [0]), settings: settings)
    second.portfolio = first.portfolio
    #expect(Self.size(&second) == 30)
  }

  @Test func `an entry's size is a multiple of the lot`() throws {
    var settings = EngineSettings.test
    settings.product.baseIncrement = 3
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0]), settings: settings)
    #expect(Self.size(&world) == 9)
  }
}
