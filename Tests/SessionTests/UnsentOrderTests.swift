import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// A process may end between an order's record and its request.
@Suite("An order that was recorded and not sent", .timeLimit(.minutes(10)))
struct UnsentOrderTests {
  /// What happens to an entry before the next process begins.
  enum Course: CaseIterable {
    /// Nothing: it is as good as new.
    case nothing
    /// Its time is over.
    case expiry
    /// An operator asks for its end.
    case cancel
    /// Entries are stopped.
    case halt
    /// An operator has left word for this start that they stop.
    case request
  }

  @Test("is an entry that is sent only where it is still wanted", arguments: Course.allCases)
  func entry(course: Course) async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    let isOver = Mutex(false)
    let sent = Tally()
    _ = try await stage.rehearse { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      if isOver.withLock({ $0 }), request.method == .post, body.contains("\"BUY\"") { sent.add() }
      return .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      await session.enterUnsent()
      switch course {
      case .nothing: break
      case .expiry: await session.passed(session.clock + TimeSpan(seconds: 300 * 101))
      case .cancel: await session.cancel(pair: 0)
      case .halt: await session.halt(0, for: .clock)
      case .request:
        let desk = try RequestDesk(at: Store.Location(path: heard.database))
        _ = try desk.make(.halt(pair: 0), at: await session.clock)
      }
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      #expect(await (session.standing(of: 0).entry?.state == .open) == (course == .nothing))
    }
    #expect(sent.count == (course == .nothing ? 1 : 0))
  }

  @Test func `is an exit that every look at the books sends`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      let lost = try #require(await session.loseExit())
      await session.reconcile()
      await session.settleAll()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.order.id == lost && exit.state == .open)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [lost])
    })
  }

  @Test func `is found by its name where a list does not have it yet`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    let isBehind = Mutex(false)
    _ = try await stage.rehearse { _, request in
      request.path.hasSuffix("/orders/historical/batch") && isBehind.withLock({ $0 })
        ? .says(#"{"orders":[],"has_next":false,"cursor":""}"#) : .passes
    } afterwards: { session, _ in
      let (entry, _) = try await session.enterBelow()
      await session.tradeAgain()
      await session.keepState(isLast: true)
      isBehind.withLock { $0 = true }
      await session.forgetWhatWasSent()
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      #expect(await session.standing(of: 0).entry?.order.id == entry.id)
      #expect(await session.standing(of: 0).entry?.state == .open)
    }
  }

  @Test func `what an operator asks for is kept before it is answered`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let large = Gate()
    _ = try await stage.rehearse { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      return !large.isOpen && request.method == .post && body.contains("\"SELL\"")
        ? .refused("TRADING_DISABLED") : .passes
    } afterwards: { session, heard in
      try await session.buyAtOnce()
      let desk = try RequestDesk(at: Store.Location(path: heard.database))
      let positions = try Store.read(at: Store.Location(path: heard.database)).reader
        .positions(of: 0)
      let position = try #require(positions.last)
      let price = Price(steps: await session.standing(of: 0).lastTrade.steps / 100 * 90)
      let id = try desk.make(
        .forceExit(pair: 0, position: position.number, price: price),
        at: await session.clock)
      // A lane that has been busy for longer than anybody waits.
      await session.pretend(thatLane: 0, beganBefore: .seconds(501))
      await session.serveOperators()
      #expect(try desk.request(id)?.state == .done)
      let connection = try Connection(path: heard.database, mode: .readOnly)
      let kept: Int? = try connection.prepare(
        "SELECT count(*) FROM events WHERE body LIKE 'force%'"
      ).first { try $0.value(at: 0) }
      #expect(kept == 1)
      large.open()
      try await session.awaitSale()
    }
  }
}

extension LiveSession {
  /// An entry that nothing comes near, recorded by a process that ends before it is sent.
  fileprivate func enterUnsent() {
    let half = Rate(steps: 500_000_000_000_000_000)
    submitEntry(
      pair: 0, EntrySignal(reference: standing(of: 0).lastTrade, offset: half, timeToLive: 100))
    lanes[0].work = []
    forgetWhatWasSent()
  }

  /// The exit is over and the next one recorded, and not sent.
  fileprivate func loseExit() -> ClientOrderID? {
    guard let exit = standing(of: 0).exit else { return nil }
    report(exit.order.id, .cancelled)
    lanes[0].work = []
    return standing(of: 0).exit?.order.id
  }

  /// As a new process.
  fileprivate func forgetWhatWasSent() {
    sent = pairs.map { _ in SentOrders() }
    knowsBooks = false
  }
}
