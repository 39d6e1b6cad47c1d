import Execution
import Market
import Persistence
import Testing

@testable import LiveBroker

@Suite("What an operator asks of a session that has not begun", .timeLimit(.minutes(10)))
struct EarlyRequestTests {
  @Test func `waits, since the record begins with the state before its first event`() async throws {
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
