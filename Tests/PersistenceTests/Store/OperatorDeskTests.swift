import Execution
import Market
import Persistence
import Strategy
import TestKit
import Testing

@Suite("The operator's desk")
struct OperatorDeskTests {
  /// A store in which pair 0 holds a position and pair 1 has an entry that works, where the story
  /// allows; and the state then.
  private struct Scene {
    let folder: TemporaryFolder
    let story: Story
    let location: Store.Location
    var store: Store
    var writer: StoreWriter
    var state: TradingState<ConfluenceStrategy>

    init(where isSo: (TradingState<ConfluenceStrategy>) -> Bool) throws {
      folder = try TemporaryFolder()
      story = try Story(seed: 7, pairs: 2, candles: 400)
      location = Store.Location(path: folder.file("run.db"), synchronous: .off)
      store = try Store.openOrCreate(at: location, run: story.run, pairs: story.pairs)
      writer = try StoreWriter(store, rhythm: .eachChange, replaying: false)
      state = story.beginning
      var outbox = Outbox()
      for chapter in story.chapters {
        if isSo(state) { break }
        outbox.clear()
        state.handle(chapter.event, of: chapter.pair, into: &outbox)
        try writer.record(chapter.event, outbox, of: chapter.pair)
      }
      try #require(isSo(state), "the story has no such moment")
      try writer.commit()
    }

    /// Carries a step out as a session does, apart from the answer.
    mutating func carryOut(_ step: OperatorStep) throws {
      var outbox = Outbox()
      for (pair, event) in step.events {
        outbox.clear()
        state.handle(event, of: pair, into: &outbox)
        try writer.record(event, outbox, of: pair)
      }
      if step.resetsBreaker {
        state.portfolio.reset()
        try writer.recordReset(at: step.time)
      }
    }

    func answer(_ id: Int64) throws -> OperatorRequest {
      try #require(try RequestDesk(store).request(id))
    }
  }

  private static func rests(_ state: TradingState<ConfluenceStrategy>) -> Bool {
    state.engines.contains { $0.position.isOpen && $0.exit?.state == .open }
  }

  private static func holder(_ scene: Scene) throws -> (pair: Int, position: Int) {
    let pair = try #require(scene.state.engines.firstIndex { $0.position.isOpen })
    return (pair, try #require(scene.writer.position(of: pair)).number)
  }

  @Test("A forced exit is one event, and its request is taken in the same transaction")
  func forceExit() throws {
    var scene = try Scene(where: Self.rests)
    let (pair, position) = try Self.holder(scene)
    let id = try RequestDesk(scene.store).make(
      .forceExit(pair: pair, position: position, price: price("1")), at: .testStart)
    let desk = try OperatorDesk(scene.store, scene.writer)
    let now = Timestamp.testStart + TimeSpan(seconds: 9_000_000)
    let step = try #require(try desk.next(at: now))
    #expect(step.events.count == 1)
    #expect(step.events[0].event == .forceExit(price: price("1"), time: now))
    #expect(try scene.answer(id).state == .waiting)
    try scene.carryOut(step)
    // Killed here, the session finds it taken and does not sell twice.
    #expect(try scene.answer(id).state == .taken)
    let again = try OperatorDesk(scene.store, scene.writer)
    #expect(try again.next(at: now) == nil)
    #expect(try scene.answer(id).state == .done)
    #expect(try scene.answer(id).answer?.contains("position P\(pair)-USD-p\(position)") == true)
  }

  @Test("A position that is gone and an order that protects one are refused with the reason")
  func refusals() throws {
    let scene = try Scene(where: Self.rests)
    let (pair, position) = try Self.holder(scene)
    let requests = try RequestDesk(scene.store)
    let exit = try #require(scene.state.engines[pair].exit?.order.id.number)
    let gone = try requests.make(
      .forceExit(pair: pair, position: position + 1, price: price("1")), at: .testStart)
    let stop = try requests.make(.cancelOrder(pair: pair, number: exit), at: .testStart)
    let none = try requests.make(.cancelOrder(pair: pair, number: 99_999), at: .testStart)
    let stranger = try requests.make(.cancelOrder(pair: 9, number: 1), at: .testStart)
    let reset = try requests.make(.resetBreaker, at: .testStart)
    #expect(try OperatorDesk(scene.store, scene.writer).next(at: .testStart) == nil)
    let expected = [
      (gone, "position P\(pair)-USD-p\(position + 1) is not open"),
      (
        stop,
        "order P\(pair)-USD-\(exit) protects a position and stays: to sell, use 'positions "
          + "force-exit'"
      ),
      (none, "order P\(pair)-USD-99999 does not work"), (stranger, "order 9-1 does not work"),
      (reset, "the breaker has not tripped"),
    ]
    for (id, words) in expected {
      #expect(try scene.answer(id).state == .refused)
      #expect(try scene.answer(id).answer == words)
    }
  }

  @Test("An entry that works is cancelled")
  func cancel() throws {
    func waits(_ state: TradingState<ConfluenceStrategy>) -> Bool {
      state.engines.contains { $0.entry?.state == .open }
    }
    var scene = try Scene(where: waits)
    let pair = try #require(scene.state.engines.firstIndex { $0.entry?.state == .open })
    let number = try #require(scene.state.engines[pair].entry?.order.id.number)
    let id = try RequestDesk(scene.store).make(
      .cancelOrder(pair: pair, number: number), at: .testStart)
    let desk = try OperatorDesk(scene.store, scene.writer)
    let step = try #require(try desk.next(at: .testStart))
    try scene.carryOut(step)
    try desk.answer(step)
    #expect(scene.state.engines[pair].entry?.state == .cancelPending)
    #expect(scene.state.engines[pair].entry?.cancelReason == .requested)
    #expect(
      try scene.answer(id).answer
        == "the end of order P\(pair)-USD-\(number) was asked for (cancel_pending)")
    let row = try scene.store.reader.orders(of: pair).first { $0.order.id.number == number }
    #expect(row?.state == .cancelPending && row?.cancelReason == .requested)
  }

