import Execution
import Market
import Network
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session that is told to end", .timeLimit(.minutes(10)))
struct FarewellTests {
  /// Of orders that are sent, those that are stops.
  private static func isStop(_ request: HTTPRequest) -> Bool {
    request.method == .post && String(decoding: request.body, as: UTF8.self).contains("stop_price")
  }

  /// Coins are not back yet for so many stops.
  private static func refused(_ request: HTTPRequest, _ left: borrowing Mutex<Int>)
    -> LossyDoor.Fate
  {
    guard isStop(request),
      left.withLock({ left in
        left -= 1
        return left >= 0
      })
    else { return .passes }
    return .refused("INSUFFICIENT_FUND")
  }

  /// Buys, and waits until what was bought has its stop.
  private static func buy(_ session: LiveSession) async throws -> Price {
    let price = await session.standing(of: 0).lastTrade
    await session.submitEntry(
      pair: 0, EntrySignal(reference: Price(steps: price.steps / 100 * 102), timeToLive: 100))
    while await session.standing(of: 0).exit?.state != .open {
      try await Task.sleep(for: .milliseconds(2))
    }
    return price
  }

  private static func trade(_ session: LiveSession, _ id: UInt64, at price: Price) async
    -> FeedTrade
  {
    FeedTrade(
      productID: "BTC-USD", id: 1 << 40 + id, price: price, size: 1, makerSide: .sell,
      time: await session.clock)
  }

