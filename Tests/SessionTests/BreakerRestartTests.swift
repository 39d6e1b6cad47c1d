import Execution
import Market
import Persistence
import TestKit
import Testing

@testable import LiveBroker

@Suite("A breaker whose process was killed", .timeLimit(.minutes(10)))
struct BreakerRestartTests {
  @Test(arguments: 0...2)
  func `sells what is held and ends the close, whatever was done by then`(
    steps: Int
  ) async throws {
    let stage = try SessionStage(
      seed: 5, count: 40, pairs: 2, more: ["portfolio.emergency_liquidation_loss_pct=-5"])
    _ = try await stage.rehearse(afterwards: { session, heard in
      try await session.buyAtOnce()
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let time = try await session.crash(steps)
      #expect(await session.machine.portfolio.isTripped)
      let reader = try Store.read(at: Store.Location(path: heard.database)).reader
      #expect(try reader.undecided(since: time) == 0)

      try await session.beginAnew()
      try await session.awaitSale()
      let orders = try reader.orders(of: 0).count
      // Once is enough, also where what was decided is not written yet.
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      #expect(try reader.orders(of: 0).count == orders)
      await session.keepState(isLast: true)
      let connection = try Connection(path: heard.database, mode: .readOnly)
      let decisions: Int? = try connection.prepare(
        "SELECT count(*) FROM events WHERE body = 'decide'"
      ).first { try $0.value(at: 0) }
      #expect(decisions == 1)
    })
  }
}

extension LiveSession {
  /// A candle of the first pair that trips the breaker, and so many steps of what comes of it.
  ///
  /// - Returns: The time of the close.
  fileprivate func crash(_ steps: Int) async throws -> Timestamp {
    let start = try #require(lastClose(of: 0))
    let low = Price(steps: standing(of: 0).lastTrade.steps / 200 * 100)
    deliver(
      .candleClosed(
        Candle(start: start, open: low, high: low, low: low, close: low, volume: quantity("1"))),
      to: 0)
    let time = try #require(machine.portfolio.trip?.time)
    if steps > 0 { deliver(.cancelEntry(.breaker, time: time), to: 0) }
    if steps > 1 { deliver(.liquidate(time: time), to: 0) }
    await settleAll()
    return time
  }

  /// Connects as a process does that has not come so far before, whatever it has tried.
  fileprivate func beginAnew() async throws {
    knowsBooks = false
    try await startupReconcile(at: clock)
    await settleAll()
  }
}
