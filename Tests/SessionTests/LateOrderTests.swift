import Credentials
import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// A request that broke off may arrive later than anybody waits for it.
@Suite("An order that arrives after it was given up", .timeLimit(.minutes(10)))
struct LateOrderTests {
  /// How it comes that an entry is given up that is still on its way.
  enum Course: CaseIterable {
    /// The Exchange makes two orders of what it gets twice (coinbase.md B.2), so it is not sent again.
    case sentOnce
    /// Nobody can say for a while whether there is such an order, and it is too late to send it again.
    case unanswered
    /// It is sent again, and refused; the first request knows nothing of that.
    case refused

    /// How often it is sent.
    var requests: Int { self == .refused ? 2 : 1 }
  }

  /// So often the client asks again by itself.
  private static let clientAttempts = 6

  /// Enters at a price in percent of the last trade; the request is late.
  ///
  /// - Returns: How many entries were sent.
  private static func enter(
    at percent: Int64, _ course: Course,
    _ afterwards: @escaping @Sendable (LiveSession, Heard, Gate) async throws -> Void
  ) async throws -> (sent: Int, trouble: [String]) {
    var stage = try SessionStage(seed: 5, count: 40)
    if course == .sentOnce { stage.key = .hmac }
    let isOver = Mutex(false)
    let sent = Tally()
    let gate = Gate()
    let looks = Tally()
    let (_, trouble) = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }) else { return .passes }
      if request.method == .post,
        String(decoding: request.body, as: UTF8.self).uppercased().contains("\"BUY\"")
      {
        return sent.add() == 1 ? .late(gate) : .refused("INSUFFICIENT_FUND")
      }
      let isLook = request.path.contains("/orders/historical/batch") && sent.count > 0
      return course == .unanswered && isLook && looks.add() <= Self.clientAttempts
        ? .badGateway : .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      let price = await session.standing(of: 0).lastTrade
      await session.submitEntry(
        pair: 0,
        EntrySignal(reference: Price(steps: price.steps / 100 * percent), timeToLive: 100))
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      try await afterwards(session, heard, gate)
    }
    return (sent.count, trouble)
  }

  /// Whether what was bought has its stop.
  private static func checkStop(_ session: LiveSession) async {
    let standing = await session.standing(of: 0)
    #expect(standing.held > .zero)
    #expect(standing.exit?.state == .open && standing.exit?.order.quantity == standing.held)
  }

  /// Waits until the exchange has the order that was given up, and has filled it.
  private static func arrival(_ session: LiveSession) async throws -> ExchangeOrder {
    let order = try #require(
      try await session.ordersGivenUp(of: 0, since: Timestamp(nanoseconds: 0)).last?.order)
    while true {
      let found = try await session.exchange.find(order, product: "BTC-USD", .query)
      if let found, !found.status.isWorking { return found }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test("is not bought twice, and what it bought has its stop", arguments: Course.allCases)
  func bought(course: Course) async throws {
    let (sent, trouble) = try await Self.enter(at: 102, course) { session, _, gate in
      gate.open()
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      await Self.checkStop(session)
    }
    #expect(sent == course.requests)
    #expect(trouble.contains { $0.contains("is given up: it may still be on its way") })
    #expect(trouble.contains { $0.contains("was given up and has arrived") })
  }

  @Test("is ended where it waits", arguments: Course.allCases)
  func ended(course: Course) async throws {
    let (sent, trouble) = try await Self.enter(at: 50, course) { session, heard, gate in
      gate.open()
      // It is told of by the feed, and ended.
      while !heard.trouble.contains(where: { $0.contains("has arrived") }) {
        try await Task.sleep(for: .milliseconds(2))
      }
      await session.settleAll()
      #expect(try await session.exchange.workingOrders(ofProducts: ["BTC-USD"]).isEmpty)
      #expect(await session.standing(of: 0).held == .zero)
      // It has its name, and is not looked for again.
      await session.tradeAgain()
      await session.keepState(isLast: true)
      #expect(try await session.ordersGivenUp(of: 0, since: Timestamp(nanoseconds: 0)).isEmpty)
    }
    #expect(sent == course.requests)
    #expect(trouble.contains { $0.contains("was given up and has arrived") })
  }

  @Test("is counted by its record where nobody thinks of it any more", arguments: Course.allCases)
  func forgotten(course: Course) async throws {
    _ = try await Self.enter(at: 102, course) { session, _, gate in
      await session.forgetOrders()
      gate.open()
      await session.dealWithOrphan(try await Self.arrival(session), of: 0)
      await session.settleAll()
      await Self.checkStop(session)
    }
  }

  @Test("is looked for by the process that goes on", arguments: Course.allCases)
  func restarted(course: Course) async throws {
    _ = try await Self.enter(at: 102, course) { session, _, gate in
      await session.forgetOrders()
      gate.open()
      _ = try await Self.arrival(session)
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      await Self.checkStop(session)
    }
  }

  @Test("is looked for until an hour after it was sent", arguments: Course.allCases)
  func longest(course: Course) async throws {
    _ = try await Self.enter(at: 50, course) { session, _, gate in
      let doubted = try #require(await session.doubtedSince())
      for (seconds, count) in [(0, 1), (3600, 1), (3601, 0), (3601, 0)] {
        await session.passed(doubted + TimeSpan(seconds: Int64(seconds)))
        await session.reconcile()
        #expect(await session.sent[0].inDoubt.count == count, "after \(seconds) s")
      }
      gate.open()
    }
  }

  @Test func `is told of where the record has none of its name`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      let price = await session.standing(of: 0).lastTrade
      let order = Order(
        id: ClientOrderID(session: 77, pair: 0, number: 900), side: .buy,
        limit: Price(steps: price.steps / 50_000_000 * 51_000_000), quantity: quantity("0.01"),
        submitted: await session.clock)
      let placed = try await session.exchange.place(
        OrderWish(order, productID: "BTC-USD"), .entry)
      let found = try #require(try await session.exchange.order(placed.id, .query))
      #expect(found.filled == quantity("0.01"))
      await session.dealWithOrphan(found, of: 0)
      #expect(
        heard.trouble.contains {
          $0.contains("order \(placed.id) is not in the record and has bought 0.01 BTC")
        })
      #expect(await session.standing(of: 0).held == .zero)
    })
  }
}

extension LiveSession {
  /// As a session is that has done much since, or was started anew.
  fileprivate func forgetOrders() { sent = pairs.map { _ in SentOrders() } }

  /// Since when the first pair's order is in doubt that was given up.
  fileprivate func doubtedSince() -> Timestamp? {
    sent[0].inDoubt.first.flatMap { sent[0][$0]?.inDoubt }
  }
}
