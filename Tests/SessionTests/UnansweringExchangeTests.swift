import Execution
import Market
import Network
import Persistence
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

@Suite("A session on an exchange that answers for others", .timeLimit(.minutes(10)))
struct UnansweringExchangeTests {
  /// Whether orders are listed.
  private static func isList(_ request: HTTPRequest) -> Bool {
    request.path.hasSuffix("/orders/historical/batch")
  }

  /// A session for whose stops a proxy answers.
  private static func withoutStops(
    _ answer: LossyDoor.Fate = .badGateway,
    _ body: @escaping @Sendable (LiveSession, Heard) async throws -> Void
  ) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 50
    _ = try await stage.rehearse(
      { _, request in
        request.method == .post && request.text.contains("stop_price") ? answer : .passes
      }, afterwards: body)
  }

  @Test func `the end of an entry is asked for while its stop is answered by a proxy`() async throws
  {
    let tale = Mutex<Tale?>(nil)
    let isThere = Gate()
    let cancels = Tally()
    _ = try await SessionStage.withCoins().rehearse { _, request in
      if let answer = tale.withLock({ $0?.answer(to: request) }) { return .says(answer) }
      if request.path.hasSuffix("/batch_cancel"), !isThere.isOpen { cancels.add() }
      return !isThere.isOpen && request.isSale ? .badGateway : .passes
    } afterwards: { session, _ in
      let (entry, name) = try await session.enterBelow()
      let part = SessionStage.third(of: entry)
      let now = await session.clock
      tale.withLock { $0 = Tale(entry: (entry, name), bought: [(part, now)]) }
      await session.look(at: entry.id, Lane.Sight(filled: part, status: .open), of: 0)
      await session.cancel(pair: 0)
      while cancels.count == 0 { try await Task.sleep(for: .milliseconds(2)) }
      #expect(await session.standing(of: 0).exit?.state == .pending)
      tale.withLock { $0 = nil }
      isThere.open()
      await session.settleAll()
      #expect(await session.standing(of: 0).entry == nil)
      #expect(await session.standing(of: 0).exit?.state == .open)
    }
  }

  @Test(
    "an operator sells what no stop is there for since a proxy answers",
    arguments: [LossyDoor.Fate.badGateway, .says("<html>Unavailable</html>")])
  func noStop(answer: LossyDoor.Fate) async throws {
    try await Self.withoutStops(answer) { session, heard in
      let price = try await session.buyAtOnce()
      let least = Price(steps: price.steps / 100 * 95)
      await session.forceExit(pair: 0, at: least)
      try await session.awaitSale()
      let sale = try #require(heard.fills.last?.fill)
      #expect(sale.side == .sell && sale.price >= least)
      // What made way is looked for, also by the process after this one.
      let doubts = await session.sent[0].inDoubt
      #expect(doubts.count == 1)
      #expect(
        try await session.ordersGivenUp(of: 0, since: Timestamp(nanoseconds: 0)).map(\.order.id)
          == doubts)
    }
  }

  @Test func `a rescue takes the place of a stop that a proxy answers for, and that is looked for`()
    async throws
  {
    try await Self.withoutStops { session, heard in
      let price = try await session.buyAtOnce()
      let stop = try #require(await session.standing(of: 0).exit?.order.id)
      // The market falls through it, and later stays there.
      for seconds in [0, 90] as [Int64] {
        await session.onTrade(
          FeedTrade(
            productID: "BTC-USD", id: 1 << 40 + UInt64(seconds),
            price: Price(steps: price.steps / 10 * 8), size: 1, makerSide: .sell,
            time: await session.clock + TimeSpan(seconds: seconds)))
      }
      try await session.awaitSale()
      #expect(heard.fills.last?.fill.side == .sell)
      #expect(await session.sent[0].inDoubt == [stop])
      #expect(
        try await session.ordersGivenUp(of: 0, since: Timestamp(nanoseconds: 0)).map(\.order.id)
          == [stop])
    }
  }

  @Test func `a stop that is lost on its way, and has failed, is followed by another at once`()
    async throws
  {
    let stop = Mutex<String?>(nil)
    let stage = try SessionStage(seed: 6, count: 60)
    let isOver = Mutex(false)
    _ = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }) else { return .passes }
      return stop.withLock { stop in
        if request.method == .post, request.text.contains("stop_price"), stop == nil {
          stop = request.member("client_order_id")
          return .lost
        }
        guard Self.isList(request), let stop else { return .passes }
        return .says(Self.list(of: stop, "SELL", "FAILED", filled: "0"))
      }
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      try await session.buyAtOnce()
      await session.settleAll()
      let exit = try #require(await session.standing(of: 0).exit)
      #expect(exit.state == .open && "\(exit.order.id)" != stop.withLock { $0 })
      #expect(await session.lanes[0].setback?.failures == 1)
    }
  }

  @Test func `an entry that was lost has its stop before the last of its fills is listed`()
    async throws
  {
    let entry = Mutex<String?>(nil)
    let isListed = Gate()
    let isOver = Mutex(false)
    _ = try await SessionStage.withCoins().rehearse { _, request in
      guard isOver.withLock({ $0 }) else { return .passes }
      return entry.withLock { entry in
        if request.method == .post, request.text.contains("\"BUY\"") {
          entry = request.member("client_order_id")
          return .lost
        }
        guard let entry else { return .passes }
        if Self.isList(request) {
          return .says(Self.list(of: entry, "BUY", "CANCELLED", filled: "0.002"))
        }
        guard request.path.hasSuffix("/orders/historical/fills"),
          request.target.contains("theirs")
        else { return .passes }
        return .says(Self.fills(isListed.isOpen ? 2 : 1))
      }
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      let half = Rate(steps: 500_000_000_000_000_000)
      await session.submitEntry(
        pair: 0,
        EntrySignal(
          reference: session.standing(of: 0).lastTrade, offset: half, timeToLive: 100))
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(await session.standing(of: 0).held == quantity("0.001"))
      isListed.open()
      await session.settleAll()
      let standing = await session.standing(of: 0)
      #expect(standing.held == quantity("0.002") && standing.entry == nil)
      #expect(standing.exit?.state == .open && standing.exit?.order.quantity == standing.held)
    }
  }

  @Test func `an entry that is there twice over, and in no list, is looked for`() async throws {
    var stage = try SessionStage(seed: 5, count: 40)
    stage.timeScale = 50
    let isOver = Mutex(false)
    let (sent, looks) = (Tally(), Tally())
    let (_, trouble) = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }) else { return .passes }
      if request.method == .post, request.text.contains("\"BUY\"") {
        return sent.add() == 1 ? .badGatewayAfter : .refused("DUPLICATE_CLIENT_ORDER_ID")
      }
      guard Self.isList(request), looks.add() <= Placing.mostEntries + 1 else { return .passes }
      // A list that is behind.
      return .says(#"{"orders":[],"has_next":false,"cursor":"","sequence":"0"}"#)
    } afterwards: { session, _ in
      isOver.withLock { $0 = true }
      let price = await session.standing(of: 0).lastTrade
      await session.submitEntry(
        pair: 0, EntrySignal(reference: Price(steps: price.steps / 100 * 102), timeToLive: 100))
      while await session.standing(of: 0).exit?.state != .open {
        try await Task.sleep(for: .milliseconds(2))
      }
      let standing = await session.standing(of: 0)
      #expect(standing.exit?.order.quantity == standing.held)
    }
    #expect(trouble.contains { $0.contains("was given up and has arrived") })
  }

  @Test func `an exit of what is sold meanwhile is not sent again: other coins are not ours`()
    async throws
  {
    let isFree = Gate()
    _ = try await SessionStage.withCoins().rehearse { _, request in
      !isFree.isOpen && request.isSale ? .refused("INSUFFICIENT_FUND") : .passes
    } afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      let first = try #require(await session.standing(of: 0).exit?.order)
      await session.loseOrder(first.id)
      await session.forceExit(pair: 0, at: Price(steps: price.steps / 100 * 95))
      while await session.standing(of: 0).exit?.role != .forced {
        try await Task.sleep(for: .milliseconds(2))
      }
      // The first one has arrived after all.
      await session.handleFill(
        Fill(
          order: first.id, id: 1 << 50, time: session.clock, side: .sell, price: price,
          quantity: first.quantity, fee: .zero, liquidity: .taker))
      #expect(await session.settleAll(), "there is nothing left to be sent")
      isFree.open()
      #expect(try await session.exchange.workingOrders(ofProducts: ["BTC-USD"]).isEmpty)
      let standing = await session.standing(of: 0)
      #expect(standing.held == .zero && standing.exit == nil)
    }
  }

  @Test func `an end that a process before has wanted is asked for at the next look at the books`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    _ = try await stage.rehearse(afterwards: { session, _ in
      let price = try await session.buyAtOnce()
      await session.settleAll()
      let old = try #require(await session.standing(of: 0).exit)
      await session.forgetWhatIsWanted(at: Price(steps: price.steps / 100 * 103))
      #expect(await session.standing(of: 0).exit?.state == .cancelPending)
      await session.reconcile()
      await session.settleAll()
      let stop = try #require(await session.standing(of: 0).exit)
      #expect(stop.state == .open && stop.order.limit > old.order.limit)
    })
  }

  @Test func `a doubt counts from when an order was given up, whatever is asked in between`() {
    let id = ClientOrderID(session: 1, pair: 0, number: 1)
    let order = Order(
      id: id, side: .sell, limit: 1, trigger: nil, quantity: 1, isPostOnly: false,
      submitted: Timestamp(nanoseconds: 1))
    var sent = SentOrders()
    sent.resume(givenUp: order, at: Timestamp(nanoseconds: 5))
    #expect(sent[id]?.inDoubt == Timestamp(nanoseconds: 5))
    sent.doubt(id, since: Timestamp(nanoseconds: 9))
    sent.resume(givenUp: order, at: Timestamp(nanoseconds: 5))
    #expect(sent[id]?.inDoubt == Timestamp(nanoseconds: 9))
    sent.trust(id)
    sent.resume(givenUp: order, at: Timestamp(nanoseconds: 5))
    #expect(sent.inDoubt == [])
  }

  @Test func `balances are compared whenever a feed is there, and again soon where they differ`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 60)
    stage.timeScale = 100
    let isShort = Mutex(false)
    let isFirst = Mutex<Bool?>(nil)
    _ = try await stage.rehearse { _, request in
      guard isShort.withLock({ $0 }) else { return .passes }
      // Before the other books, which are looked at every few minutes.
      isFirst.withLock { $0 = $0 ?? request.path.hasSuffix("/accounts") }
      guard request.path.hasSuffix("/accounts") else { return .passes }
      return .says(#"{"accounts":[],"has_next":false,"cursor":"","size":0}"#)
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      await session.forgetThePurchase()
      isShort.withLock { $0 = true }
      let watching = Task { await session.watch() }
      defer { watching.cancel() }
      while await !session.standing(of: 0).isHalted {
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(isFirst.withLock { $0 } == true)
      #expect(await session.watchdog.reasons(of: 0) == [.balance])
      isShort.withLock { $0 = false }
      while await session.standing(of: 0).isHalted { try await Task.sleep(for: .milliseconds(2)) }
    }
  }

  @Test func `a connection that tells of no trades lets entries go on for a moment only`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 40)
    _ = try await stage.rehearse(afterwards: { session, heard in
      await session.distrustFeed(.staleFeed, "none")
      try await session.startupReconcile(at: session.clock)
      #expect(await !session.standing(of: 0).isHalted)
      await session.distrustFeed(.staleFeed, "none", isNews: false)
      #expect(await session.standing(of: 0).isHalted)
      let reader = try Store.read(at: Store.Location(path: heard.database)).reader
      #expect(try reader.incidents().count { $0.kind == .staleFeed } == 1)
    })
  }

  @Test func `an answer that is long in coming says nothing of the clock`() async throws {
    let stage = try SessionStage(seed: 6, count: 40)
    let isSlow = Mutex(false)
    let (hasArrived, gate) = (Gate(), Gate())
    _ = try await stage.rehearse { _, request in
      guard isSlow.withLock({ $0 }), request.path.hasSuffix("/time") else { return .passes }
      hasArrived.open()
      // Ahead by more than the second from which a clock is said to be off, were the answer there at once.
      let time = (Timestamp.now + TimeSpan(nanoseconds: 1_150_000_000)).nanoseconds
      return .saysLate(
        """
        {"iso":"","epochSeconds":"\(time / 1_000_000_000)","epochMillis":"\(time / 1_000_000)"}
        """, gate)
    } afterwards: { session, heard in
      isSlow.withLock { $0 = true }
      let asking = Task { try await session.checkClock() }
      await hasArrived.awaitOpening()
      // So long that the clock may be off by less than that second.
      try await Task.sleep(for: .milliseconds(200))
      gate.open()
      try await asking.value
      #expect(!heard.trouble.contains { $0.contains("this machine's clock is") })
    }
  }

  // MARK: - What the exchange says

  private static func list(
    of order: String, _ side: String, _ status: String, filled: String
  ) -> String {
    """
    {"orders":[{"order_id":"theirs","client_order_id":"\(order)","product_id":"BTC-USD",
    "side":"\(side)","order_configuration":{"limit_limit_gtc":{"base_size":"1","limit_price":"1",
    "post_only":false}},"status":"\(status)","filled_size":"\(filled)","filled_value":"0",
    "average_filled_price":"0","total_fees":"0"}],"has_next":false,"cursor":"","sequence":"0"}
    """
  }

  private static func fills(_ count: Int) -> String {
    let items = (0..<count).map { number in
      """
      {"entry_id":"e-\(number)","trade_id":"t-\(number)","order_id":"theirs",
      "trade_time":"2024-01-01T00:00:00Z","trade_type":"FILL","price":"50","size":"0.001",
      "commission":"0","product_id":"BTC-USD","size_in_quote":false,
      "liquidity_indicator":"MAKER","side":"BUY"}
      """
    }
    return #"{"fills":[\#(items.joined(separator: ","))],"cursor":""}"#
  }
}

extension HTTPRequest {
  /// What is asked.
  var text: String { String(decoding: body, as: UTF8.self) }

  /// A text of what is asked.
  fileprivate func member(_ name: String) -> String? {
    let text = text
    guard let start = text.firstRange(of: "\"\(name)\":\"")?.upperBound else { return nil }
    return String(text[start...].prefix { $0 != "\"" })
  }
}

extension LiveSession {
  /// As where the answer to its request was lost.
  fileprivate func loseOrder(_ id: ClientOrderID) { sent[0].lose(id) }

  /// As where the last purchase was long ago.
  fileprivate func forgetThePurchase() { lanes[0].lastPurchase = nil }

  /// As a process finds it that goes on after one which was killed before it asked for the end of a stop,
  /// and that knows the exchange's books otherwise.
  fileprivate func forgetWhatIsWanted(at price: Price) {
    var outbox = Outbox()
    machine.handle(.trade(price: price, time: clock), of: 0, into: &outbox)
    sent = pairs.map { _ in SentOrders() }
  }
}
