import Market
import Matching
import Sandbox
import TestKit
import Testing

@Suite("What the sandbox takes and refuses")
struct PlacingTests {
  /// At 100 in the middle of a candle of volume 1000, with 10,000 USD and, after a buy, 10 BTC.
  private func exchange(
    enforcesExitMinimums: Bool = false, buys: Bool = true
  ) throws -> SandboxExchange {
    let product = Product(
      id: "BTC-USD", baseIncrement: quantity("0.001"), baseMinSize: quantity("0.01"),
      quoteMinSize: 5)
    var exchange = SandboxExchange(
      SandboxSettings(
        listings: [Listing(product, model: .free)],
        enforcesExitMinimums: enforcesExitMinimums),
      candles: [
        [
          Candle(0, open: "100", high: "110", low: "90", close: "95"),
          Candle(1, open: "95", high: "120", low: "95", close: "120"),
        ]
      ])
    exchange.open(0)
    while exchange.step(0) {}
    exchange.printTrade(0, size: 1000)
    if buys {
      let bought = exchange.place(wish(.buy, "10", .limit(100, .untilCancelled, isPostOnly: false)))
      #expect(try bought.get().status == .filled)
    }
    return exchange
  }

  private func wish(
    _ side: Side, _ size: String, _ terms: OrderTerms, name: String = ""
  ) -> PlacementWish {
    PlacementWish(
      clientID: name, productID: "BTC-USD", side: side, size: .base(quantity(size)), terms: terms)
  }

  private static func limit(_ text: String, postOnly: Bool = false) -> OrderTerms {
    .limit(price(text), .untilCancelled, isPostOnly: postOnly)
  }

  private static func stop(
    _ trigger: String, _ limit: String, _ direction: StopDirection = .down
  ) -> OrderTerms {
    .stopLimit(trigger: price(trigger), limit: price(limit), direction, .untilCancelled)
  }

  static let refusals: [(Side, String, OrderTerms, PlacementRefusal)] = [
    (.buy, "1", limit("99.995"), .limitPrecision),
    (.buy, "1.0005", limit("99"), .sizePrecision),
    (.buy, "0.009", limit("99"), .baseTooSmall(quantity("0.01"))),
    (.buy, "0.01", limit("99"), .quoteTooSmall(5)),
    (.buy, "91", limit("99"), .insufficientFunds),
    (.sell, "10.001", limit("101"), .insufficientFunds),
    (.buy, "1", limit("100", postOnly: true), .postOnlyWouldTake),
    (.sell, "1", limit("100", postOnly: true), .postOnlyWouldTake),
    (.sell, "1", stop("100", "99"), .stopAboveLastTrade),
    (.sell, "1", stop("100.01", "99"), .stopAboveLastTrade),
    (.sell, "1", stop("98", "98.01"), .stopBelowLimit),
    (.sell, "1", stop("98.005", "98"), .stopPrecision),
    (.buy, "1", stop("100", "101", .up), .stopBelowLastTrade),
    (.buy, "1", stop("105", "104", .up), .stopAboveLimit),
    (.buy, "1", .limit(99, .until(.testStart), isPostOnly: false), .endTimePassed),
    (.buy, "1000000000000000", limit("100"), .tooLarge),
  ]

  @Test("An order that breaks a rule is refused by that rule", arguments: refusals)
  func refused(side: Side, size: String, terms: OrderTerms, why: PlacementRefusal) throws {
    var exchange = try exchange()
    let (orders, ledger) = (exchange.orders.count, exchange.ledger)
    let answer1 = exchange.place(wish(side, size, terms))
    #expect(answer1 == .failure(why))
    #expect(exchange.orders.count == orders && exchange.ledger == ledger)
  }

  static let accepted: [(Side, String, OrderTerms)] = [
    (.buy, "90", limit("99")), (.sell, "10", limit("101")),
    (.buy, "1", limit("99.99", postOnly: true)), (.sell, "10", stop("99.99", "99.99")),
    (.buy, "1", stop("100.01", "100.01", .up)), (.sell, "0.001", limit("100")),
    (.sell, "1", stop("105", "104", .up)),
  ]

