import Market
import TestKit
import Testing

@testable import Sandbox

@Suite("Faults in the book")
struct BookFaultTests {
  static let candles = [
    Candle(0, open: "100", high: "110", low: "90", close: "95", volume: "1000"),
    Candle(1, open: "95", high: "120", low: "80", close: "120", volume: "1000"),
    Candle(2, open: "120", high: "121", low: "60", close: "70", volume: "1000"),
  ]

  /// At 100, the open of the first candle, with 10,000 USD and 10 BTC.
  func exchange(_ rules: FaultRule...) -> SandboxExchange {
    var plan = FaultPlan()
    plan.rules = rules
    var settings = SandboxSettings(
      listings: [
        Listing(
          Product(id: "BTC-USD", baseIncrement: quantity("0.001"), quoteMinSize: 5), model: .free)
      ])
    settings.balances["BTC"] = 10
    settings.faults = plan
    var exchange = SandboxExchange(settings, candles: [Self.candles])
    exchange.open(0)
    while exchange.step(0) {}
    exchange.printTrade(0, size: 1000)
    return exchange
  }

  func limit(
    _ side: Side, _ size: String, at price: String, name: String = ""
  ) -> PlacementWish {
    PlacementWish(
      clientID: name, productID: "BTC-USD", side: side, size: .base(quantity(size)),
      terms: .limit(TestKit.price(price), .untilCancelled, isPostOnly: false))
  }

  func stop(_ size: String, trigger: String, limit: String) -> PlacementWish {
    PlacementWish(
      clientID: "", productID: "BTC-USD", side: .sell, size: .base(quantity(size)),
      terms: .stopLimit(trigger: price(trigger), limit: price(limit), .down, .untilCancelled))
  }

  /// Lets the price go to a point, a hundred seconds later.
  func move(_ exchange: inout SandboxExchange, to point: String, at seconds: Int64) {
    exchange.move(0, to: price(point), at: .testStart + TimeSpan(seconds: seconds))
    while exchange.step(0) {}
    exchange.printTrade(0, size: 0)
  }

  /// The account lacks coins for an order until two requests have come.
  private func refuseTwice(_ wish: PlacementWish, _ exchange: inout SandboxExchange) {
    for _ in 0..<2 {
      #expect(exchange.place(wish) == .failure(.insufficientFunds))
      exchange.hear(.orders)  // Reading orders does not hurry it.
      exchange.hear(.place)
    }
  }

  // MARK: - Cancels

  @Test func `a cancel is accepted, and the order was filled all the same`() throws {
    var exchange = exchange(faultRule(.cancelFilled) { $0.portion = 1...1 })
    let order = try exchange.place(limit(.buy, "2", at: "99")).get()
    #expect(try exchange.cancel(order.id).get().status == .filled)
    #expect(exchange.ledger["BTC"].total == 12)
    #expect(exchange.ledger["USD"] == Ledger.Balance(total: 9802, held: 0))
    #expect(exchange.fills.map(\.fill.price) == [99])
    #expect(exchange.faultLog.counts == [.cancelFilled: 1])
    // Later fills have numbers of their own.
    _ = exchange.place(limit(.buy, "1", at: "100"))
    #expect(exchange.fills.map(\.fill.id) == [1, 2])
  }

