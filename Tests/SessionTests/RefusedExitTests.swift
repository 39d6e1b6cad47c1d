import Execution
import Market
import Network
import Sandbox
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session whose exits are refused", .timeLimit(.minutes(10)))
struct RefusedExitTests {
  /// Stops that were sent, each with how often.
  private final class Stops: Sendable {
    private let sent = Mutex<[(trigger: String, id: String)]>([])

    /// Notes a request; how many orders with its id came before; `nil` where it is no stop.
    func note(_ request: HTTPRequest) -> (before: Int, trigger: String)? {
      let body = String(decoding: request.body, as: UTF8.self)
      guard request.method == .post, let trigger = Self.member("stop_price", of: body),
        let id = Self.member("client_order_id", of: body)
      else { return nil }
      return sent.withLock { sent in
        defer { sent.append((trigger, id)) }
        return (sent.count { $0.id == id }, trigger)
      }
    }

    var all: [(trigger: String, id: String)] { sent.withLock { $0 } }

    private static func member(_ name: String, of body: String) -> String? {
      guard let start = body.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
      return String(body[start...].prefix { $0 != "\"" })
    }
  }

  /// A sale is too small for the exchange until the gate is open.
  private static func tooSmall(_ request: HTTPRequest, until gate: Gate) -> LossyDoor.Fate {
    !gate.isOpen && request.isSale ? .refused("INVALID_BASE_SIZE_TOO_SMALL") : .passes
  }

