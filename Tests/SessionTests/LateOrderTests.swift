import Credentials
import Execution
import Market
import Network
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// The Exchange makes two orders of what it gets twice: coinbase.md B.2.
@Suite("An order that arrives after it was given up", .timeLimit(.minutes(10)))
struct LateOrderTests {
  /// Enters at a price in percent of the last trade; the request is late.
  ///
  /// - Returns: How many entries were sent.
  private static func enter(
    at percent: Int64, _ afterwards: @escaping @Sendable (LiveSession, Heard) async throws -> Void
  ) async throws -> (sent: Int, trouble: [String]) {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.key = .hmac
    let isOver = Mutex(false)
    let sent = Tally()
    let (_, trouble) = try await stage.rehearse { _, request in
      guard request.method == .post, isOver.withLock({ $0 }),
        String(decoding: request.body, as: UTF8.self).contains("\"buy\"")
      else { return .passes }
      sent.add()
      return .late
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      let price = await session.standing(of: 0).lastTrade
      await session.submitEntry(
        pair: 0,
        EntrySignal(reference: Price(steps: price.steps / 100 * percent), timeToLive: 100))
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      try await afterwards(session, heard)
    }
    return (sent.count, trouble)
  }

  @Test func `is not sent twice, and what it bought has its stop`() async throws {
    let (sent, trouble) = try await Self.enter(at: 102) { session, _ in
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let standing = await session.standing(of: 0)
      #expect(standing.exit?.order.quantity == standing.held && standing.held > .zero)
    }
    #expect(sent == 1)
    #expect(trouble.contains { $0.contains("is given up: it may still be on its way") })
    #expect(trouble.contains { $0.contains("was given up and has arrived") })
  }

  @Test func `is ended where it waits`() async throws {
    let (sent, trouble) = try await Self.enter(at: 50) { session, heard in
      // It is told of by the feed, and ended.
      while !heard.trouble.contains(where: { $0.contains("has arrived") }) {
        try await Task.sleep(for: .milliseconds(2))
      }
      await session.settleAll()
      #expect(try await session.exchange.workingOrders(ofProducts: ["BTC-USD"]).isEmpty)
      #expect(await session.standing(of: 0).held == .zero)
    }
    #expect(sent == 1)
    #expect(trouble.contains { $0.contains("was given up and has arrived") })
  }
}
