import Execution
import Market
import Strategy
import TestKit
import Testing

/// The trailing exit, its rescue and its races; SEMANTICS 5.
@Suite struct ExitTests {
  static func id(_ number: UInt64) -> ClientOrderID {
    ClientOrderID(session: 0, pair: 0, number: number)
  }

  /// A position of 10 bought at 100, its stop (order 2: trigger 98, limit 97.51) accepted.
  static func position(
    exit: [String: String] = [:], bought: String = "10"
  ) throws -> EngineUnderTest<ScriptedStrategy> {
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0], timeToLive: 99, exit: exit))
    world.handle(
      .candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, bought, at: "100", time: 310)
    world.report(2, .accepted, at: 310)
    return world
  }

  static func terms(_ commands: [Command]) -> [String] {
    commands.map { command in
      switch command {
      case .submit(let order, let role):
        "\(order.id.number) \(role.rawValue) \(order.trigger.map { "\($0)" } ?? "-") \(order.limit) \(order.quantity)"
      case .cancel(let id, let reason): "cancel \(id.number) \(reason.rawValue)"
      }
    }
  }

  @Test func `the first fill submits a stop for exactly what was bought`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 99))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    #expect(Self.terms(world.fill(1, .buy, "4", at: "99.5", time: 310)) == ["2 stop 97.51 97.02 4"])
    #expect(world.engine.position.highest == price("99.5"))
    world.report(2, .accepted, at: 310)
    // 5.3: the later fill at a higher price moves the quantity now and the trigger at the next trade.
    #expect(Self.terms(world.fill(1, .buy, "6", at: "100", time: 320)) == ["cancel 2 quantity"])
    #expect(Self.terms(world.report(2, .cancelled, at: 320)) == ["3 stop 97.51 97.02 10"])
    #expect(world.engine.position.highest == price("100"))
    world.report(3, .accepted, at: 320)
    #expect(Self.terms(world.trade("99", at: 330)) == ["cancel 3 ratchet"])
    #expect(Self.terms(world.report(3, .cancelled, at: 330)) == ["4 stop 98 97.51 10"])
  }

  @Test func `what was too small is offered again with the next fill, not the next trade`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 99))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "1", at: "100", time: 310)
    #expect(world.report(2, .rejected(.tooSmall), at: 310) == [])
    #expect(Self.terms(world.fill(1, .buy, "4", at: "100", time: 310)) == ["3 stop 98 97.51 5"])
    world.report(3, .rejected(.tooSmall), at: 311)
    #expect(Self.terms(world.trade("100", at: 320)) == ["4 stop 98 97.51 5"])
  }

  @Test(
    "A candidate must be above trigger × (1 + min_ratchet), not equal to it",
    arguments: [
      // The stop is at 98; 98 × 1.01 = 98.98, which is the candidate of 101.
      // The next tick, 98.99, is that of any price from 98.99 / 0.98 on, rounded up.
      ("101", false), ("101.01", false), ("101.02", true), ("101.01020408", false),
      ("101.01020409", true),
    ])
  func minRatchet(trade: String, moves: Bool) throws {
    var world = try Self.position(exit: ["min_ratchet": "0.01"])
    #expect(world.trade(trade, at: 320).isEmpty != moves)
    #expect(world.engine.position.ratchets == (moves ? 1 : 0))
    #expect(world.engine.position.highest == price(trade))
  }

  @Test func `a later fill at a lower price leaves the highest where it was`() throws {
    var world = try Self.position(bought: "4")
    world.trade("100.05", at: 315)
    world.fill(1, .buy, "6", at: "99", time: 320)
    #expect(world.engine.position.highest == price("100.05"))
  }

  @Test func `a fall never lowers the trigger, and the highest stays`() throws {
    var world = try Self.position()
    #expect(Self.terms(world.trade("110", at: 320)) == ["cancel 2 ratchet"])
    #expect(Self.terms(world.report(2, .cancelled, at: 320)) == ["3 stop 107.8 107.26 10"])
    world.report(3, .accepted, at: 320)
    #expect(world.trade("108", at: 330) == [])
    #expect(world.engine.position.trigger == price("107.8"))
    #expect(world.engine.position.highest == price("110"))
  }

  @Test func `trades while the stop is on its way are not lost`() throws {
    var world = try Self.position()
    world.trade("110", at: 320)  // cancel 2
    #expect(world.trade("120", at: 321) == [])
    // Confirmed: the new stop is where the highest price of all puts it.
    #expect(Self.terms(world.report(2, .cancelled, at: 322)) == ["3 stop 117.6 117.01 10"])
    #expect(world.trade("130", at: 323) == [], "not accepted yet, so it cannot be cancelled")
    #expect(Self.terms(world.report(3, .accepted, at: 324)) == ["cancel 3 ratchet"])
    #expect(Self.terms(world.report(3, .cancelled, at: 325)) == ["4 stop 127.4 126.76 10"])
    #expect(world.engine.position.ratchets == 3)
  }

  @Test func `a fill that races the cancel is a fill, and the new stop covers what is left`() throws
  {
    var world = try Self.position()
    world.trade("110", at: 320)
    #expect(world.fill(2, .sell, "4", at: "98", time: 321) == [], "the cancel is still unanswered")
    #expect(Self.terms(world.report(2, .cancelled, at: 322)) == ["3 stop 107.8 107.26 6"])
  }

  @Test func `a fill reported after the cancel counts, and the stop shrinks to what is left`()
    throws
  {
    var world = try Self.position()
    world.trade("110", at: 320)
    world.report(2, .cancelled, at: 321)
    world.report(3, .accepted, at: 322)
    #expect(Self.terms(world.fill(2, .sell, "4", at: "98", time: 323)) == ["cancel 3 quantity"])
    #expect(Self.terms(world.report(3, .cancelled, at: 324)) == ["4 stop 107.8 107.26 6"])
    #expect(world.anomalies.isEmpty)
  }

  @Test func `a fill reported after the cancel that sells everything leaves no order behind`()
    throws
  {
    var world = try Self.position()
    world.trade("110", at: 320)
    world.report(2, .cancelled, at: 321)
    world.report(3, .accepted, at: 322)
    #expect(Self.terms(world.fill(2, .sell, "10", at: "98", time: 323)) == ["cancel 3 flat"])
    #expect(world.trades.count == 1)
    #expect(world.report(3, .cancelled, at: 324) == [])
    #expect(!world.engine.position.isOpen)
  }

  @Test func `a refused cancel is asked for again at the next trade, not at once`() throws {
    var world = try Self.position()
    world.trade("110", at: 320)
    #expect(world.report(2, .cancelRefused, at: 321) == [])
    #expect(Self.terms(world.trade("109", at: 322)) == ["cancel 2 ratchet"])
  }

  @Test func `what an operator wants in place of a refused stop need not wait for a trade`() throws
  {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 99))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 310)
    let time = Timestamp.testStart + TimeSpan(seconds: 311)
    #expect(world.handle(.forceExit(price: price("95"), time: time)) == [])
    #expect(Self.terms(world.report(2, .rejected(.other), at: 312)) == ["3 forced - 95 10"])
  }

  @Test func `a refused stop is tried again at the next trade, not at once`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 99))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 310)
    #expect(world.report(2, .rejected(.other), at: 311) == [])
    #expect(Self.terms(world.trade("99", at: 312)) == ["3 stop 98 97.51 10"])
  }

  @Test func `a refused rescue is tried again at the price of its own trade`() throws {
    var world = try Self.position()
    world.trade("98", at: 320)
    #expect(Self.terms(world.trade("97", at: 380)) == ["cancel 2 escalation"])
    #expect(Self.terms(world.report(2, .cancelled, at: 381)) == ["3 escalation - 96.03 10"])
    world.report(3, .rejected(.tooSmall), at: 381)
    #expect(
      Self.terms(world.trade("120", at: 440)) == ["4 escalation - 96.03 10"],
      "59 s after the last attempt")
    world.report(4, .rejected(.tooSmall), at: 440)
    #expect(Self.terms(world.trade("130", at: 500)) == ["5 escalation - 128.7 10"])
    world.report(5, .accepted, at: 500)
    #expect(world.trade("130", at: 559) == [])
  }

  @Test func `an order without an answer is left alone until there is one`() throws {
    var world = try Self.position()
    world.trade("110", at: 320)
    #expect(world.report(2, .unanswered, at: 330) == [])
    #expect(world.trade("111", at: 331) == [])
    #expect(Self.terms(world.report(2, .cancelled, at: 332)) == ["3 stop 108.78 108.23 10"])
  }

  @Test func `the same fill twice counts once`() throws {
    var world = try Self.position()
    world.fill(2, .sell, "4", at: "98", time: 320, id: 77)
    world.fill(2, .sell, "4", at: "98", time: 320, id: 77)
    #expect(world.engine.position.quantity == 6)
    #expect(world.anomalies.count == 1)
    #expect("\(world.anomalies[0])".hasSuffix("was counted before"))
  }

  @Test func `a fill for more than there is changes nothing`() throws {
    var world = try Self.position()
    world.fill(2, .sell, "11", at: "98", time: 320)
    #expect(world.engine.position.quantity == 10)
    #expect(world.anomalies.count == 1)
  }

  @Test func `a purchase by an order that sells changes nothing`() throws {
    var world = try Self.position()
    world.fill(2, .buy, "4", at: "98", time: 320)
    #expect(world.engine.position.quantity == 10)
    #expect(world.anomalies.count == 1)
    #expect("\(world.anomalies[0])".hasSuffix("is a buy, which the order is not"))
  }

  @Test func `a report about an order nobody knows is an anomaly, not a crash`() throws {
    var world = try Self.position()
    #expect(world.report(99, .cancelled, at: 320) == [])
    #expect(world.anomalies.count == 1)
  }

  @Test func `a stop that was taken and fails is replaced, and no trade is waited for`() throws {
    var world = try Self.position()
    #expect(
      Self.terms(world.report(2, .rejected(.insufficientFunds), at: 321)) == ["3 stop 98 97.51 10"])
    world.report(3, .rejected(.insufficientFunds), at: 322)
    #expect(Self.terms(world.trade("98.5", at: 323)) == ["4 stop 98 97.51 10"], "refused at once")
  }

  @Test func `a triggered stop cancels the entry's rest and is rescued when its time is over`()
    throws
  {
    var world = try Self.position(bought: "4")
    #expect(Self.terms(world.trade("98", at: 320)) == ["cancel 1 stop"], "the entry's rest")
    world.report(1, .cancelled, at: 320)
    #expect(world.trade("97", at: 379) == [], "59 s after the trigger")
    #expect(Self.terms(world.trade("97", at: 380)) == ["cancel 2 escalation"])
    #expect(Self.terms(world.report(2, .cancelled, at: 381)) == ["3 escalation - 96.03 4"])
    world.report(3, .accepted, at: 381)
    #expect(world.trade("90", at: 440) == [], "59 s after the last attempt")
    #expect(Self.terms(world.trade("90", at: 441)) == ["cancel 3 escalation"])
    #expect(Self.terms(world.report(3, .cancelled, at: 441)) == ["4 escalation - 89.1 4"])
    world.report(4, .accepted, at: 441)
    world.fill(4, .sell, "4", at: "90", time: 442)
    #expect(world.trades.map(\.exitReason) == [.escalated])
    #expect(world.trades.map(\.escalations) == [2])
    #expect(world.trades.map(\.realised) == [-40])
  }

  @Test func `the first fill tells of the trigger where no trade did`() throws {
    var world = try Self.position(bought: "4")
    #expect(Self.terms(world.fill(2, .sell, "1", at: "97.6", time: 350)) == ["cancel 1 stop"])
    world.report(1, .cancelled, at: 350)
    #expect(world.trade("110", at: 360) == [], "a triggered stop is not ratcheted")
    #expect(Self.terms(world.trade("97", at: 410)) == ["cancel 2 escalation"])
  }

  @Test func `with no patience the stop that was just moved is placed before the rescue`() throws {
    // A later fill raises the highest price to 104; the next trade of 101 moves the stop above it.
    var world = try Self.position(exit: ["escalate_after": "0"], bought: "4")
    world.fill(1, .buy, "2", at: "104", time: 320)
    #expect(Self.terms(world.report(2, .cancelled, at: 320)) == ["3 stop 98 97.51 6"])
    world.report(3, .accepted, at: 320)
    #expect(Self.terms(world.trade("101", at: 330)) == ["cancel 1 stop", "cancel 3 ratchet"])
    world.report(1, .cancelled, at: 330)
    #expect(Self.terms(world.report(3, .cancelled, at: 330)) == ["4 stop 101.92 101.41 6"])
    #expect(Self.terms(world.report(4, .accepted, at: 330)) == ["cancel 4 escalation"])
    world.fill(4, .sell, "1", at: "101.5", time: 330)
    #expect(Self.terms(world.report(4, .cancelled, at: 330)) == ["5 escalation - 99.99 5"])
  }

  @Test func `a forced exit replaces stop and entry and goes on until all is sold`() throws {
    var world = try Self.position(bought: "4")
    let commands = world.handle(
      .forceExit(price: price("99.999"), time: .testStart + TimeSpan(seconds: 400)))
    #expect(Self.terms(commands) == ["cancel 1 forced", "cancel 2 forced"])
    world.report(1, .cancelled, at: 400)
    #expect(Self.terms(world.report(2, .cancelled, at: 401)) == ["3 forced - 99.99 4"])
    world.report(3, .accepted, at: 401)
    #expect(world.trade("98", at: 460) == [])
    #expect(Self.terms(world.trade("98", at: 461)) == ["cancel 3 forced"])
    #expect(Self.terms(world.report(3, .cancelled, at: 461)) == ["4 forced - 97.02 4"])
    world.report(4, .accepted, at: 461)
    world.fill(4, .sell, "4", at: "97.5", time: 462)
    #expect(world.trades.map(\.exitReason) == [.forced])
    #expect(world.trades.map(\.escalations) == [1])
  }

  @Test func `a rescue that is due takes the place of an exit that is refused at once`() throws {
    var world = try Self.position()
    world.handle(.forceExit(price: price("120"), time: .testStart + TimeSpan(seconds: 400)))
    #expect(Self.terms(world.report(2, .cancelled, at: 401)) == ["3 forced - 120 10"])
    #expect(world.trade("99", at: 462) == [], "the order is on its way")
    #expect(Self.terms(world.report(3, .rejected(.other), at: 463)) == ["4 forced - 98.01 10"])
  }

  @Test func `what is too small waits for the fill that makes it large enough, rescue or not`()
    throws
  {
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0], timeToLive: 99, exit: ["escalate_after": "0"]))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "1", at: "100", time: 310)
    #expect(Self.terms(world.trade("97", at: 320)) == ["cancel 1 stop"], "the stop is on its way")
    // A fill that came before the cancel makes it enough; the session takes the order back first.
    #expect(world.report(2, .rejected(.tooSmall), at: 321) == [])
    #expect(Self.terms(world.fill(1, .buy, "4", at: "100", time: 321)) == ["3 stop 98 97.51 5"])
  }

  @Test func `a stop that was taken and is too small after all waits for more`() throws {
    var world = try Self.position()
    #expect(world.report(2, .rejected(.tooSmall), at: 321) == [])
    #expect(Self.terms(world.trade("98.5", at: 323)) == ["3 stop 98 97.51 10"])
  }

  @Test func `an order that was refused and sells all the same has sold`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 99))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.fill(1, .buy, "10", at: "100", time: 310)
    world.report(2, .rejected(.other), at: 311)
    world.trade("100", at: 312)
    world.report(3, .accepted, at: 312)
    let commands = Self.terms(world.fill(2, .sell, "4", at: "98", time: 313))
    #expect(commands == ["cancel 3 quantity"])
    world.fill(2, .sell, "6", at: "98", time: 314)
    #expect(world.engine.position.quantity == .zero)
    #expect(world.trades.map(\.exitReason) == [.trailingStop])
  }

  @Test func `an operator's price has its own time to sell, however long the stop took to end`()
    throws
  {
    var world = try Self.position()
    world.handle(.forceExit(price: price("120"), time: .testStart + TimeSpan(seconds: 400)))
    #expect(world.trade("99", at: 470) == [], "the cancel is still on its way")
    #expect(Self.terms(world.report(2, .cancelled, at: 480)) == ["3 forced - 120 10"])
    #expect(world.report(3, .accepted, at: 481) == [])
    #expect(world.trade("99", at: 539) == [])
    #expect(Self.terms(world.trade("99", at: 540)) == ["cancel 3 forced"])
  }

  @Test func `an exit price that would be 0 is one tick`() throws {
    var settings = EngineSettings.test
    settings.product.quoteIncrement = 1
    var world = EngineUnderTest(
      try ScriptedStrategy(signals: [0], timeToLive: 99), settings: settings)
    world.handle(.candleClosed(Candle(0, open: "3", high: "3", low: "3", close: "3")))
    world.report(1, .accepted, at: 300)
    #expect(Self.terms(world.fill(1, .buy, "10", at: "1", time: 310)) == ["2 stop 1 1 10"])
    world.report(2, .accepted, at: 310)
    #expect(Self.terms(world.trade("1", at: 320)) == ["cancel 1 stop"])
    #expect(Self.terms(world.trade("1", at: 380)) == ["cancel 2 escalation"])
    #expect(Self.terms(world.report(2, .cancelled, at: 380)) == ["3 escalation - 1 10"])
  }

  @Test func `a forced exit at a price below the first tick is at one tick`() throws {
    var world = try Self.position()
    world.handle(
      .forceExit(price: price("0.001"), time: .testStart + TimeSpan(seconds: 400)))
    #expect(Self.terms(world.report(2, .cancelled, at: 401)) == ["3 forced - 0.01 10"])
  }

  @Test func `the time of the trigger is that of the first fill, not of a later one`() throws {
    var world = try Self.position()
    world.fill(2, .sell, "1", at: "97.6", time: 350)
    world.fill(2, .sell, "1", at: "97.6", time: 390)
    #expect(Self.terms(world.trade("97", at: 410)) == ["cancel 2 escalation"])
  }

  @Test func `two exits that both report a sale of everything sell it once`() throws {
    var world = try Self.position()
    world.trade("110", at: 320)
    world.report(2, .cancelled, at: 321)
    world.report(3, .accepted, at: 322)
    world.fill(2, .sell, "10", at: "98", time: 323)
    world.fill(3, .sell, "10", at: "107.8", time: 324)
    #expect(world.engine.position.quantity == .zero)
    #expect(world.account.cash == 9_980)
    #expect(world.anomalies.count == 1)
  }

  @Test(
    "A candle is passed over only between the trigger and the price that moves it",
    arguments: [
      // Trigger 98; 98.1 / 0.98, rounded up, is the least price that moves it.
      ("98.00000001", "100.10204081", true), ("98", "100", false), ("99", "100.10204082", false),
    ])
  func passes(low: String, high: String, passes: Bool) throws {
    let world = try Self.position()
    #expect(world.engine.passes(low: price(low), high: price(high)) == passes)
  }

  @Test func `no candle is passed over while its trades would lead to more`() throws {
    let (low, high) = (price("99"), price("99.5"))
    // A later fill at 104 moves the stop at the next trade, whatever that is.
    var filled = try Self.position(bought: "4")
    filled.fill(1, .buy, "6", at: "104", time: 320)
    filled.report(2, .cancelled, at: 320)
    filled.report(3, .accepted, at: 320)
    #expect(!filled.engine.passes(low: low, high: high))
    // A rescue falls due: of a stop that sold a part, and of a forced exit.
    var triggered = try Self.position()
    triggered.fill(2, .sell, "1", at: "97.6", time: 320)
    #expect(!triggered.engine.passes(low: low, high: high))
    var forced = try Self.position()
    forced.handle(.forceExit(price: price("120"), time: .testStart + TimeSpan(seconds: 320)))
    forced.report(2, .cancelled, at: 320)
    forced.report(3, .accepted, at: 320)
    #expect(!forced.engine.passes(low: low, high: high))
  }

  @Test func `a trigger does not fall, even where the rule asks for it`() throws {
    var world = EngineUnderTest(
      try SinkingStrategy(Parameters([]), exit: SinkingExit(Parameters(Rescue.parameters))))
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    #expect(Self.terms(world.fill(1, .buy, "10", at: "100", time: 310)) == ["2 stop 98 98 10"])
    world.report(2, .accepted, at: 310)
    #expect(world.trade("110", at: 320) == [])
    #expect(world.engine.position.trigger == price("98"))
  }
}

/// A rule against invariant I1: the higher the price was, the lower its trigger.
private struct SinkingExit: ExitRule {
  static let parameters = Rescue.parameters
  let rescue: Rescue

  init(_ parameters: Parameters) { rescue = Rescue(parameters) }

  func trigger(highest: Price, of product: Product) -> Price { price("198") - highest }
  func limit(trigger: Price, of product: Product) -> Price { trigger }
  func ratchetLevel(trigger: Price, of product: Product) -> Price? { price("105") }
}

/// Buys at every close and leaves by that rule.
private struct SinkingStrategy: TradingStrategy {
  static let name = "sinking"
  static let summary = "breaks a rule that the engine keeps"
  let exit: SinkingExit

  init(_ parameters: Parameters, exit: SinkingExit) throws(ParameterError) { self.exit = exit }

  mutating func candleClosed(_ candle: Candle) -> EntrySignal? {
    EntrySignal(reference: candle.close)
  }
}
