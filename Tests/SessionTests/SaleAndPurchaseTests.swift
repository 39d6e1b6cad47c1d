import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// A stop sells what it is for while its entry, a third of which it is for, has bought the rest: as heard
/// from the exchange in other orders than that.
@Suite("A sale that is heard of before the purchase", .timeLimit(.minutes(10)))
struct SaleAndPurchaseTests {
  /// What such a session is asked about.
  private struct Position: Sendable {
    var entry: (order: Order, name: String)
    var stop: (order: Order, name: String)
    /// What the stop is for.
    var part: Quantity
    /// When that was bought.
    var time: Timestamp
    /// What the entry buys a second later.
    var rest: Quantity { entry.order.quantity - part }
  }

  /// A session whose entry has bought a third, for which there is a stop.
  ///
  /// - Parameters:
  ///   - positions: How many the entry makes.
  ///   - fate: What becomes of requests; nothing happens to them where it is `nil`.
  ///   - body: What happens then. The tale has it that the entry is filled.
  /// - Throws: What goes wrong.
  private static func withStop(
    positions: Int = 1,
    _ fate: @escaping @Sendable (HTTPRequest) -> LossyDoor.Fate? = { _ in nil },
    _ body:
      @escaping @Sendable (LiveSession, Heard, borrowing Mutex<Tale?>, Position) async throws
      -> Void
  ) async throws {
    let tale = Mutex<Tale?>(nil)
    _ = try await SessionStage.withCoins().rehearse { _, request in
      fate(request) ?? tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let entry = try await session.enterBelow()
      let (part, now) = (SessionStage.third(of: entry.order), await session.clock)
      tale.withLock { $0 = Tale(entry: entry, bought: [(part, now)]) }
      await session.look(at: entry.order.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit?.order)
      #expect(stop.quantity == part)
      let name = try #require(await session.sent[0][stop.id]?.exchangeID)
      let position = Position(entry: entry, stop: (stop, name), part: part, time: now)
      tale.withLock {
        $0?.stop = name
        $0?.bought.append((position.rest, now + TimeSpan(seconds: 1)))
      }
      try await body(session, heard, tale, position)
      let rows = try Store.rows(of: heard.database, tables: ["positions"])
      #expect(rows.count { $0.contains("|\(entry.order.id.number)|") } == positions)
    }
  }

  @Test func `is counted behind it, and the position goes on`() async throws {
    try await Self.withStop { session, heard, tale, position in
      tale.withLock { $0?.sold = [(position.part, position.time + TimeSpan(seconds: 2))] }
      // That alone is told of.
      let sight = Lane.Sight(filled: position.part, status: .filled)
      await session.look(at: position.stop.order.id, sight, of: 0)
      await session.settleAll()

      let standing = await session.standing(of: 0)
      #expect(standing.held == position.rest && standing.exit?.order.quantity == position.rest)
      #expect(heard.fills.map(\.fill.side).suffix(3) == [.buy, .buy, .sell])
    }
  }

