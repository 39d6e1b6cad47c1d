import Execution
import Market
import Network
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("The time between two moves of a stop", .timeLimit(.minutes(10)))
struct ReplaceIntervalTests {
  @Test func `replacements keep apart, and the stop that is there stays meanwhile`() async throws {
    // Too few candles for an entry of the strategy's own, whose stop would have to wait as well.
    var stage = try SessionStage(seed: 6, count: 30)
    stage.replaceInterval = .seconds(500)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let price = await session.standing(of: 0).lastTrade
      await session.submitEntry(
        pair: 0,
        EntrySignal(reference: Price(steps: price.steps / 100 * 102), timeToLive: 100))
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      func rise(_ number: UInt64, to percent: Int64) async {
        await session.trade(number, at: Price(steps: price.steps / 1000 * percent))
      }
      await rise(1, to: 1020)
      await session.settleAll()
      let first = try #require(await session.standing(of: 0).exit)
      await rise(2, to: 1025)
      await rise(3, to: 1030)
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [first.order.id])
      await session.forgetTheLastReplacement()
      await session.settleAll()
      // One in place of two, at the level of the last.
      let last = try #require(await session.standing(of: 0).exit)
      #expect(last.state == .open && last.order.id.number == first.order.id.number + 1)
      let rule = RatchetExit(Parameters(RatchetExit.parameters))
      let product = await session.pairs[0].product
      let highest = Price(steps: price.steps / 1000 * 1030)
      let trigger = rule.trigger(highest: highest, of: product)
      #expect(last.order.trigger == trigger)
      #expect(last.order.limit == rule.limit(trigger: trigger, of: product))
    })
  }

  @Test func `a replacement that keeps apart does not keep an operator's sale`() async throws {
    var stage = try SessionStage(seed: 6, count: 30)
    stage.replaceInterval = .seconds(500)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      await session.haveJustReplaced()
      await session.trade(0, at: Price(steps: price.steps / 100 * 103))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      await session.forceExit(pair: 0, at: Price(steps: price.steps / 100 * 90))
      #expect(try await Heard.awaits { await session.standing(of: 0).held == .zero })
      await session.forgetTheLastReplacement()
    })
  }

  @Test func `a replacement that keeps apart keeps no entry from its end, nor what it buys`()
    async throws
  {
    var stage = try SessionStage.withCoins()
    (stage.timeScale, stage.replaceInterval) = (1, .seconds(500))
    let tale = Mutex<Tale?>(nil)
    let ended = Mutex<[String]>([])
    _ = try await stage.rehearse { _, request in
      if request.path.hasSuffix("/batch_cancel") { ended.withLock { $0.append(request.text) } }
      return tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      let (part, now) = (SessionStage.third(of: entry), await session.clock)
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)], isDeaf: true) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      await session.haveJustReplaced()
      await session.trade(0, at: Price(steps: entry.limit.steps / 100 * 110))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      await session.cancel(pair: 0)
      #expect(try await Heard.awaits { ended.withLock { $0.contains { $0.contains(name) } } })
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      // What it has bought meanwhile has no time to wait.
      tale.withLock { $0?.bought.append((entry.quantity - part, now)) }
      await session.add(
        .look(entry.id, Lane.Sight(filled: entry.quantity, status: .filled)), to: 0)
      #expect(
        try await Heard.awaits {
          await session.standing(of: 0).exit?.order.quantity == entry.quantity
        })
      await session.forgetTheLastReplacement()
    }
  }
}

extension LiveSession {
  /// As if its interval were over.
  fileprivate func forgetTheLastReplacement() { lanes[0].lastReplacement = nil }

  /// As if a stop had been replaced a moment ago.
  fileprivate func haveJustReplaced() { lanes[0].lastReplacement = .now }
}
