import Market
import Persistence
import Sandbox
import TestKit
import Testing

@testable import LiveBroker

@Suite("A sale that is heard of before the purchase", .timeLimit(.minutes(10)))
struct SaleAndPurchaseTests {
  @Test(
    "Is counted behind it: no position begins before the one before it is over", arguments: 1...6)
  func positions(seed: UInt64) async throws {
    var stage = try SessionStage(
      seed: seed, count: 200,
      more: [
        "strategy.name=sma_cross", "strategy.fast=2", "strategy.slow=6", "exit.atr_period=8",
        "exit.atr_multiple=1",
      ])
    var dropped = FaultRule(.messageDropped, chance: Rate(steps: 300_000_000_000_000_000))
    dropped.channels = [.user]
    dropped.isHidden = true
    stage.faults.rules = [
      dropped, FaultRule(.partialFill, chance: Rate(steps: 500_000_000_000_000_000)),
    ]
    stage.faults.seed = seed
    stage.reconcileEvery = .milliseconds(40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.reconcile()
      let connection = try Connection(path: heard.database, mode: .readOnly)
      var bounds: [(opened: Timestamp, closed: Timestamp?)] = []
      try connection.prepare("SELECT opened, closed FROM positions ORDER BY number").forEachRow {
        bounds.append((try $0.value(at: 0), try $0.value(at: 1)))
      }
      #expect(bounds.count > 1, "SEED=\(seed)")
      for (before, next) in zip(bounds, bounds.dropFirst()) {
        #expect(before.closed.map { $0 <= next.opened } == true, "SEED=\(seed)")
      }
    })
  }
}