  @Test("One that just keeps it is taken", arguments: accepted)
  func taken(side: Side, size: String, terms: OrderTerms) throws {
    var exchange = try exchange()
    _ = try exchange.place(wish(side, size, terms)).get()
  }

  @Test func `minimums bind exits only when told to`() throws {
    var strict = try exchange(enforcesExitMinimums: true)
    let answer2 = strict.place(wish(.sell, "0.001", Self.limit("101")))
    #expect(answer2 == .failure(.baseTooSmall(quantity("0.01"))))
    let answer3 = strict.place(wish(.sell, "0.04", Self.limit("101")))
    #expect(answer3 == .failure(.quoteTooSmall(5)))
  }

  @Test func `a product that is not listed is unknown`() throws {
    var exchange = try exchange()
    var wish = wish(.buy, "1", Self.limit("99"))
    wish.productID = "ETH-USD"
    let answer4 = exchange.place(wish)
    #expect(answer4 == .failure(.unknownProduct))
  }

  @Test func `a name that was used gives the old order, one that was refused is free`() throws {
    var exchange = try exchange()
    let refused = wish(.sell, "1", Self.stop("100", "99"), name: "mine")
    let answer5 = exchange.place(refused)
    #expect(answer5 == .failure(.stopAboveLastTrade))
    let first = try exchange.place(wish(.sell, "1", Self.limit("103"), name: "mine")).get()
    let again = try exchange.place(wish(.sell, "2", Self.limit("104"), name: "mine")).get()
    #expect(again == first && exchange.working.count == 1)
    let other = try exchange.place(
      wish(.sell, "2", Self.limit("104"), name: "mine"), repeats: false
    ).get()
    #expect(other.id != first.id && exchange.working.count == 2)
  }

  @Test func `a stop waits, triggers, and tells so before it fills`() throws {
    var exchange = try exchange()
    let stop = try exchange.place(wish(.sell, "10", Self.stop("92", "91"))).get()
    #expect(stop.trigger == .waiting && stop.held == 10)
    #expect(exchange.ledger["BTC"].available == .zero)
    _ = exchange.takeNews()
    exchange.move(0, to: 110, at: .testStart + TimeSpan(seconds: 100))
    let hasHappened = exchange.step(0)
    #expect(!hasHappened)
    exchange.move(0, to: 90, at: .testStart + TimeSpan(seconds: 200))
    let hasTriggered = exchange.step(0)
    #expect(hasTriggered)
    let steps = exchange.takeNews().compactMap { news -> OrderStep? in
      if case .order(_, let step) = news { step } else { nil }
    }
    #expect(steps.first == .triggered && steps.last == .ended && steps.count == 3)
    let order = try #require(exchange.order(stop.id))
    #expect(order.status == .filled && order.averagePrice == 92 && order.trigger == .triggered)
    #expect(exchange.now == .testStart + TimeSpan(seconds: 200))
    #expect(exchange.ledger["BTC"].total == .zero && exchange.ledger["USD"].total == 9920)
  }

  @Test func `a rising stop triggers at its price and takes there`() throws {
    var exchange = try exchange()
    let stop = try exchange.place(wish(.buy, "1", Self.stop("105", "106", .up))).get()
    exchange.move(0, to: 110, at: .testStart + TimeSpan(seconds: 100))
    while exchange.step(0) {}
    let order = try #require(exchange.order(stop.id))
    #expect(order.status == .filled && order.averagePrice == 105)
    #expect(exchange.markets[0].price == 110)
  }

  @Test func `a market order takes at once, its fee out of the amount`() throws {
    var exchange = SandboxExchange(
      SandboxSettings(listings: [Listing(Product(id: "BTC-USD"))]),
      candles: [[Candle(0, open: "100", high: "100", low: "100", close: "100")]])
    exchange.open(0)
    while exchange.step(0) {}
    let order = try exchange.place(
      PlacementWish(
        clientID: "", productID: "BTC-USD", side: .buy, size: .quote(1000),
        terms: .market(.immediate))
    ).get()
    // 1000 / (100.01 × 1.009), rounded down to the lot.
    #expect(order.status == .filled && order.filled == quantity("9.90981179"))
    #expect(order.filledValue + order.fees <= 1000)
    #expect(order.filledValue + order.fees > money("999.999"))
    #expect(exchange.ledger["USD"].held == .zero)
  }

