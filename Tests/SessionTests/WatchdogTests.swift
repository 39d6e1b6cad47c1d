import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
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

  @Test(
    "where no feed tells what happens, the books are looked at often, and prices followed",
    .timeLimit(.minutes(10)), arguments: [false, true])
  func deaf(isConnected: Bool) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 100
    // Ten seconds of the session's, and so long that nobody waits for it.
    (stage.patience, stage.reconcileEvery) = (.seconds(10), .seconds(1_000_000))
    let candles = Mutex<String?>(nil)
    _ = try await stage.rehearse { _, request in
      request.path.hasSuffix("/candles")
        ? candles.withLock { $0.map { .says($0) } } ?? .passes : .passes
    } afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      let old = try #require(await session.standing(of: 0).exit?.order)
      let (high, start) = (Price(steps: price.steps / 100 * 103), await session.clock.seconds)
      let items = (0..<1_000).map { minute in
        """
        {"start":"\(start + Int64(minute) * 60)","low":"\(price)","high":"\(high)","open":"\(price)",\
        "close":"\(high)","volume":"1"}
        """
      }
      candles.withLock { $0 = #"{"candles":[\#(items.joined(separator: ","))]}"# }
      let watching = Task { await session.watch() }
      if isConnected {
        await session.loseCandle()
      } else {
        await session.feedEnded()
      }
      #expect(
        try await Heard.awaits {
          await session.standing(of: 0).exit?.order.trigger != old.trigger
        })
      #expect(await session.standing(of: 0).lastTrade == high)
      watching.cancel()
      await watching.value
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `what an operator has accepted holds no entries until more is missing`() async throws {
    let size = Mutex("1000")
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse { _, request in
      guard request.path.hasSuffix("/accounts") else { return .passes }
      return .says(
        """
        {"accounts":[{"uuid":"1","name":"USD","currency":"USD","available_balance":{"value":\
        "\(size.withLock { $0 })","currency":"USD"},"hold":{"value":"0","currency":"USD"},\
        "active":true}],"has_next":false,"cursor":"","size":1}
        """)
    } afterwards: { session, heard in
      await session.lookAtBalances()
      #expect(await session.standing(of: 0).isHalted)
      let words = "'runner resume' overrules it until more is missing"
      #expect(
        heard.trouble.contains { $0.contains("the account has 1000 USD") && $0.contains(words) })
      let desk = try RequestDesk(at: Store.Location(path: heard.database))
      _ = try desk.make(.resume(pair: nil), at: await session.clock)
      await session.serveOperators()
      #expect(await !session.standing(of: 0).isHalted)
      await session.lookAtBalances()
      #expect(await !session.standing(of: 0).isHalted)
      size.withLock { $0 = "999" }
      await session.lookAtBalances()
      #expect(await session.standing(of: 0).isHalted)
    }
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
  /// The exchange has a candle of which the feed, which is there, has told no trade.
  fileprivate func loseCandle() async {
    let start = lastClose(of: 0) ?? clock
    passed(start + TimeSpan(seconds: 400))
    let price = standing(of: 0).lastTrade
    let candle = Candle(
      start: start, open: price, high: price, low: price, close: price, volume: 1)
    await take(
      FeedMessage(
        sequence: nil, time: nil,
        events: [
          .candles([FeedCandle(productID: "BTC-USD", candle: candle)], isSnapshot: false)
        ]))
  }

  /// As a process that begins: the record has orders, and the exchange was not asked about them.
  fileprivate func forgetOrders() { sent[0] = SentOrders() }
}