  @Test func `of a stop whose cancel came too late a part is sold at its trigger`() throws {
    let half = try Money("0.5")
    var exchange = exchange(faultRule(.cancelFilled) { $0.portion = half...half })
    let order = try exchange.place(stop("10", trigger: "98", limit: "97")).get()
    _ = exchange.takeNews()
    let after = try exchange.cancel(order.id).get()
    #expect(after.status == .cancelled && after.filled == 5 && after.trigger == .triggered)
    #expect(exchange.fills.map(\.fill.price) == [98])
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 5, held: 0))
    let steps = exchange.takeNews().compactMap { news -> OrderStep? in
      if case .order(_, let step) = news { step } else { nil }
    }
    #expect(steps == [.triggered, .filled(exchange.fills[0].fill), .ended])
    #expect(exchange.cancel(order.id) == .failure(.over))
  }

  @Test func `an order works on until its cancel takes effect, and fills if the price comes first`()
    throws
  {
    let late = faultRule(.cancelLate) {
      $0.delay = .seconds(150, 150)
      $0.seen = 3...3
    }
    var exchange = exchange(late)
    let first = try exchange.place(limit(.buy, "1", at: "80")).get()
    #expect(try exchange.cancel(first.id).get().status == .open)
    #expect(AdvancedOrders.status(of: exchange.orders[0]) == "CANCEL_QUEUED")
    // A second cancel changes nothing.
    #expect(try exchange.cancel(first.id).get().status == .open)
    for status in [SandboxOrder.Status.open, .open, .cancelled] {
      exchange.hear(.orders)
      #expect(exchange.orders[0].status == status)
    }
    #expect(exchange.ledger["USD"].held == 0)
    let second = try exchange.place(limit(.buy, "1", at: "95")).get()
    _ = exchange.cancel(second.id)
    move(&exchange, to: "90", at: 100)
    #expect(exchange.orders[1].status == .filled)
    let third = try exchange.place(limit(.buy, "1", at: "60")).get()
    _ = exchange.cancel(third.id)
    move(&exchange, to: "110", at: 200)
    #expect(exchange.orders[2].status == .open)
    move(&exchange, to: "95", at: 300)
    #expect(exchange.orders[2].status == .cancelled)
  }

  @Test func `what a cancelled order held is short for the next, until it is released`() throws {
    var exchange = exchange(faultRule(.holdLate) { ($0.delay, $0.seen) = (.seconds(5, 5), 2...2) })
    let old = try exchange.place(stop("10", trigger: "95", limit: "94")).get()
    #expect(try exchange.cancel(old.id).get().status == .cancelled)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 10))
    #expect(exchange.lateHolds.map(\.amount) == [10])
    refuseTwice(stop("10", trigger: "96", limit: "95"), &exchange)
    #expect(exchange.lateHolds.isEmpty)
    let new = try exchange.place(stop("10", trigger: "96", limit: "95")).get()
    _ = exchange.cancel(new.id)
    #expect(exchange.ledger["BTC"].available == 0)
    exchange.pass(to: .testStart + TimeSpan(seconds: 4))
    #expect(exchange.ledger["BTC"].available == 0)
    exchange.pass(to: .testStart + TimeSpan(seconds: 5))
    #expect(exchange.ledger["BTC"].available == 10)
  }

  @Test func `what was bought is short for its stop, until it is in the account`() throws {
    var exchange = exchange(
      faultRule(.creditLate) { ($0.delay, $0.seen) = (.seconds(20, 20), 2...2) })
    _ = try exchange.place(limit(.buy, "2", at: "100")).get()
    #expect(exchange.orders[0].status == .filled)
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 10, held: 0))
    #expect(exchange.lateCredits.map(\.amount) == [2])
    refuseTwice(stop("12", trigger: "95", limit: "94"), &exchange)
    #expect(exchange.lateCredits.isEmpty)
    _ = try exchange.place(stop("12", trigger: "95", limit: "94")).get()
    _ = try exchange.place(limit(.buy, "1", at: "100")).get()
    exchange.pass(to: .testStart + TimeSpan(seconds: 19))
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 12, held: 12))
    exchange.pass(to: .testStart + TimeSpan(seconds: 20))
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 13, held: 12))
    #expect(exchange.faultLog.counts == [.creditLate: 2])
    #expect(exchange.faultLog.entries.allSatisfy { $0.market == 0 })
  }

  @Test func `what was bought is in the account at the end, and what was sold at once`() throws {
    var exchange = exchange(faultRule(.creditLate))
    _ = try exchange.place(limit(.sell, "3", at: "100")).get()
    #expect(exchange.ledger["BTC"].total == 7)
    _ = try exchange.place(limit(.buy, "2", at: "100")).get()
    var other = exchange
    #expect(other.ledger["BTC"].total == 7)
    other.standStill()
    #expect(other.ledger["BTC"].total == 9 && other.lateCredits.isEmpty)
    exchange.ceaseFaults()
    #expect(exchange.ledger["BTC"].total == 9)
    _ = try exchange.place(limit(.buy, "1", at: "100")).get()
    #expect(exchange.ledger["BTC"].total == 10)
  }

  // MARK: - Fills

  @Test func `of a candle only a part of an order fills`() throws {
    let half = try Money("0.5")
    var exchange = exchange(faultRule(.partialFill) { ($0.portion, $0.most) = (half...half, 1) })
    let order = try exchange.place(limit(.buy, "4", at: "94")).get()
    // The first candle had no order when it began.
    exchange.close(0)
    exchange.open(0)
    while exchange.step(0) {}
    move(&exchange, to: "80", at: 400)
    #expect(exchange.orders[0].filled == 2 && exchange.orders[0].status == .open)
    move(&exchange, to: "120", at: 500)
    move(&exchange, to: "120", at: 600)
    #expect(exchange.order(order.id)?.filled == 2)
    exchange.close(0)
    exchange.open(0)
    while exchange.step(0) {}
    move(&exchange, to: "60", at: 800)
    #expect(exchange.orders[0].status == .filled && exchange.orders[0].fillCount == 2)
  }

  @Test func `a stop triggers and rests though the price trades through, then fills`() throws {
    var exchange = exchange(faultRule(.stopUnfilled) { $0.delay = .seconds(150, 150) })
    _ = exchange.place(stop("4", trigger: "98", limit: "85"))
    move(&exchange, to: "90", at: 100)
    #expect(exchange.orders[0].trigger == .triggered && exchange.orders[0].filled == 0)
    #expect(exchange.ledger["BTC"].held == 4)
    move(&exchange, to: "110", at: 200)
    #expect(exchange.orders[0].status == .open && exchange.fills.isEmpty)
    #expect(exchange.faultLog.counts == [.stopUnfilled: 1])
    move(&exchange, to: "95", at: 300)
    #expect(exchange.orders[0].status == .filled && exchange.fills.map(\.fill.price) == [110])
  }

  @Test func `a stop that rests unfilled can be cancelled, and fills at the end of the data`()
    throws
  {
    var exchange = exchange(faultRule(.stopUnfilled) { $0.delay = .seconds(9000, 9000) })
    let first = try exchange.place(stop("4", trigger: "98", limit: "85")).get()
    _ = exchange.place(stop("4", trigger: "97", limit: "85"))
    move(&exchange, to: "90", at: 100)
    #expect(try exchange.cancel(first.id).get().status == .cancelled)
    #expect(exchange.ledger["BTC"].held == 4)
    exchange.standStill()
    #expect(exchange.orders[1].status == .filled && exchange.ledger["BTC"].total == 6)
  }

  // MARK: - Placing

  @Test func `an order shows PENDING until it has been asked for often enough, or fills`() throws {
    var exchange = exchange(
      faultRule(.orderPending) { ($0.delay, $0.seen) = (.seconds(5, 5), 2...2) })
    _ = exchange.place(limit(.buy, "1", at: "80"))
    var shown: [String] = []
    for _ in 0..<3 {
      shown.append(AdvancedOrders.status(of: exchange.orders[0]))
      exchange.hear(.orders)
    }
    #expect(shown == ["PENDING", "PENDING", "OPEN"])
    #expect(ExchangeOrders.status(of: exchange.orders[0]) == "open")
    _ = exchange.place(limit(.buy, "1", at: "95"))
    #expect(ExchangeOrders.status(of: exchange.orders[1]) == "pending")
    move(&exchange, to: "90", at: 1)
    #expect(AdvancedOrders.status(of: exchange.orders[1]) == "FILLED")
  }

  @Test func `a stop is refused as though the market were through, and its name is free again`()
    throws
  {
    var exchange = exchange(faultRule(.stopRefused) { $0.most = 1 })
    #expect(
      exchange.place(stop("1", trigger: "95", limit: "94")) == .failure(.stopAboveLastTrade))
    #expect(exchange.orders.isEmpty && exchange.ledger["BTC"].held == 0)
    _ = try exchange.place(stop("1", trigger: "95", limit: "94")).get()
  }

  @Test func `a stop is refused in words that say nothing`() throws {
    var exchange = exchange(faultRule(.stopRefused) { ($0.forms, $0.most) = ([.unknown], 1) })
    #expect(exchange.place(stop("1", trigger: "95", limit: "94")) == .failure(.unexplained))
    #expect(exchange.orders.isEmpty && exchange.faultLog.counts == [.stopRefused: 1])
    let names = AdvancedRefusal(.unexplained)
    #expect(names.reason == "UNKNOWN_FAILURE_REASON" && names.message.isEmpty)
  }

  @Test func `sells below a minimum are refused`() throws {
    var exchange = exchange(faultRule(.exitMinimums))
    #expect(
      exchange.place(limit(.sell, "0.01", at: "101")) == .failure(.quoteTooSmall(5)))
    #expect(exchange.faultLog.counts == [.exitMinimums: 1])
  }

  @Test(arguments: [FaultRule.Mode.closed, .cancelOnly])
  func `a halted product takes cancels, and orders when it is over`(mode: FaultRule.Mode) throws {
    var exchange = exchange(faultRule(.productHalted) { $0.modes = [mode] })
    let order = try exchange.place(limit(.buy, "1", at: "80")).get()
    var dice = FaultDice(faultRule(.productHalted) { $0.modes = [mode] }, place: 0, seed: 1)
    exchange.begin(&dice, until: .testStart + TimeSpan(seconds: 60))
    let refusal = exchange.place(limit(.buy, "1", at: "80"))
    #expect(refusal == .failure(mode == .closed ? .tradingDisabled : .cancelOnly))
    #expect(try exchange.cancel(order.id).get().status == .cancelled)
    exchange.pass(to: .testStart + TimeSpan(seconds: 60))
    _ = try exchange.place(limit(.buy, "1", at: "80")).get()
  }

  @Test func `somebody moves money and coins, never what is held`() throws {
    var exchange = exchange()
    _ = try exchange.place(limit(.sell, "4", at: "110")).get()
    let part = try Money("-0.25")
    func move(_ currency: String, _ change: (inout FaultRule) -> Void) {
      var dice = FaultDice(
        faultRule(.balanceMoved) {
          $0.currency = currency
          change(&$0)
        }, place: 0, seed: 1)
      exchange.begin(&dice, until: .testStart)
    }
    move("BTC") { $0.amount = (-100) ... -100 }
    #expect(exchange.ledger["BTC"] == Ledger.Balance(total: 4, held: 4))
    move("BTC") { $0.amount = 2...2 }
    #expect(exchange.ledger["BTC"].available == 2)
    move("USD") { $0.portion = part...part }
    #expect(exchange.ledger["USD"].total == 7500)
    #expect(exchange.faultLog.entries.map(\.what) == ["-6 BTC", "2 BTC", "-2500 USD"])
  }

  @Test func `one seed gives one sequence of faults, another seed another`() throws {
    func story(_ seed: UInt64) -> [String] {
      var plan = FaultPlan()
      plan.seed = seed
      plan.rules = [FaultKind.cancelFilled, .orderPending, .holdLate, .stopRefused].map { kind in
        faultRule(kind) { $0.chance = Rate(steps: Rate.one.steps / 3) }
      }
      var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"), model: .free)])
      settings.balances["BTC"] = 10
      settings.faults = plan
      var exchange = SandboxExchange(settings, candles: [Self.candles])
      exchange.open(0)
      while exchange.step(0) {}
      for _ in 0..<40 {
        guard let order = try? exchange.place(stop("0.01", trigger: "95", limit: "94")).get()
        else { continue }
        _ = exchange.cancel(order.id)
        exchange.hear(.place)
      }
      return exchange.faultLog.entries.map { "\($0.kind) \($0.what)" }
    }
    #expect(story(1) == story(1) && story(1) != story(2) && story(1).count > 20)
  }
}
