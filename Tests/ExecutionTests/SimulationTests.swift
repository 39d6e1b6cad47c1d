import Execution
import Market
import Simulator
import Strategy
import TestKit
import Testing

/// A seeded world of engine, exchange and trouble: what must hold, holds after every event.
@Suite struct SimulationTests {
  @Test(
    "In any world the books agree and every position ends up covered", arguments: Seeds.ofThisRun)
  func world(seed: UInt64) throws {
    var trades = 0
    for round in 0..<10 { trades += try run(seed: seed &* 1000 &+ UInt64(round)) }
    #expect(trades > 0, "nothing was bought and sold, seed \(seed)")
  }

  /// Plays a world and returns how many positions were closed in it.
  private func run(seed: UInt64) throws -> Int {
    var random = SplitMix64(seed: seed)
    var exchange = ScriptedExchange(seed: seed &+ 1)
    let after = [0, 60, 900][Int.random(in: 0..<3, using: &random)]
    var world = EngineUnderTest(
      try ScriptedStrategy(
        signals: Set((0..<400).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }),
        offset: rate("0.001"), timeToLive: Int.random(in: 1...4, using: &random),
        exit: ["escalate_after": "\(after)", "min_ratchet": "0"]))
    var time = Timestamp.testStart
    var price = Int64(10_000)
    var trigger: Price?

    func handle(_ event: Event) {
      for command in world.handle(event) { exchange.perform(command, at: time) }
      // I1: within a position the trigger never falls.
      let now = world.engine.position.isOpen ? world.engine.position.trigger : nil
      if let now, let before = trigger { #expect(now >= before, "I1, seed \(seed)") }
      trigger = now
      // I2: what the exchange may still sell was bought.
      #expect(exchange.outstandingSells <= exchange.position, "I2, seed \(seed)")
    }

    for candle in 0..<120 {
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        time = time + TimeSpan(seconds: Int64.random(in: 1...30, using: &random))
        price = max(100, price + Int64.random(in: -200...200, using: &random))
        if Bool.random(using: &random) { exchange.fillSomething(at: time) }
        if let report = exchange.deliver() { handle(.report(report)) }
        handle(.trade(price: Price(steps: price * 1_000_000), time: time))
      }
      handle(.clock(time))
      let text = "\(Price(steps: price * 1_000_000))"
      handle(.candleClosed(Candle(candle, open: text, high: text, low: text, close: text)))
      if Int.random(in: 0..<50, using: &random) == 0 {
        handle(.forceExit(price: Price(steps: price * 1_000_000), time: time))
      }
    }
    settle(&world, &exchange, time: time)

    #expect(world.engine.position.quantity == exchange.position, "I4, seed \(seed)")
    #expect(world.account.cash == 10_000 + exchange.cash, "I5, seed \(seed)")
    if world.engine.position.isOpen {
      #expect(exchange.outstandingSells == exchange.position, "I3, seed \(seed)")
      #expect(exchange.held.count { $0.order.side == .sell } == 1, "I3, seed \(seed)")
    } else {
      #expect(exchange.outstandingSells == .zero, "I3, seed \(seed)")
    }
    for case .excessFill(let fill) in world.anomalies {
      Issue.record("\(Anomaly.excessFill(fill)), seed \(seed)")
    }
    return world.trades.count
  }

  /// Lets the mail arrive, with quiet trades in between, until there is none.
  private func settle(
    _ world: inout EngineUnderTest<ScriptedStrategy>, _ exchange: inout ScriptedExchange,
    time: Timestamp
  ) {
    // A price above every trigger and below every ratchet level asks for nothing new.
    for _ in 0..<2_000 {
      if let report = exchange.deliver() {
        for command in world.handle(.report(report)) { exchange.perform(command, at: time) }
      } else {
        let position = world.engine.position
        let quiet = position.isOpen ? max(position.trigger, position.highest) : 100
        let commands = world.handle(.trade(price: quiet, time: .testStart))
        if commands.isEmpty { return }
        for command in commands { exchange.perform(command, at: time) }
      }
    }
    Issue.record("the world does not come to rest")
  }
}