  @Test("A halt that was killed half way is finished; one pair's is its own")
  func halt() throws {
    var scene = try Scene(where: Self.rests)
    let requests = try RequestDesk(scene.store)
    let id = try requests.make(.halt(pair: nil), at: .testStart)
    var step = try #require(
      try OperatorDesk(scene.store, scene.writer).next(at: .testStart))
    #expect(step.events.map(\.pair) == [0, 1])
    step.events.removeLast()
    try scene.carryOut(step)
    #expect(try scene.answer(id).state == .taken)
    let desk = try OperatorDesk(scene.store, scene.writer)
    let rest = try #require(try desk.next(at: .testStart))
    #expect(rest.events.map(\.pair) == [1])
    try scene.carryOut(rest)
    try desk.answer(rest)
    #expect(
      try scene.answer(id).answer == "all pairs halted: no entries until 'resume'; exits go on")
    #expect(try scene.store.reader.pairs().map(\.isHalted) == [true, true])
    _ = try requests.make(.resume(pair: 1), at: .testStart)
    let resume = try #require(try desk.next(at: .testStart))
    try scene.carryOut(resume)
    try desk.answer(resume)
    #expect(try scene.store.reader.pairs().map(\.isHalted) == [true, false])
    #expect(scene.state.engines.map(\.isHalted) == [true, false])
  }

  @Test("What an operator did stands in the record, and a repeated run does it at the same place")
  func repeated() throws {
    var scene = try Scene(where: Self.rests)
    let count = try scene.store.reader.lastEvent()
    _ = try RequestDesk(scene.store).make(.halt(pair: 0), at: .testStart)
    let desk = try OperatorDesk(scene.store, scene.writer)
    let step = try #require(try desk.next(at: .testStart))
    try scene.carryOut(step)
    try desk.answer(step)
    let writer = try StoreWriter(scene.store, rhythm: .eachChange, replaying: true)
    let later = try OperatorDesk(scene.store, writer)
    var state = scene.story.beginning
    var outbox = Outbox()
    for chapter in scene.story.chapters[..<Int(count)] {
      #expect(try later.next(at: .testStart) == nil)
      outbox.clear()
      state.handle(chapter.event, of: chapter.pair, into: &outbox)
      try writer.record(chapter.event, outbox, of: chapter.pair)
    }
    let found = try #require(try later.next(at: .testStart))
    #expect(found.events.map(\.event) == step.events.map(\.event))
    #expect(found.request == nil)
  }

  @Test("A reset where equity is not above the level says that the breaker trips again")
  func reset() throws {
    var scene = try Scene { $0.portfolio.isTripped }
    let id = try RequestDesk(scene.store).make(.resetBreaker, at: .testStart)
    let desk = try OperatorDesk(scene.store, scene.writer)
    let step = try #require(try desk.next(at: .testStart))
    #expect(step.resetsBreaker && step.events.isEmpty)
    try scene.carryOut(step)
    try desk.answer(step)
    let level = try #require(scene.state.portfolio.limits.emergencyLiquidationLoss)
    #expect(level == -4)
    #expect(
      try scene.answer(id).answer?.contains("not above its level of 9600: it trips again") == true)
    #expect(try scene.store.reader.account().trip == nil)
    #expect(!scene.state.portfolio.isTripped)
  }

  @Test("A request that no engine has seen can be taken back")
  func withdraw() throws {
    let scene = try Scene(where: Self.rests)
    let requests = try RequestDesk(scene.store)
    let id = try requests.make(.halt(pair: nil), at: .testStart)
    #expect(try requests.withdraw(id))
    #expect(try requests.request(id) == nil)
    #expect(try !requests.withdraw(id))
  }
}