  @Test func `what is sent between candles and does not rest waits for the next jump`() throws {
    var exchange = try exchange()
    exchange.close(0)
    _ = exchange.takeNews()
    let order = try exchange.place(
      wish(.sell, "1", .limit(90, .immediate, isPostOnly: false))
    ).get()
    #expect(order.status == .open)
    exchange.open(0)
    while exchange.step(0) {}
    #expect(exchange.order(order.id)?.status == .filled)
    #expect(exchange.order(order.id)?.averagePrice == 95)
  }

  @Test func `all or nothing is nothing where the market has less`() throws {
    var exchange = try exchange(buys: false)
    // A tenth of a volume of 1000 may be ours.
    let order = try exchange.place(
      wish(.buy, "99", .limit(100, .wholeOrNothing, isPostOnly: false))
    ).get()
    #expect(order.status == .filled)
    let other = try exchange.place(
      wish(.buy, "1", .limit(99, .wholeOrNothing, isPostOnly: false))
    ).get()
    #expect(other.status == .cancelled && other.filled == .zero)
  }

  @Test func `an order of a time ends with it`() throws {
    var exchange = try exchange()
    let end = Timestamp.testStart + TimeSpan(seconds: 150)
    let order = try exchange.place(
      wish(.sell, "1", .limit(109, .until(end), isPostOnly: false))
    ).get()
    exchange.move(0, to: 99, at: .testStart + TimeSpan(seconds: 100))
    while exchange.step(0) {}
    #expect(exchange.order(order.id)?.status == .open)
    exchange.move(0, to: 110, at: .testStart + TimeSpan(seconds: 200))
    while exchange.step(0) {}
    #expect(exchange.order(order.id)?.status == .expired)
    #expect(exchange.ledger["BTC"].held == .zero)
  }

  @Test func `an edit keeps the name and moves price, size and hold`() throws {
    var exchange = try exchange()
    let order = try exchange.place(wish(.sell, "4", Self.limit("105"))).get()
    let edited = try exchange.edit(order.id, limit: 107, quantity: 6).get()
    #expect(edited.id == order.id && edited.limit == 107 && edited.held == 6)
    #expect(edited.edits.map(\.limit) == [105])
    let answer7 = exchange.edit(order.id, limit: 107, quantity: 11)
    #expect(answer7 == .failure(.refused(.insufficientFunds)))
    let answer8 = exchange.edit(order.id, limit: 107, quantity: 0)
    #expect(answer8 == .failure(.belowFilled))
    let stop = try exchange.place(wish(.sell, "4", Self.stop("90", "89"))).get()
    let answer9 = exchange.edit(stop.id, limit: 88, quantity: 4)
    #expect(answer9 == .failure(.onlyLimits))
    exchange.move(0, to: 110, at: .testStart + TimeSpan(seconds: 100))
    while exchange.step(0) {}
    #expect(exchange.order(order.id)?.status == .filled)
    let answer10 = exchange.edit(order.id, limit: 107, quantity: 7)
    #expect(answer10 == .failure(.over))
  }

  @Test func `an order is cancelled once`() throws {
    var exchange = try exchange()
    let order = try exchange.place(wish(.sell, "4", Self.limit("105"))).get()
    let answer11 = try exchange.cancel(order.id).get().status
    #expect(answer11 == .cancelled)
    #expect(exchange.ledger["BTC"].available == 10)
    let answer12 = exchange.cancel(order.id)
    #expect(answer12 == .failure(.over))
    let answer13 = exchange.cancel(exchange.orders[0].id)
    #expect(answer13 == .failure(.filled))
    let answer14 = exchange.cancel("nobody")
    #expect(answer14 == .failure(.unknownOrder))
  }

  @Test func `post-only that a jump meets fails after it was accepted`() throws {
    var exchange = try exchange(buys: false)
    exchange.close(0)
    let order = try exchange.place(wish(.buy, "1", Self.limit("96", postOnly: true))).get()
    #expect(order.status == .open)
    exchange.open(0)
    while exchange.step(0) {}
    #expect(exchange.order(order.id)?.status == .failed(.postOnlyWouldTake))
    #expect(exchange.ledger["USD"].held == .zero)
  }
}
