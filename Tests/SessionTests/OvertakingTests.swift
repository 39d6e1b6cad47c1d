import Execution
import Market
import Network
import Persistence
import Synchronization
import Testing

@testable import LiveBroker

/// What is needed for an exit does not wait behind another order: decision note 22.
@Suite("An exit while other orders are asked about", .timeLimit(.minutes(10)))
struct OvertakingTests {
  /// A session whose entry has bought a part, and does not come to the end that is asked for until `body` is
  /// done.
  private static func whileAnEndIsAwaited(
    _ body:
      @escaping @Sendable (LiveSession, Heard, borrowing Mutex<Tale?>, Quantity) async throws
      -> Void
  ) async throws {
    let tale = Mutex<Tale?>(nil)
    _ = try await SessionStage.withCoins().rehearse { _, request in
      tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let part = SessionStage.third(of: entry)
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)], isDeaf: true) }
      await session.cancel(pair: 0)
      try await body(session, heard, tale, part)
      tale.withLock { $0 = nil }
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
    }
  }

  @Test(
    "What an entry buys has its stop while nobody can ask for the entry's end",
    arguments: [true, false])
  func unaskedEnd(isClear: Bool) async throws {
    let tale = Mutex<Tale?>(nil)
    let isThere = Gate()
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if request.path.hasSuffix("/batch_cancel"), !isThere.isOpen { return .badGateway }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      await session.cancel(pair: 0)
      let part = SessionStage.third(of: entry)
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      // The Exchange's API tells no more than that there was a match.
      let sight = isClear ? Lane.Sight(filled: part, status: .open) : Lane.Sight()
      await session.add(.look(entry.id, sight), to: 0)
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(await session.standing(of: 0).entry?.state == .cancelPending)
      tale.withLock { $0 = nil }
      isThere.open()
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      #expect(await session.standing(of: 0).exit?.order.quantity == part)
    }
  }

  @Test func `an entry's end is asked for though its stop, ahead of it, waits for the store`()
    async throws
  {
    let tale = Mutex<Tale?>(nil)
    let ended = Mutex<[String]>([])
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if request.path.hasSuffix("/batch_cancel") { ended.withLock { $0.append(request.text) } }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let part = SessionStage.third(of: entry)
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit?.order.id)
      let stopName = try #require(await session.sent[0][stop]?.exchangeID)
      let other = try heard.lockStore()
      await session.halt(0, for: .clock)
      #expect(await session.stall != nil)
      // Both were wanted, and kept, a moment before.
      await session.add(.command(.cancel(stop, reason: .quantity)), to: 0)
      await session.add(.command(.cancel(entry.id, reason: .requested)), to: 0)
      while ended.withLock({ !$0.contains { $0.contains(name) } }) {
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(ended.withLock { !$0.contains { $0.contains(stopName) } })
      try other.execute("ROLLBACK")
      tale.withLock { $0 = nil }
      while await session.stall != nil { try await Task.sleep(for: .milliseconds(5)) }
      await session.settleAll()
      let standing = await session.standing(of: 0)
      #expect(standing.entry == nil && standing.exit?.state == .open)
      #expect(standing.exit?.order.id != stop)
    }
  }

  @Test func `a stop grows, and an operator sells, while an entry's end is waited for`()
    async throws
  {
    try await Self.whileAnEndIsAwaited { session, heard, tale, part in
      func awaitStop(of quantity: Quantity) async throws {
        while true {
          let exit = await session.standing(of: 0).exit
          if exit?.state == .open, exit?.order.quantity == quantity { return }
          try await Task.sleep(for: .milliseconds(2))
        }
      }
      try await awaitStop(of: part)
      let now = await session.clock
      tale.withLock { $0?.bought.append((part, now)) }
      try await awaitStop(of: part + part)
      #expect(await session.standing(of: 0).entry?.state == .cancelPending)

      let last = await session.standing(of: 0).lastTrade
      await session.forceExit(pair: 0, at: Price(steps: last.steps / 100 * 95))
      while true {
        let exit = await session.standing(of: 0).exit
        if exit?.role == .forced, exit?.state == .open { break }
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(await session.standing(of: 0).entry?.state == .cancelPending)
      tale.withLock { $0 = nil }
      try await session.awaitSale()
      #expect(heard.fills.last?.fill.side == .sell)
    }
  }

  @Test func `a stop that fails has its successor while its entry's end is waited for`()
    async throws
  {
    try await Self.whileAnEndIsAwaited { session, _, _, _ in
      func stop(after before: ClientOrderID?) async throws -> ClientOrderID {
        while true {
          let exit = await session.standing(of: 0).exit
          if let exit, exit.state == .open, exit.order.id != before { return exit.order.id }
          try await Task.sleep(for: .milliseconds(2))
        }
      }
      let first = try await stop(after: nil)
      let failed = Lane.Sight(filled: .zero, status: .failed, reason: "HOLD_FAILURE")
      await session.add(.look(first, failed), to: 0)
      _ = try await stop(after: first)
      #expect(await session.standing(of: 0).entry?.state == .cancelPending)
    }
  }

  @Test func `a stop that has sold is not ended before its sales are known`() async throws {
    let tale = Mutex<Tale?>(nil)
    let (reads, cancels) = (Tally(), Tally())
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if request.path.hasSuffix("/orders/historical/fills") { reads.add() }
      if request.path.hasSuffix("/batch_cancel") { cancels.add() }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit?.order)
      let name = try #require(await session.sent[0][stop.id]?.exchangeID)
      let (part, before) = (SessionStage.third(of: stop), cancels.count)
      await session.add(.look(stop.id, Lane.Sight(filled: part, status: .open)), to: 0)
      await session.forceExit(pair: 0, at: Price(steps: price.steps / 100 * 95))
      let begin = reads.count
      while reads.count < begin + 5 { try await Task.sleep(for: .milliseconds(2)) }
      #expect(cancels.count == before)
      let now = await session.clock
      tale.withLock {
        $0 = Tale(entry: (stop, "none"), stop: name, bought: [], sold: [(part, now)])
      }
      try await session.awaitSale()
      #expect(cancels.count == before + 1)
      #expect(heard.fills.suffix(2).map(\.fill.quantity) == [part, stop.quantity - part])
    }
  }
}
