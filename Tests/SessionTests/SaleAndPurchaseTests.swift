import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A sale that is heard of before the purchase", .timeLimit(.minutes(10)))
struct SaleAndPurchaseTests {
  @Test func `is counted behind it, and the position goes on`() async throws {
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    let tale = Mutex<Tale?>(nil)
    _ = try await stage.rehearse { _, request in
      tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let now = await session.clock
      let part = Product().floorLot(Quantity(steps: entry.quantity.steps / 3))
      let rest = entry.quantity - part

      // A third is bought and told of.
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit?.order)
      #expect(stop.quantity == part)

      // The rest is bought, and what the stop is for is sold: that alone is told of.
      let stopName = try #require(await session.sent[0][stop.id]?.exchangeID)
      tale.withLock {
        $0?.stop = stopName
        $0?.bought.append((rest, now + TimeSpan(seconds: 1)))
        $0?.sold = [(part, now + TimeSpan(seconds: 2))]
      }
      await session.look(at: stop.id, Lane.Sight(filled: part, status: .filled), of: 0)
      await session.settleAll()

      let standing = await session.standing(of: 0)
      #expect(standing.held == rest && standing.exit?.order.quantity == rest)
      let mine = heard.fills.map(\.fill).suffix(3)
      #expect(mine.map(\.side) == [.buy, .buy, .sell])
      let positions = try Store.rows(of: heard.database, tables: ["positions"])
        .count { $0.contains("|\(entry.id.number)|") }
      #expect(positions == 1, "an entry makes one position")
    }
  }
}
