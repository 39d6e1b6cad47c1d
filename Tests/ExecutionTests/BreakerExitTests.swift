import Execution
import Market
import TestKit
import Testing

/// What the breaker sells, and what a trade's end is put down to; SEMANTICS 5.7 and 8.5.
@Suite struct BreakerExitTests {
  static func at(_ seconds: Int64) -> Timestamp { .testStart + TimeSpan(seconds: seconds) }

  @Test func `the breaker sells below the last trade, again after a while, for its own reason`()
    throws
  {
    var world = try ExitTests.position()
    let commands = world.handle(.liquidate(time: Self.at(330)))
    #expect(ExitTests.terms(commands) == ["cancel 2 breaker"])
    #expect(ExitTests.terms(world.report(2, .cancelled, at: 331)) == ["3 liquidation - 99 10"])
    world.report(3, .accepted, at: 331)
    #expect(world.trade("90", at: 390) == [], "59 s after it was submitted")
    #expect(ExitTests.terms(world.trade("90", at: 391)) == ["cancel 3 breaker"])
    #expect(ExitTests.terms(world.report(3, .cancelled, at: 391)) == ["4 liquidation - 89.1 10"])
    world.report(4, .accepted, at: 391)
    world.fill(4, .sell, "10", at: "89.5", time: 392)
    #expect(world.trades.map(\.exitReason) == [.liquidation])
  }

  @Test func `what an entry buys behind the breaker's cancel is sold as everything else`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 9))
    world.portfolio = Portfolio(
      cash: 10_000, limits: PortfolioLimits(emergencyLiquidationLoss: -10), groups: [nil, nil])
    // The other pair holds half of the account: 50 units at 100, and at 79 the loss is 10.5 %.
    world.portfolio.apply(
      Fill(
        order: ClientOrderID(session: 0, pair: 1, number: 1), id: 1, time: .testStart, side: .buy,
        price: 100, quantity: 50, fee: .zero, liquidity: .maker), of: 1)
    world.portfolio.revalue(1, at: 100)
    world.handle(.candleClosed(Candle(0, open: "100", high: "100", low: "100", close: "100")))
    world.report(1, .accepted, at: 300)
    world.portfolio.revalue(1, at: 79)
    let finding = world.portfolio.look(day: 0, time: Self.at(310))
    #expect(finding.trip != nil)
    let cancels = world.handle(.cancelEntry(.breaker, time: Self.at(310)))
    #expect(ExitTests.terms(cancels) == ["cancel 1 breaker"])
    #expect(world.handle(.liquidate(time: Self.at(310))) == [], "nothing is held yet")
    #expect(
      ExitTests.terms(world.fill(1, .buy, "4", at: "100", time: 311)) == ["2 liquidation - 99 4"])
  }

  @Test func `a trade's reason is that of the order that closed it, not of the one to follow`()
    throws
  {
    var world = try ExitTests.position()
    #expect(world.trade("98", at: 320) == [])
    #expect(ExitTests.terms(world.trade("97", at: 380)) == ["cancel 2 escalation"])
    world.fill(2, .sell, "10", at: "97.6", time: 381)
    #expect(world.trades.map(\.exitReason) == [.trailingStop])
  }
}
