import Execution
import Market
import Network
import Persistence
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("Positions without an exit order", .timeLimit(.minutes(10)))
struct CoverTests {
  @Test func `give an alarm again and again, and are told of when they have one`() async throws {
    let mayPass = Gate()
    _ = try await Self.stage().rehearse { _, request in
      request.isSale && !mayPass.isOpen ? .badGateway : .passes
    } afterwards: { session, heard in
      try await session.buyAtOnce()
      #expect(
        try await heard.awaits("held WITHOUT an exit order", times: 3) {
          await session.watchCover()
        })
      #expect(try heard.incidents().count { $0.kind == .naked } == 1)
      #expect(try heard.incidents().count { $0.kind == .covered } == 0)
      mayPass.open()
      await session.settleAll()
      await session.watchCover()
      #expect(await session.naked[0] == nil)
      #expect(try heard.incidents().count { $0.kind == .covered } == 1)
    }
  }

  @Test func `are found while the exchange's books cannot be read`() async throws {
    let mayPass = Gate()
    let asked = Tally()
    var stage = try Self.stage()
    stage.patience = .seconds(10)
    _ = try await stage.rehearse { _, request in
      guard !mayPass.isOpen else { return .passes }
      if request.path.hasSuffix("/accounts") {
        asked.add()
        return .held(mayPass)
      }
      return request.isSale ? .badGateway : .passes
    } afterwards: { session, heard in
      let watching = Task { await session.watch() }
      while asked.count == 0 { try await Task.sleep(for: .milliseconds(2)) }
      try await session.buyAtOnce()
      #expect(try await heard.awaits("held WITHOUT an exit order"))
      // Operators are heard meanwhile, too.
      let desk = try RequestDesk(at: Store.Location(path: heard.database))
      _ = try desk.make(.halt(pair: nil), at: await session.clock)
      #expect(try await Heard.awaits { try desk.unanswered().isEmpty })
      #expect(await session.standing(of: 0).isHalted)
      mayPass.open()
      watching.cancel()
      await watching.value
      await session.settleAll()
    }
  }

  @Test func `are told of where only a part has one that cannot be replaced`() async throws {
    let tale = Mutex<Tale?>(nil)
    let mayPass = Gate()
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if request.path.hasSuffix("/batch_cancel"), !mayPass.isOpen { return .badGateway }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, heard in
      let (entry, name) = try await session.enterBelow()
      let (part, now) = (SessionStage.third(of: entry), await session.clock)
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.state == .open)
      await session.watchCover()
      #expect(await session.naked[0] == nil)
      tale.withLock { $0?.bought.append((entry.quantity - part, now)) }
      await session.look(
        at: entry.id, Lane.Sight(filled: entry.quantity, status: .filled), of: 0)
      let words = "\(entry.quantity - part) of the \(entry.quantity) held WITHOUT an exit order"
      #expect(try await heard.awaits(words) { await session.watchCover() })
      mayPass.open()
      await session.settleAll()
      await session.watchCover()
      #expect(await session.naked[0] == nil)
    }
  }

  @Test func `are told of where nobody knows whether the one there was has ended`() async throws {
    let mayPass = Gate()
    let isAsked = Mutex(false)
    _ = try await Self.stage().rehearse { _, request in
      guard !mayPass.isOpen else { return .passes }
      if request.path.hasSuffix("/batch_cancel") {
        isAsked.withLock { $0 = true }
        return .answerLost
      }
      return isAsked.withLock { $0 } ? .badGateway : .passes
    } afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      await session.trade(0, at: Price(steps: price.steps / 100 * 103))
      #expect(
        try await heard.awaits("held may be WITHOUT an exit order") { await session.watchCover() })
      mayPass.open()
      await session.settleAll()
      await session.watchCover()
      #expect(await session.naked[0] == nil)
      #expect(await session.standing(of: 0).exit?.state == .open)
    }
  }

  /// A market that is fifty times as fast.
  private static func stage() throws -> SessionStage {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    return stage
  }
}
