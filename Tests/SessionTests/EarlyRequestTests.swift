import Execution
import Market
import Persistence
import Strategy
import Testing

@testable import LiveBroker

@Suite("A session that has not begun", .timeLimit(.minutes(10)))
struct EarlyRequestTests {
  @Test func `is warmed when it begins, however long the feed is in coming`() async throws {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.beforehand = { session, _ in
      // As every few minutes.
      await session.reconcile()
      #expect(await session.clock == Timestamp(nanoseconds: 0))
    }
    #expect(try await stage.rehearse().fills == stage.backtest())
  }

  @Test func `does not begin with a feed that closes before it says what time it is`() async throws
  {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.beforehand = { session, heard in
      try await session.startupReconcile(at: nil)
      await session.distrustFeed(.staleFeed, "none")
      await session.keepState()
      #expect(await !session.hasBegun)
      #expect(await !session.standing(of: 0).isHalted)
    }
    let (fills, _) = try await stage.rehearse(afterwards: { session, heard in
      await session.halt(0, for: .clock)
      let store = try Store.read(at: Store.Location(path: heard.database))
      #expect(try store.audit(ConfluenceStrategy.self) > 0)
    })
    #expect(try fills == stage.backtest())
  }

  @Test func `has operators wait, since the record begins with the state before its first event`()
    async throws
  {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.beforehand = { session, heard in
      let desk = try RequestDesk(at: Store.Location(path: heard.database))
      _ = try desk.make(.halt(pair: nil), at: Timestamp(nanoseconds: 0))
      await session.serveOperators()
      #expect(await !session.standing(of: 0).isHalted)
      #expect(try desk.unanswered().count == 1)
    }
    _ = try await stage.rehearse(afterwards: { session, heard in
      let store = try Store.read(at: Store.Location(path: heard.database))
      #expect(try store.reader.snapshot(upTo: 0) != nil)
      #expect(await session.standing(of: 0).isHalted)
      #expect(heard.fills.isEmpty)
    })
  }
}
