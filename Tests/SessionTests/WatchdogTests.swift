import Execution
import Market
import Persistence
import Strategy
import TestKit
import Testing

@testable import LiveBroker

@Suite("What holds entries")
struct WatchdogTests {
  @Test func `a reason counts once, and the last one that goes frees the pair`() {
    var watchdog = Watchdog(pairs: 2)
    let first = [
      watchdog.hold(0, for: .feed), watchdog.hold(0, for: .feed), watchdog.hold(0, for: .clock),
    ]
    #expect(first == [true, false, true])
    #expect(watchdog.reasons(of: 0) == [.feed, .clock] && watchdog.reasons(of: 1).isEmpty)
    let last = [
      watchdog.release(0, from: .feed), watchdog.release(0, from: .clock),
      watchdog.release(0, from: .clock),
    ]
    #expect(last == [false, true, false])
  }

  @Test func `an operator overrules it until it happens again`() {
    var watchdog = Watchdog(pairs: 1)
    _ = watchdog.hold(0, for: .candles)
    watchdog.clear(0)
    let isReleased = watchdog.release(0, from: .candles)
    let isNew = watchdog.hold(0, for: .candles)
    #expect(!isReleased && isNew)
  }

  @Test(.timeLimit(.minutes(10)))
  func `a session halts its entries and lets them go on`() async throws {
    let stage = try SessionStage(seed: 5, count: 40, pairs: 3)
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.distrustFeed(.feedGap, "test")
      await session.hold(.clock, "off", pair: 1)
      for pair in 0..<3 { #expect(await session.standing(of: pair).isHalted) }
      #expect(heard.trouble.contains { $0.contains("no entries for now") })
      await session.release(.feed)
      #expect(await !session.standing(of: 0).isHalted)
      #expect(await session.standing(of: 1).isHalted)
      await session.release(.clock)
      #expect(await !session.standing(of: 1).isHalted)
    })
  }

  @Test(.timeLimit(.minutes(10)))
  func `an entry whose time is over is ended where no feed tells the time`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let half = Rate(steps: 500_000_000_000_000_000)
      await session.submitEntry(
        pair: 0,
        EntrySignal(reference: session.standing(of: 0).lastTrade, offset: half, timeToLive: 1))
      await session.settleAll()
      #expect(await session.standing(of: 0).entry?.state == .open)
      await session.feedEnded()
      await session.passed(session.clock + TimeSpan(seconds: 300))
      await session.reconcile()
      #expect(await session.standing(of: 0).entry == nil)
    })
  }

  @Test(.timeLimit(.minutes(10)))
  func `an order of the record is ended before it was asked about`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let (_, name) = try await session.enterBelow()
      await session.forgetOrders()
      await session.cancel(pair: 0)
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      #expect(try await session.exchange.order(name, .query)?.status == .cancelled)
    })
  }

  @Test(.timeLimit(.minutes(10)))
  func `an order of the session that nobody wants is ended, another's is not`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = await session.standing(of: 0).lastTrade
      func place(_ id: ClientOrderID) async throws -> String {
        let order = Order(
          id: id, side: .buy, limit: Price(steps: price.steps / 200 * 100),
          quantity: quantity("0.01"),
          submitted: await session.clock)
        return try await session.exchange.place(OrderWish(order, productID: "BTC-USD"), .entry).id
      }
      let ours = try await place(ClientOrderID(session: 77, pair: 0, number: 900))
      let other = try await place(ClientOrderID(session: 78, pair: 0, number: 900))
      await session.reconcile()
      #expect(heard.trouble.contains { $0.contains(ours) && $0.contains("not wanted") })
      #expect(try await session.exchange.order(ours, .query)?.status == .cancelled)
      #expect(try await session.exchange.order(other, .query)?.status == .open)
    })
  }
}

extension LiveSession {
  /// As a process that begins: the record has orders, and the exchange was not asked about them.
  fileprivate func forgetOrders() { sent[0] = SentOrders() }
}
