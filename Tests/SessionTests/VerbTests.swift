import Execution
import Market
import Strategy
import TestKit
import Testing

@testable import LiveBroker

@Suite("The verbs of a session", .timeLimit(.minutes(10)))
struct VerbTests {
  @Test func `enter, cancel, sell, and count a fill once`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = await session.standing(of: 0).lastTrade
      #expect(price > .zero)

      // Far below the market it waits, and can be cancelled.
      let half = Rate(steps: 500_000_000_000_000_000)
      await session.submitEntry(
        pair: 0, EntrySignal(reference: price, offset: half, timeToLive: 100))
      await session.settleAll()
      #expect(await session.standing(of: 0).entry?.state == .open)
      await session.cancel(pair: 0)
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)

      // Above it, it takes; what it bought is under a stop.
      await session.submitEntry(
        pair: 0,
        EntrySignal(reference: Price(steps: price.steps / 100 * 102), timeToLive: 100))
      try await Self.until { await session.standing(of: 0).exit?.state == .open }
      let held = await session.standing(of: 0).held
      #expect(held > .zero)
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.role == .stop && stop.order.quantity == held)

      // Sold at a price that the market is above of, once.
      await session.forceExit(pair: 0, at: Price(steps: price.steps / 100 * 95))
      try await Self.until { await session.standing(of: 0).held == .zero }
      let sale = try #require(heard.fills.last?.fill)
      #expect(sale.side == .sell && sale.quantity == held)
      let count = heard.fills.count
      await session.handleFill(sale)
      #expect(heard.fills.count == count)
      #expect(await session.standing(of: 0).held == .zero)
    })
  }

  @Test func `a fill that is known late keeps its time, and its stop is sent now`() async throws {
    // The coins that the exchange sells without having told of the purchase.
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = await session.standing(of: 0).lastTrade
      let half = Rate(steps: 500_000_000_000_000_000)
      await session.submitEntry(
        pair: 0, EntrySignal(reference: price, offset: half, timeToLive: 100))
      await session.settleAll()
      let entry = try #require(await session.standing(of: 0).entry)
      let before = await session.clock
      let now = before + TimeSpan(seconds: 20)
      await session.onTrade(
        FeedTrade(
          productID: "BTC-USD", id: 1 << 40, price: price, size: 1, makerSide: .sell, time: now))
      await session.handleFill(
        Fill(
          order: entry.order.id, id: 1 << 40, time: before, side: .buy, price: entry.order.limit,
          quantity: entry.order.quantity, fee: .zero, liquidity: .maker))
      await session.settleAll()
      #expect(heard.fills.last?.fill.time == before)
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.submitted == now)
    })
  }

  /// What a feed brings comes when it comes; the test's own limit is its end.
  private static func until(_ isSo: () async -> Bool) async throws {
    while await !isSo() { try await Task.sleep(for: .milliseconds(2)) }
  }
}