  @Test func `a stop that is being replaced has its successor before anybody goes`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let refusals = Mutex(0)
    let isOver = Mutex(false)
    let (_, trouble) = try await stage.rehearse { _, request in
      isOver.withLock { $0 } ? Self.refused(request, refusals) : .passes
    } afterwards: { session, _ in
      let price = try await Self.buy(session)
      let old = try #require(await session.standing(of: 0).exit)
      // The coins of the old stop come back late: two seconds at least.
      refusals.withLock { $0 = 6 }
      isOver.withLock { $0 = true }
      await session.onTrade(Self.trade(session, 1, at: Price(steps: price.steps / 100 * 103)))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      await session.end(.keep)
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.id != old.order.id)
      #expect(stop.order.limit > old.order.limit)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [stop.order.id])
    }
    #expect(trouble.contains { $0.contains("the exit order is being replaced") })
  }

  @Test func `a stop that the process before has left half replaced is seen to first`() async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let price = try await Self.buy(session)
      let old = try #require(await session.standing(of: 0).exit)
      await session.forgetToReplace(at: Price(steps: price.steps / 100 * 103))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      let ending = Task { await session.endAndLook() }
      while await session.stage != .leaving { try await Task.sleep(for: .milliseconds(2)) }
      try await session.startupReconcile(at: await session.clock)
      let stop = try #require(await ending.value)
      #expect(stop.state == .open && stop.order.limit > old.order.limit)
    })
  }

  @Test func `a stop that the process before wanted to replace stays where no orders are taken`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    let isClosed = Mutex(false)
    let (_, trouble) = try await stage.rehearse { _, request in
      guard isClosed.withLock({ $0 }) else { return .passes }
      if request.path.hasSuffix("/products/BTC-USD") {
        return .says(SessionStage.product(tick: "0.01", isCancelOnly: true))
      }
      return Self.isStop(request) ? .refused("TRADING_DISABLED") : .passes
    } afterwards: { session, _ in
      let price = try await Self.buy(session)
      let old = try #require(await session.standing(of: 0).exit)
      await session.forgetToReplace(at: Price(steps: price.steps / 100 * 103))
      isClosed.withLock { $0 = true }
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [old.order.id])
      // Asked for again with the next trade.
      isClosed.withLock { $0 = false }
      await session.onTrade(Self.trade(session, 1, at: Price(steps: price.steps / 100 * 103)))
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.limit > old.order.limit)
    }
    #expect(trouble.contains { $0.contains("the stop that is there stays") })
  }

  @Test func `what the market says after that begins nothing`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let price = try await Self.buy(session)
      let before = await session.standing(of: 0)
      await session.end(.keep)
      let late = await Self.trade(session, 1, at: Price(steps: price.steps / 100 * 103))
      await session.take(
        FeedMessage(
          sequence: nil, time: late.time, events: [.trades([late], isSnapshot: false)]))
      await session.settleAll()
      #expect(await session.standing(of: 0).exit == before.exit)
    })
  }

  @Test(
    "What is bought or sold while there is no feed is heard of before anybody goes",
    arguments: [Side.buy, .sell])
  func hearsOut(side: Side) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    let isAway = Mutex(false)
    var habits = FeedDoor.Habits()
    habits.breaks = { _ in isAway.withLock { $0 } }
    habits.isShut = { isAway.withLock { $0 } }
    stage.feed = habits
    let (fills, _) = try await stage.rehearse(afterwards: { session, _ in
      if side == .sell { _ = try await Self.buy(session) }
      isAway.withLock { $0 = true }
      let price = await session.standing(of: 0).lastTrade
      let worse = Price(steps: price.steps / 100 * (side == .buy ? 102 : 90))
      if side == .buy {
        await session.submitEntry(pair: 0, EntrySignal(reference: worse, timeToLive: 100))
      } else {
        await session.forceExit(pair: 0, at: worse)
      }
      await session.settleAll()
      #expect(await (session.standing(of: 0).held > .zero) == (side == .sell))
      await session.end(.keep)
      let standing = await session.standing(of: 0)
      #expect((standing.held > .zero) == (side == .buy))
      #expect(standing.entry == nil && standing.exit?.state == (side == .buy ? .open : nil))
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [standing.exit].compactMap { $0?.order.id })
    })
    #expect(fills.last?.side == side)
  }

  @Test func `an entry whose cancel is refused is asked again before anybody goes`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let name = Mutex("")
    let cancels = Tally()
    _ = try await stage.rehearse { _, request in
      guard request.path.hasSuffix("/batch_cancel"), cancels.add() == 1 else { return .passes }
      return .says(
        """
        {"results":[{"success":false,"failure_reason":"COMMANDER_REJECTED_CANCEL_ORDER",\
        "order_id":"\(name.withLock { $0 })"}]}
        """)
    } afterwards: { session, heard in
      let before = cancels.count
      let entry = try await session.enterBelow()
      name.withLock { $0 = entry.name }
      await session.end(.cancelEntries)
      #expect(cancels.count > before)
      #expect(await session.standing(of: 0).entry == nil)
      #expect(try await session.exchange.workingOrders(ofProducts: ["BTC-USD"]).isEmpty)
      #expect(heard.trouble.contains { $0.contains("is refused: ") })
    }
  }

  @Test func `whoever insists on an end waits longer for a position without its exit order`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    let refusals = Mutex(0)
    _ = try await stage.rehearse { _, request in
      Self.refused(request, refusals)
    } afterwards: { session, _ in
      let price = try await Self.buy(session)
      let old = try #require(await session.standing(of: 0).exit)
      refusals.withLock { $0 = 3 }
      await session.onTrade(Self.trade(session, 1, at: Price(steps: price.steps / 100 * 103)))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      let now = ContinuousClock.now
      await session.comeToRest(by: now, bareBy: now + .seconds(500))
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.id != old.order.id)
    }
  }

  @Test func `while it sells everything, and after that, nothing is bought`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let isOver = Mutex(false)
    let gate = Gate()
    _ = try await stage.rehearse { _, request in
      isOver.withLock { $0 } && request.isSale ? .held(gate) : .passes
    } afterwards: { session, _ in
      _ = try await Self.buy(session)
      isOver.withLock { $0 = true }
      let candles = await session.figures.candles
      let ending = Task {
        await session.end(.liquidate, offsets: [Rate(steps: 10_000_000_000_000_000)])
      }
      while await session.standing(of: 0).exit?.role != .forced {
        try await Task.sleep(for: .milliseconds(2))
      }
      // A strategy that would buy now is not asked.
      await session.closeCandle()
      #expect(await session.standing(of: 0).held > .zero)
      #expect(await session.figures.candles == candles)

      gate.open()
      await ending.value
      let standing = await session.standing(of: 0)
      #expect(standing.held == .zero && standing.exit == nil)
      await session.closeCandle()
      #expect(await session.figures.candles == candles)
    }
  }
}

extension LiveSession {
  /// As a process finds it that goes on after one which was killed before it asked for the end of a stop.
  fileprivate func forgetToReplace(at price: Price) {
    var outbox = Outbox()
    machine.handle(.trade(price: price, time: clock), of: 0, into: &outbox)
    sent = pairs.map { _ in SentOrders() }
    knowsBooks = false
  }

  /// The exit order as it is when the session has ended.
  fileprivate func endAndLook() async -> ManagedOrder? {
    await end(.keep)
    return standing(of: 0).exit
  }

  /// A candle of the first pair is over.
  fileprivate func closeCandle() async {
    await onCandle(
      Candle(start: clock, open: 100, high: 100, low: 100, close: 100, volume: 1), of: 0)
  }
}
