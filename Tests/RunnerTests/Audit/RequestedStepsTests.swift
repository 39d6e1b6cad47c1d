import Execution
import Market
import Persistence
import TestKit
import Testing

@Suite("What of a record operators have asked for")
struct RequestedStepsTests {
  private func at(_ seconds: Int64) -> Timestamp { .testStart + TimeSpan(seconds: seconds) }

  /// A store of two pairs.
  private func store(in folder: borrowing TemporaryFolder) throws -> Store {
    try Store.openOrCreate(
      at: Store.Location(path: folder.path("run.db"), synchronous: .off),
      run: RunRow(
        kind: .live, session: 0, strategy: "scripted", manifest: "{}", keeping: .all,
        cash: money("10000")),
      pairs: ["BTC-USD", "ETH-USD"].map {
        PairRow(
          product: $0, group: nil, quoteIncrement: price("0.01"),
          baseIncrement: quantity("0.00000001"), interval: TimeSpan(seconds: 300),
          positionSize: rate("0.1"))
      })
  }

  @Test func `a halt of all pairs is one request, whatever comes in between`() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    let (requests, desk) = (try RequestDesk(store), try OperatorDesk(store, writer))
    _ = try requests.make(.halt(pair: nil), at: at(1))
    let step = try #require(try desk.next(at: at(2)))
    try #require(step.events.map(\.pair) == [0, 1])
    try writer.record(step.events[0].event, Outbox(), of: 0)
    // The lane of the first pair was busy, and the market went on.
    try writer.record(.trade(price: price("100"), time: at(3)), Outbox(), of: 1)
    try writer.record(step.events[1].event, Outbox(), of: 1)
    try desk.answer(step)
    // The session's own words are nobody's request.
    try writer.record(.resume(time: at(4)), Outbox(), of: 0)
    try writer.record(.halt(time: at(5)), Outbox(), of: 0)
    try writer.commit()
    #expect(try store.steps().map(\.isRequested) == [true, false, true, false, false])
  }

  @Test func `a halt that finds a pair halted has no event, and is known all the same`() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    let (requests, desk) = (try RequestDesk(store), try OperatorDesk(store, writer))
    try writer.record(.halt(time: at(1)), Outbox(), of: 1)
    _ = try requests.make(.halt(pair: 1), at: at(2))
    #expect(try desk.next(at: at(3))?.events.count == nil)
    _ = try requests.make(.resume(pair: 1), at: at(4))
    #expect(try store.steps().map(\.isRequested) == [false])
    #expect(try store.haltRequests().map(\.action) == [.halt(pair: 1)])
    // By the record's own order: by the clock it may be years after all events of a rehearsal.
    #expect(try store.haltRequests().map(\.event) == [1])
  }

  @Test func `what is taken back is not acted on, and what is acted on is not taken back`() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
    let (requests, desk) = (try RequestDesk(store), try OperatorDesk(store, writer))
    let first = try requests.make(.halt(pair: 0), at: at(1))
    // An engine has read it by then.
    try #require(try requests.unanswered().map(\.id) == [first])
    #expect(try requests.withdraw(first))
    #expect(try !requests.claim(first))
    let second = try requests.make(.halt(pair: 0), at: at(2))
    let step = try #require(try desk.next(at: at(3)))
    #expect(try !requests.withdraw(second))
    // Killed now, the engine has not acted yet, and the next one does.
    let again = try #require(try OperatorDesk(store, writer).next(at: at(4)))
    #expect(again.request?.id == second && again.events.count == 1)
    try writer.record(step.events[0].event, Outbox(), of: 0)
    try desk.answer(step)
    let done = try #require(try requests.request(second))
    #expect(done.state == .done && done.event == 1)
  }
}
