import Market
import TestKit
import Testing

@testable import Execution

/// Pairs that come and go, and entries that wait for an answer.
@Suite struct RegistrationTests {
  static func candle(_ index: Int) -> Event {
    .candleClosed(Candle(index, open: "100", high: "100", low: "100", close: "100"))
  }

  static func refusal(_ world: EngineUnderTest<ScriptedStrategy>) -> Refusal? {
    for case .refused(let refusal, time: _) in world.outbox.notes { return refusal }
    return nil
  }

  @Test func `pairs are numbered as they come, and groups are found by name`() {
    var portfolio = Portfolio(cash: 1, groups: ["a", nil])
    #expect(portfolio.register(group: "b") == 2)
    #expect(portfolio.register(group: nil) == 3)
    #expect(portfolio.register(group: "a") == 4)
    #expect(portfolio.register(group: "b") == 5)
    #expect(portfolio.pairs.map(\.group) == [0, 1, 2, 3, 0, 2])
  }

  @Test func `a pair that is to go sells what it has, enters no more, and goes when flat`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1], timeToLive: 9))
    world.handle(Self.candle(0))
    world.report(1, .accepted, at: 300)
    world.portfolio.requestRemoval(of: 0)
    #expect(!world.portfolio.isRemovable(0), "its entry works")
    world.fill(1, .buy, "10", at: "100", time: 310)
    world.report(2, .accepted, at: 310)
    #expect(!world.portfolio.isRemovable(0), "it holds a position")
    world.fill(2, .sell, "10", at: "98", time: 400)
    #expect(world.portfolio.isRemovable(0))
    world.handle(Self.candle(1))
    #expect(world.outbox.commands.isEmpty)
    #expect(Self.refusal(world)?.rule == .removal)
    #expect(
      world.outbox.notes.contains(
        .signal(time: .testStart + TimeSpan(seconds: 600), .skipped(.risk))))
    world.portfolio.remove(0)
    #expect(!world.portfolio.isRemovable(0), "it went")
    #expect(world.portfolio.pairs[0].membership == .removed)
  }

  @Test func `a pair that nobody asked to go stays`() {
    let portfolio = Portfolio(cash: 1)
    #expect(!portfolio.isRemovable(0))
    #expect(portfolio.pairs[0].membership == .registered)
  }

  @Test func `who went comes back under a new number`() {
    var portfolio = Portfolio(cash: 10_000, limits: PortfolioLimits(maxPositions: 1), groups: ["a"])
    portfolio.requestRemoval(of: 0)
    portfolio.remove(0)
    portfolio.requestRemoval(of: 0)
    #expect(portfolio.pairs[0].membership == .removed, "going twice is going once")
    #expect(portfolio.register(group: "a") == 1)
    #expect(portfolio.approve(1, at: 100, for: 1, of: Product()) == .approved(1, isCut: false))
  }

  @Test func `a removal that is not due is a mistake`() async {
    await #expect(processExitsWith: .failure) {
      var portfolio = Portfolio(cash: 1)
      portfolio.remove(0)
    }
  }

  @Test func `so many entries may wait for an answer, whatever the answer is`() throws {
    let limits = PortfolioLimits(maxConcurrentOrders: 1)
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0, 1, 2, 3], timeToLive: 9))
    world.portfolio = Portfolio(cash: 10_000, limits: limits, groups: [nil, nil])
    func other() -> Approval { world.portfolio.approve(1, at: 100, for: 1, of: Product()) }
    let refused = Approval.refused(
      Refusal(rule: .maxConcurrentOrders, value: WideMoney(count: 2), limit: WideMoney(count: 1)),
      isCut: false)
    #expect(other() == .approved(1, isCut: false))
    world.handle(Self.candle(0))
    #expect(other() == refused)
    world.report(1, .unanswered, at: 305)
    #expect(other() == refused, "no answer is no answer")
    world.report(1, .rejected(.other), at: 310)
    #expect(other() == .approved(1, isCut: false))

    world.handle(Self.candle(1))
    #expect(other() == refused)
    world.report(2, .accepted, at: 610)
    #expect(other() == .approved(1, isCut: false), "it works, which counts elsewhere")
    world.fill(2, .buy, "10", at: "100", time: 620)
    #expect(other() == .approved(1, isCut: false), "the stop is on its way and exempt")
  }

  @Test func `a fill is an answer too`() throws {
    var world = EngineUnderTest(try ScriptedStrategy(signals: [0], timeToLive: 9))
    world.handle(Self.candle(0))
    #expect(world.portfolio.pairs[0].isUnanswered)
    world.fill(1, .buy, "4", at: "100", time: 305)
    #expect(!world.portfolio.pairs[0].isUnanswered)
  }
}
