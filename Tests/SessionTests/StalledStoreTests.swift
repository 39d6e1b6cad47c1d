import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session whose store cannot be written", .timeLimit(.minutes(10)))
struct StalledStoreTests {
  @Test func `sends nothing that is not kept, makes no entries, and goes on where it can`()
    async throws
  {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = await session.standing(of: 0).lastTrade
      func enter() async {
        await session.submitEntry(
          pair: 0, EntrySignal(reference: Price(steps: price.steps / 200 * 100), timeToLive: 100))
      }
      func working() async throws -> [ExchangeOrder] {
        try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      }
      let orders = try await working().count

      let other = try heard.lockStore()
      await enter()
      #expect(await session.stall != nil)
      #expect(heard.trouble.contains { $0.contains("no entries for now: ") })
      // It is the engine's, and not yet the exchange's; what comes behind waits.
      #expect(await session.standing(of: 0).entry?.state == .pending)
      #expect(try await working().count == orders)
      // Nor is it where the feed is connected anew.
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      #expect(try await working().count == orders)
      await session.cancel(pair: 0)
      #expect(await session.stall?.events.isEmpty == false)

      try other.execute("ROLLBACK")
      while await session.stall != nil { try await Task.sleep(for: .milliseconds(5)) }
      await session.settleAll()
      // Sent, and cancelled by what had waited; entries go on.
      #expect(await session.standing(of: 0).entry == nil)
      #expect(await !session.standing(of: 0).isHalted)
      await enter()
      await session.settleAll()
      #expect(await session.standing(of: 0).entry?.state == .open)
      #expect(try await working().count == orders + 1)
      #expect(await session.failure == nil)
    })
  }

  @Test func `ends the entries that work, and says what has no stop`() async throws {
    let tale = Mutex<Tale?>(nil)
    let ended = Mutex<[String]>([])
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if request.path.hasSuffix("/batch_cancel") { ended.withLock { $0.append(request.text) } }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let other = try heard.lockStore()
      await session.halt(0, for: .clock)
      #expect(await session.stall != nil)
      // It is deaf to that, and buys a part.
      let (part, now) = (SessionStage.third(of: entry), await session.clock)
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)], isDeaf: true) }
      #expect(try await Heard.awaits { ended.withLock { $0.contains { $0.contains(name) } } })
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      let words = "\(part) held WITHOUT an exit order at the exchange; the store cannot be written"
      #expect(try await heard.awaits(words) { await session.watchCover() })
      try other.execute("ROLLBACK")
      while await session.stall != nil { try await Task.sleep(for: .milliseconds(5)) }
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(await session.standing(of: 0).exit?.order.quantity == part)
      tale.withLock { $0 = nil }
    }
  }

  @Test func `knows afterwards that the entries have ended`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let other = try heard.lockStore()
      await session.halt(0, for: .clock)
      // Nor would one be sent that waits behind something else.
      #expect(await session.isUnwanted(entry.id, of: 0))
      #expect(
        try await Heard.awaits {
          try await session.exchange.order(name, .query)?.status == .cancelled
        })
      #expect(await session.standing(of: 0).entry?.state == .open)
      try other.execute("ROLLBACK")
      while await session.standing(of: 0).entry != nil {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(await session.failure == nil)
    })
  }

  @Test
  func `leaves the stop that is there, also at a look at the books, and moves it when it can`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      let old = try #require(await session.standing(of: 0).exit?.order)
      let other = try heard.lockStore()
      await session.onTrade(
        FeedTrade(
          productID: "BTC-USD", id: 1 << 40, price: Price(steps: price.steps / 100 * 103), size: 1,
          makerSide: .sell, time: session.clock))
      #expect(await session.stall != nil)
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      await session.reconcile()
      try await session.startupReconcile(at: session.clock)
      await session.settleAll()
      // Nor one that was wanted before.
      await session.add(.command(.cancel(old.id, reason: .ratchet)), to: 0)
      _ = try await session.exchange.balances()
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [old.id])
      try other.execute("ROLLBACK")
      while await session.stall != nil { try await Task.sleep(for: .milliseconds(5)) }
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.limit > old.limit)
    })
  }

  @Test func `sells what it holds where the breaker trips on what waited`() async throws {
    let stage = try SessionStage(
      seed: 5, count: 40, more: ["portfolio.emergency_liquidation_loss_pct=-5"])
    _ = try await stage.rehearse(afterwards: { session, heard in
      try await session.buyAtOnce()
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let other = try heard.lockStore()
      await session.halt(0, for: .clock)
      #expect(await session.stall != nil)
      await session.closeAtHalf()
      try other.execute("ROLLBACK")
      while await session.stall != nil { try await Task.sleep(for: .milliseconds(5)) }
      while await session.standing(of: 0).exitRole != .liquidation,
        await session.standing(of: 0).held > .zero
      { try await Task.sleep(for: .milliseconds(5)) }
      #expect(await session.machine.portfolio.isTripped)
    })
  }
}

extension LiveSession {
  /// A candle of the first pair at half its last price.
  fileprivate func closeAtHalf() async {
    let low = Price(steps: standing(of: 0).lastTrade.steps / 200 * 100)
    let start = lastClose(of: 0) ?? clock
    await onCandle(
      Candle(start: start, open: low, high: low, low: low, close: low, volume: quantity("1")), of: 0
    )
  }
}
