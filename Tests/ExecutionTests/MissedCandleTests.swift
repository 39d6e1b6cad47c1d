import Execution
import Market
import TestKit
import Testing

/// Prices that nobody told of, and that a candle has all the same; SEMANTICS 5.4, and decision note 23.
@Suite struct MissedCandleTests {
  @Test func `the high of a candle whose trades nobody told of acts at the next trade`() throws {
    var world = try ExitTests.position()
    // Bought at 310 s: of the candle from 300 on the high may have been before.
    world.handle(.candleClosed(Candle(1, open: "100", high: "120", low: "100", close: "100")))
    #expect(world.engine.position.highest == price("100"))
    let next = world.handle(
      .candleClosed(Candle(2, open: "100", high: "110", low: "100", close: "109")))
    #expect(next == [] && world.engine.position.highest == price("110"))
    #expect(ExitTests.terms(world.trade("109", at: 900)) == ["cancel 2 ratchet"])
    #expect(ExitTests.terms(world.report(2, .cancelled, at: 900)) == ["3 stop 107.8 107.26 10"])
  }

  @Test func `a market that has fallen since is through the stop that its high asks for`() throws {
    var world = try ExitTests.position()
    world.handle(.candleClosed(Candle(2, open: "100", high: "110", low: "99", close: "105")))
    #expect(ExitTests.terms(world.trade("105", at: 900)) == ["cancel 2 ratchet"])
    #expect(world.engine.position.triggeredAt != nil)
    #expect(ExitTests.terms(world.report(2, .cancelled, at: 900)) == ["3 stop 107.8 107.26 10"])
    // 5.6 from here on.
    world.report(3, .accepted, at: 900)
    #expect(ExitTests.terms(world.trade("105", at: 960)) == ["cancel 3 escalation"])
  }

  @Test func `a candle's high moves no stop that is triggered`() throws {
    var world = try ExitTests.position()
    world.trade("98", at: 320)
    world.handle(.candleClosed(Candle(2, open: "98", high: "110", low: "98", close: "98")))
    #expect(world.engine.position.highest == price("100"))
  }
}
