import Execution
import Market
import Persistence
import Strategy
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

      // Another process writes, and does not come to an end.
      let other = try Connection(path: heard.database, mode: .readWrite)
      try other.execute("BEGIN IMMEDIATE")
      await enter()
      #expect(await session.stall != nil)
      #expect(heard.trouble.contains { $0.contains("no entries for now: ") })
      // It is the engine's, and not yet the exchange's; what comes behind waits.
      #expect(await session.standing(of: 0).entry?.state == .pending)
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
}
