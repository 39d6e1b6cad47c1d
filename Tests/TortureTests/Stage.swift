import Execution
import Market
import Persistence
import TestKit

@testable import Sandbox
@testable import Torture

/// An exchange that is played by hand, and everything that happens at it.
struct Stage {
  var exchange: SandboxExchange
  var happenings: [Happening] = []
  var limits = PortfolioLimits.off
  var entryLives: [Int]?
  var exits: [Testimony.ExitTerms?]?
  var usesExchangeAPI = false
  var decisions: [String: Timestamp] = [:]
  /// Whether the session is there.
  var isFollowed = true
  /// Seconds by the clock.
  var clock = 0.0
  private var count: UInt64 = 0

  /// Prices that rise, then fall, by one with each candle: 100 to 109, back to 99.
  init(pairs: Int = 1, balances: [String: Money] = [:], faults: FaultPlan = .none) {
    let names = ["BTC-USD", "ETH-USD"].prefix(pairs)
    var settings = SandboxSettings(
      listings: names.map { Listing(Product(id: $0)) }, interval: TimeSpan(seconds: 300))
    settings.balances.merge(balances) { $1 }
    settings.faults = faults
    let candles = (0..<20).map { index in
      let price = Price(steps: Int64(index < 10 ? 100 + index : 118 - index) * 100_000_000)
      return Candle(
        start: .testStart + TimeSpan(seconds: 300) * index, open: price, high: price, low: price,
        close: price, volume: 1000)
    }
    exchange = SandboxExchange(settings, candles: names.map { _ in candles })
    for market in names.indices { exchange.open(market) }
    hear()
  }

  private mutating func hear() {
    happenings += exchange.takeNews().map {
      Happening($0, isFollowed: isFollowed, clock: clock)
    }
  }

  /// Lets the market go on to the next candle's open.
  mutating func next(_ market: Int = 0) {
    exchange.close(market)
    exchange.open(market)
    while exchange.step(market) {}
    exchange.printTrade(market, size: .zero)
    hear()
  }

  /// Places an order in the session's name; a stop where there is a trigger.
  ///
  /// One that is late was decided on a candle before.
  @discardableResult
  mutating func place(
    _ side: Side, _ size: Quantity, at limit: Price, trigger: Price? = nil, market: Int = 0,
    number: UInt64? = nil, repeats: Bool = true, isLate: Bool = false
  ) throws -> String {
    count += 1
    let id = ClientOrderID(session: 7, pair: UInt32(market), number: number ?? count)
    let terms: OrderTerms =
      trigger.map { .stopLimit(trigger: $0, limit: limit, .down, .untilCancelled) }
      ?? .limit(limit, .untilCancelled, isPostOnly: false)
    let wish = PlacementWish(
      clientID: "\(id)", productID: exchange.markets[market].id, side: side, size: .base(size),
      terms: terms)
    decisions["\(id)"] = exchange.now + TimeSpan(seconds: isLate ? -300 : 0)
    let order = try exchange.place(wish, repeats: repeats).get()
    hear()
    return order.id
  }

  /// Lets the market go on while something goes wrong at each candle.
  mutating func suffer(_ kind: FaultKind, candles: Int) {
    for _ in 0..<candles {
      exchange.log(kind, "a fault")
      next()
    }
  }

  mutating func cancel(_ id: String) throws {
    _ = try exchange.cancel(id).get()
    hear()
  }

  var testimony: Testimony {
    var testimony = Testimony(
      exchange, limits: limits, entryLives: entryLives, exits: exits,
      usesExchangeAPI: usesExchangeAPI, happenings: happenings)
    testimony.decisions = decisions
    return testimony
  }

  /// The rules that the events violate.
  var violated: [Violation.Rule] { EventCheck.violations(of: testimony).map(\.rule) }

  /// Whether something is amiss at the end that would be violated if it lasted.
  var isUneasy: Bool {
    var check = EventCheck(testimony)
    var isUneasy = false
    for happening in happenings {
      isUneasy = check.isUneasy(after: happening, exchange.faultLog.entries)
    }
    return isUneasy
  }

  /// What a session that has everything right has in its store.
  func record() -> SessionRecord {
    var record = SessionRecord(
      session: 7, start: 10_000, cash: 10_000,
      pairs: exchange.settings.listings.map { SessionRecord.Pair(product: $0.product.id) })
    for order in exchange.orders {
      guard let id = ClientOrderID(clientName: order.wish.clientID) else { continue }
      var row = OrderRow(
        order: Order(
          id: id, side: order.wish.side, limit: order.limit, trigger: order.stopTrigger,
          quantity: order.quantity, submitted: order.created),
        role: order.wish.side == .buy ? .entry : .stop, position: nil)
      row.done = order.status.isWorking ? nil : order.updated
      record.pairs[order.market].orders.append(row)
    }
    for fill in exchange.fills {
      let order = exchange.orders[fill.order]
      guard let id = ClientOrderID(clientName: order.wish.clientID) else { continue }
      var own = fill.fill
      own.order = id
      record.pairs[order.market].fills.append(own)
      record.cash += own.cashFlow
    }
    for (place, market) in exchange.markets.enumerated() where market.closed > 0 {
      record.pairs[place].closeTime =
        Timestamp.testStart + exchange.settings.interval * market.closed
    }
    for (place, market) in testimony.standing.enumerated() where market.held > .zero {
      guard let first = record.pairs[place].fills.first else { continue }
      var position = PositionRow(number: 1, opening: first)
      position.held = market.held
      record.pairs[place].positions = [position]
    }
    return record
  }

  /// The rules that the end violates.
  func violatedAtEnd(_ change: (inout SessionRecord) -> Void = { _ in }) -> Set<Violation.Rule> {
    var record = record()
    change(&record)
    return Set(EndCheck.violations(of: testimony, record).map(\.rule))
  }
}

/// A plan in which something can go wrong, which it does where a test says so.
func faultyPlan(_ kind: FaultKind = .rateLimited) -> FaultPlan {
  var plan = FaultPlan()
  plan.rules = [FaultRule(kind)]
  return plan
}