  @Test func `holds that are released late are waited for, and the fills are the backtest's`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 300)
    let stops = Stops()
    let (fills, trouble) = try await stage.rehearse { _, request in
      guard let stop = stops.note(request), stop.before < 3 else { return .passes }
      return .refused("INSUFFICIENT_FUND")
    }
    #expect(try fills == stage.backtest() && !fills.isEmpty)
    #expect(trouble.contains { $0.contains("INSUFFICIENT_FUND") })
    // Each order was sent until it was taken, always the same.
    #expect(Dictionary(grouping: stops.all, by: \.id).values.allSatisfy { $0.count == 4 })
  }

  @Test func `where a new stop is refused, the old one goes back`() async throws {
    let stage = try SessionStage(seed: 6, count: 300)
    let stops = Stops()
    let struck = Mutex<(old: String, new: String)?>(nil)
    let (_, trouble) = try await stage.rehearse { _, request in
      let last = stops.all.last
      guard let stop = stops.note(request), let last else { return .passes }
      return struck.withLock { struck in
        // The first that replaces one of the same position: higher, and right behind it.
        guard struck == nil, stop.before == 0,
          let (old, new) = (try? (Price(last.trigger), Price(stop.trigger))), old < new
        else { return .passes }
        struck = (last.trigger, stop.trigger)
        return .refused("LIMIT_PRICE_TOO_FAR_FROM_MARKET")
      }
    }
    let (old, new) = try #require(struck.withLock { $0 })
    let place = try #require(stops.all.firstIndex { $0.trigger == new })
    let again = stops.all[place + 1]
    #expect(again.trigger == old && again.id == stops.all[place].id)
    #expect(trouble.contains { $0.contains("the old one goes back") })
  }

  @Test func `an exit whose name is taken by nothing that there is gets another name`() async throws
  {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    let names = Mutex<[String]>([])
    _ = try await stage.rehearse { _, request in
      guard request.isSale,
        let name = request.text.split(separator: "client_order_id").last?.prefix(40)
      else { return .passes }
      return names.withLock { names in
        names.append(String(name))
        // Refused once for the coins, and its name is burnt by that.
        guard name == names[0] else { return .passes }
        return .refused(names.count == 1 ? "INSUFFICIENT_FUND" : "DUPLICATE_CLIENT_ORDER_ID")
      }
    } afterwards: { session, heard in
      try await session.buyAtOnce()
      #expect(try await Heard.awaits { await session.standing(of: 0).exit?.state == .open })
      #expect(heard.trouble.contains { $0.contains("and has none: another takes its place") })
      #expect(Set(names.withLock { $0 }).count == 2)
    }
  }

  @Test(
    arguments: [
      #"{"success":false,"error_response":{"error":"UNKNOWN_FAILURE_REASON","message":""}}"#,
      #"{"success":false,"error_response":{"error":"SOMETHING_NEW","message":"no such luck"}}"#,
    ])
  func `a stop that the market is through, refused in words that nobody knows, is sold`(
    words: String
  ) async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let isOver = Mutex(false)
    let isHigh = Mutex(true)
    _ = try await stage.rehearse { _, request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard isOver.withLock({ $0 }), request.isSale else { return .passes }
      // First whatever is a stop; where the market is below it, only that.
      return body.contains("stop_price") || isHigh.withLock({ $0 }) ? .says(words) : .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      let price = try await session.buyAtOnce()
      #expect(await session.standing(of: 0).exit?.state == .pending)
      isHigh.withLock { $0 = false }
      await session.trade(0, at: Price(steps: price.steps / 10 * 9))
      try await session.awaitSale()
      #expect(heard.fills.last?.fill.side == .sell)
    }
  }

  @Test func `an offer in a stop's place that the market leaves behind makes way for the stop`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60, more: ["exit.min_ratchet=0.1"])
    let offer = Mutex<Price?>(nil)
    let isStrict = Mutex(true)
    _ = try await stage.rehearse { _, request in
      guard request.isSale, isStrict.withLock({ $0 }) else { return .passes }
      if request.text.contains("stop_price") {
        return .refused("STOP_PRICE_ABOVE_LAST_TRADE_PRICE")
      }
      let price = offer.withLock { $0 }.map { "\($0)" } ?? "none"
      return request.text.contains("\"limit_price\":\"\(price)\"")
        ? .passes : .refused("LIMIT_PRICE_TOO_FAR_FROM_MARKET")
    } afterwards: { session, heard in
      let price = try await session.buyAtOnce()
      let high = await session.pairs[0].product.floorTick(Price(steps: price.steps / 100 * 102))
      offer.withLock { $0 = high }
      await session.trade(0, at: high)
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      let terms = ExchangeOrder.Terms.limit(
        high, isPostOnly: false, timeInForce: .goodTillCancelled)
      #expect(working.map(\.terms) == [terms])

      isStrict.withLock { $0 = false }
      let first = try #require(await session.standing(of: 0).exit)
      // The market is where the offer is: it may sell.
      await session.reconcile()
      await session.settleAll()
      #expect(await session.standing(of: 0).exit == first)

      await session.trade(1, at: Price(steps: price.steps / 100 * 101))
      await session.reconcile()
      await session.settleAll()
      await session.tradeAgain()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.state == .open && exit.order.id != first.order.id)
      #expect(exit.order.trigger == first.order.trigger && exit.order.trigger != nil)
      let stops = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"]).map(\.trigger)
      #expect(stops == [.waiting])
      #expect(heard.trouble.contains { $0.contains("the market has left it behind") })
    }
  }

  @Test
  func `an exit that was too small is offered with the next fill, and no trade is waited for`()
    async throws
  {
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    let tale = Mutex<Tale?>(nil)
    let large = Gate()
    _ = try await stage.rehearse { _, request in
      if let answer = tale.withLock({ $0?.answer(to: request) }) { return .says(answer) }
      return Self.tooSmall(request, until: large)
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      let now = await session.clock
      let part = Product().floorLot(Quantity(steps: entry.quantity.steps / 3))
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.state == .pending)

      large.open()
      tale.withLock { $0?.bought.append((entry.quantity - part, now)) }
      let all = Lane.Sight(filled: entry.quantity, status: .filled)
      await session.look(at: entry.id, all, of: 0)
      await session.settleAll()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.state == .open && exit.order.quantity == entry.quantity)
    }
  }

  @Test func `one that was too small and is taken at a start is not sent a second time`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    let large = Gate()
    _ = try await stage.rehearse { _, request in
      Self.tooSmall(request, until: large)
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.state == .pending)
      large.open()
      try await session.startupReconcile(at: await session.clock)
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.state == .open)
      await session.reconcile()
      await session.settleAll()
      let now = try #require(await session.standing(of: 0).exit)
      #expect(now.state == .open && now.order.id == exit.order.id)
    }
  }

  @Test func `the end of an entry is asked for while the stop of what it bought is refused`()
    async throws
  {
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    let tale = Mutex<Tale?>(nil)
    let large = Gate()
    let cancels = Tally()
    _ = try await stage.rehearse { _, request in
      if let answer = tale.withLock({ $0?.answer(to: request) }) { return .says(answer) }
      if request.path.hasSuffix("/batch_cancel"), !large.isOpen { cancels.add() }
      return !large.isOpen && request.isSale ? .refused("TRADING_DISABLED") : .passes
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      let part = Product().floorLot(Quantity(steps: entry.quantity.steps / 3))
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      #expect(await session.standing(of: 0).exit?.state == .pending)
      await session.cancel(pair: 0)
      while cancels.count == 0 { try await Task.sleep(for: .milliseconds(2)) }
      #expect(await session.standing(of: 0).exit?.state == .pending)
      // What has become of it is read when it is its turn.
      tale.withLock { $0 = nil }
      large.open()
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      #expect(await session.standing(of: 0).exit?.state == .open)
      #expect(cancels.count == 1)
    }
  }

  @Test func `a stop does not wait for the end of the entry that it is for`() async throws {
    let stage = try SessionStage(seed: 5, count: 40, more: ["sandbox.balances=5 BTC"])
    let tale = Mutex<Tale?>(nil)
    _ = try await stage.rehearse { _, request in
      // The entry works on, whatever is asked for.
      tale.withLock { $0?.answer(to: request) }.map { .says($0) } ?? .passes
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      let part = Product().floorLot(Quantity(steps: entry.quantity.steps / 3))
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)], isDeaf: true) }
      await session.cancel(pair: 0)
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let standing = await session.standing(of: 0)
      #expect(standing.entry?.state == .cancelPending && standing.exit?.order.quantity == part)
      tale.withLock { $0 = nil }
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
    }
  }

  @Test func `a stop that was taken and fails is replaced at once: the fills are the backtest's`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 300)
    stage.faults.rules = [FaultRule(.stopFailed, chance: rate("0.2"))]
    let (fills, _) = try await stage.rehearse()
    // The orders have other numbers.
    func terms(_ fills: [SessionStage.Trade]) -> [SessionStage.Trade] {
      fills.map { fill in
        var fill = fill
        fill.order = 0
        return fill
      }
    }
    let expected = try stage.backtest()
    #expect(terms(fills) == terms(expected) && fills != expected)
  }

  @Test func `stops that fail one after the other are further and further apart`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      for failures in 1...3 {
        let stop = try #require(await session.standing(of: 0).exit)
        await session.look(
          at: stop.order.id, Lane.Sight(filled: .zero, status: .failed, reason: "HOLD_FAILURE"),
          of: 0)
        let next = try #require(await session.standing(of: 0).exit)
        #expect(next.order.id != stop.order.id)
        // The exchange has the one that is said to have failed: its coins are none to sell.
        let name = try #require(await session.sent[0][stop.order.id]?.exchangeID)
        _ = try await session.exchange.cancel(name, product: "BTC-USD")
        await session.settleAll()
        #expect(await session.standing(of: 0).exit?.state == .open)
        #expect(await session.lanes[0].setback?.failures == failures)
      }
    })
  }

  @Test func `a tick that becomes coarser while the session runs is kept to`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let isCoarse = Mutex(false)
    let stops = Stops()
    _ = try await stage.rehearse { _, request in
      guard isCoarse.withLock({ $0 }) else { return .passes }
      if request.path.hasSuffix("/products/BTC-USD") {
        return .says(SessionStage.product(tick: "10"))
      }
      guard let stop = stops.note(request), let trigger = try? Price(stop.trigger) else {
        return .passes
      }
      let tick: Price = 10
      return trigger.steps % tick.steps == 0 ? .passes : .refused("INVALID_PRICE_PRECISION")
    } afterwards: { session, _ in
      isCoarse.withLock { $0 = true }
      try await session.buyAtOnce()
      await session.settleAll()
      #expect(await session.standing(of: 0).exit?.state == .open)
      #expect(stops.all.count == 2)
    }
  }

  @Test func `an exit that is too small waits for more`() async throws {
    let stage = try SessionStage(seed: 6, count: 60)
    let large = Gate()
    _ = try await stage.rehearse { _, request in
      Self.tooSmall(request, until: large)
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      // It is as good as sent for the engine, and alarming for people.
      #expect(await session.standing(of: 0).exit?.state == .pending)
      large.open()
      await session.reconcile()
      await session.settleAll()
      await session.tradeAgain()
      #expect(await session.standing(of: 0).exit?.state == .open)
    }
  }
}
