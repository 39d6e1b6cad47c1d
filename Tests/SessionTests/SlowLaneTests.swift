import Execution
import Market
import Network
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// An exchange that does not take an order of one pair for an hour.
@Suite("What takes longer than the session's patience", .timeLimit(.minutes(10)))
struct SlowLaneTests {
  @Test func `is not waited for again, and holds up no other pair`() async throws {
    let stage = try SessionStage(seed: 5, count: 40, pairs: 2)
    let isOver = Mutex(false)
    let gate = Gate()
    _ = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }), request.method == .post else { return .passes }
      return String(decoding: request.body, as: UTF8.self).contains("BTC-USD")
        ? .held(gate) : .passes
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      await session.enterFarBelow(0)
      #expect(await !session.lanes[0].isIdle)
      // The patience is 500 seconds: who waited would be there when the test is not.
      await session.pretend(thatLane: 0, beganBefore: .seconds(501))
      #expect(await !session.settle(0))
      await session.enterFarBelow(1)
      #expect(await !session.settleAll())
      #expect(await session.standing(of: 1).entry?.state == .open)
      #expect(await session.standing(of: 0).entry?.state == .pending)
      gate.open()
      // It is a thing of its own again that is done next.
      await session.pretend(thatLane: 0, beganBefore: .zero)
      #expect(await session.settleAll())
      #expect(await session.standing(of: 0).entry?.state == .open)
    }
  }

  @Test func `what is put into a lane that was idle for long is waited for`() async throws {
    let stage = try SessionStage(seed: 5, count: 40)
    _ = try await stage.rehearse(afterwards: { session, _ in
      await session.enterFarBelow(0)
      #expect(await session.settleAll())
      #expect(await session.standing(of: 0).entry?.state == .open)
      await session.pretend(thatLane: 0, beganBefore: .seconds(501))
      #expect(await session.cancelAndSettle(0))
      #expect(await session.standing(of: 0).entry == nil)
    })
  }

  @Test func `a feed that does not come is told of once`() {
    let start = ContinuousClock.now
    var absence = Absence(longest: .seconds(60))
    func told(_ absence: inout Absence, at seconds: Int...) -> [Bool] {
      seconds.map { absence.isTooLong(at: start + .seconds($0)) }
    }
    #expect(told(&absence, at: 59, 70, 300) == [false, true, true])
    #expect([absence.isNews(), absence.isNews()] == [true, false])
    absence.end()
    // It begins when a feed is lost.
    #expect(told(&absence, at: 1000, 1060, 1061, 2000) == [false, false, true, true])
    #expect([absence.isNews(), absence.isNews()] == [true, false])
    var endless = Absence(longest: nil)
    #expect(told(&endless, at: 100_000) == [false])
  }

  @Test func `the feed is silent only while it is waited for`() {
    let silence = Silence()
    // Longer than less than nothing is whatever is measured.
    let never = Duration.seconds(-1)
    #expect(!silence.isLonger(than: never))
    silence.begin()
    #expect(silence.isLonger(than: never))
    silence.end()
    #expect(!silence.isLonger(than: never))
  }
}

extension LiveSession {
  fileprivate func enterFarBelow(_ pair: Int) {
    let half = Rate(steps: 500_000_000_000_000_000)
    submitEntry(
      pair: pair,
      EntrySignal(reference: standing(of: pair).lastTrade, offset: half, timeToLive: 100))
  }

  /// In one turn, as the session does it.
  fileprivate func cancelAndSettle(_ pair: Int) async -> Bool {
    cancel(pair: pair)
    return await settle(pair)
  }

  func pretend(thatLane pair: Int, beganBefore time: Duration) {
    lanes[pair].began = .now - time
  }
}