  @Test func `is counted before one that came later, which makes another position`() async throws {
    try await Self.withStop(positions: 2) { session, heard, tale, position in
      tale.withLock { $0?.sold = [(position.part, position.time + TimeSpan(nanoseconds: 1))] }
      let sight = Lane.Sight(filled: position.part, status: .filled)
      await session.look(at: position.stop.order.id, sight, of: 0)
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.order.quantity == position.rest)
      #expect(heard.fills.map(\.fill.side).suffix(3) == [.buy, .sell, .buy])
    }
  }

  @Test func `waits for it where the list of fills has not all of that yet`() async throws {
    let reads = Tally()
    let ends = Mutex<[String]>([])
    try await Self.withStop {
      if $0.path.hasSuffix("/orders/historical/fills") { reads.add() }
      if $0.path.hasSuffix("/batch_cancel") {
        let text = $0.text
        ends.withLock { $0.append(text) }
      }
      return nil
    } _: { session, heard, tale, position in
      func awaitReads() async throws {
        let begin = reads.count
        while reads.count < begin + 6 { try await Task.sleep(for: .milliseconds(2)) }
      }
      tale.withLock {
        $0?.sold = [(position.part, position.time + TimeSpan(seconds: 2))]
        $0?.listed = 1
        $0?.isDeaf = true
      }
      let sight = Lane.Sight(filled: position.part, status: .filled)
      await session.add(.look(position.stop.order.id, sight), to: 0)
      try await awaitReads()
      #expect(await session.standing(of: 0).held == position.part)

      // The end of the entry does not wait for it.
      await session.cancel(pair: 0)
      try await awaitReads()
      #expect(ends.withLock { $0.contains { $0.contains(position.entry.name) } })
      tale.withLock { $0?.listed = nil }
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.order.quantity == position.rest)
      #expect(heard.fills.map(\.fill.side).suffix(3) == [.buy, .buy, .sell])
    }
  }

  @Test func `is counted behind it where it is of an exit that was done with`() async throws {
    try await Self.withStop { session, heard, tale, position in
      tale.withLock {
        $0?.sold = [(position.part, position.time + TimeSpan(seconds: 2))]
        $0?.isStopFilled = true
      }
      let found = try #require(
        try await session.exchange.order(position.stop.name, .protective))
      #expect(try await session.end(found, position.stop.order.id, of: 0))
      #expect(heard.fills.map(\.fill.side).suffix(3) == [.buy, .buy, .sell])
    }
  }

  @Test func `does not wait where something is left, which needs its stop`() async throws {
    try await Self.withStop { session, _, tale, position in
      let sold = SessionStage.third(of: position.stop.order)
      tale.withLock {
        $0?.sold = [(sold, position.time + TimeSpan(seconds: 2))]
        $0?.listed = 1
      }
      let sight = Lane.Sight(filled: sold, status: .failed, reason: "HOLD_FAILURE")
      await session.look(at: position.stop.order.id, sight, of: 0)
      while true {
        let exit = await session.standing(of: 0).exit
        if let exit, exit.state == .open, exit.order.quantity == position.part - sold { break }
        try await Task.sleep(for: .milliseconds(2))
      }
      tale.withLock { $0?.listed = nil }
      await session.settleAll()
      #expect(await session.standing(of: 0).held == position.entry.order.quantity - sold)
    }
  }

  /// - Parameter later: How much later than the third it has sold: what is to be sold at once is also what was
  ///   bought after that.
  /// - Throws: What goes wrong.
  @Test(
    "is counted behind one that is being read, when both can be read again",
    arguments: [TimeSpan(seconds: 2), TimeSpan(nanoseconds: 1)])
  func bothRead(later: TimeSpan) async throws {
    let (isThere, reads) = (Gate(), Tally())
    isThere.open()
    try await Self.withStop {
      guard $0.path.hasSuffix("/orders/historical/fills"), !isThere.isOpen else { return nil }
      reads.add()
      return .badGateway
    } _: { session, heard, tale, position in
      isThere.close()
      let all = Lane.Sight(filled: position.entry.order.quantity, status: .filled)
      await session.add(.look(position.entry.order.id, all), to: 0)
      while reads.count < 2 { try await Task.sleep(for: .milliseconds(2)) }

      // Meanwhile the stop is to make way for a sale, and has sold.
      tale.withLock {
        $0?.sold = [(position.part, position.time + later)]
        $0?.isStopFilled = true
      }
      let last = await session.standing(of: 0).lastTrade
      await session.forceExit(pair: 0, at: Price(steps: last.steps / 100 * 95))
      while await session.lanes[0].reading.count < 2 { try await Task.sleep(for: .milliseconds(2)) }
      isThere.open()
      try await session.awaitSale()
      #expect(heard.fills.map(\.fill.side).suffix(4) == [.buy, .buy, .sell, .sell])
    }
  }
}
