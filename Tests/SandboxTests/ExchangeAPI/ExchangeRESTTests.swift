import JSON
import Market
import Matching
import Network
import Testing

@testable import LiveBroker
@testable import Sandbox

@Suite("REST of the Exchange")
struct ExchangeRESTTests {
  // MARK: - The market

  @Test func `time is the clock's`() throws {
    var desk = ExchangeDesk()
    #expect(try desk.ask(ExchangeREST.serverTime()).time == ExchangeDesk.clock)
    #expect(try desk.ask(.get, "/time").body["epoch"]?.number == "1790000000")
  }

  @Test func `our client reads products, and a product that is not there`() throws {
    var desk = ExchangeDesk()
    let products = try desk.ask(ExchangeREST.products())
    #expect(products.map(\.product.id) == ["BTC-USD", "ETH-USD"])
    #expect(products[0].restrictions.isEmpty)
    let product = try desk.ask(ExchangeREST.product("BTC-USD"))
    #expect(product.product == Product(id: "BTC-USD"))
    #expect(product.baseCurrency == "BTC" && product.quoteCurrency == "USD")
    let missing = try desk.ask(.get, "/products/X-USD")
    #expect(missing.status == 404 && missing.body["message"]?.string == "NotFound")
  }

  @Test func `candles are arrays of numbers, newest first, history and what has begun`() throws {
    var desk = ExchangeDesk()
    desk.open()
    desk.move(to: 110)
    let rows = try desk.ask(.get, "/products/BTC-USD/candles?granularity=300").body
    #expect(rows.count == 4)
    let first = try #require(rows.elements.first { _ in true })
    #expect(
      first.elements.compactMap(\.number) == ["1700001000", "100", "110", "100", "110", "1000"])
    let page = CandlePages.Page(
      first: ExchangeDesk.start, last: ExchangeDesk.start + TimeSpan(seconds: 300))
    let call = try #require(
      ExchangeREST.candles(of: "BTC-USD", page, interval: TimeSpan(seconds: 300)))
    let candles = try desk.ask(call)
    #expect(candles.map(\.start.seconds) == [1_700_000_100, 1_700_000_400])
    #expect(candles[0].high == 110 && candles[0].volume == 1000)
  }

  @Test(
    "Spans and lengths that the Exchange does not have are refused",
    arguments: [
      ("granularity=301", "Unsupported granularity"), ("granularity=x", "Unsupported granularity"),
      ("granularity=300&start=0&end=90001", "exceeds 300"),
      ("granularity=60", "the data are candles of 300 s"), ("granularity=300&start=y", "start"),
    ])
  func badCandles(query: String, words: String) throws {
    var desk = ExchangeDesk()
    let answer = try desk.ask(.get, "/products/BTC-USD/candles?\(query)")
    #expect(answer.status == 400)
    #expect(answer.body["message"]?.string?.contains(words) == true)
    // 300 intervals make 301 rows, which are one too few to be refused.
    #expect(
      desk.send(.get, "/products/BTC-USD/candles?granularity=300&start=0&end=90000").status == 200)
  }

  @Test func `ticker, book and trades tell the same price`() throws {
    var desk = ExchangeDesk()
    desk.open()
    desk.move(to: 110)
    let ticker = try desk.ask(.get, "/products/BTC-USD/ticker").body
    #expect(ticker["price"]?.string == "110")
    #expect(ticker["bid"]?.string == "109.99" && ticker["ask"]?.string == "110.01")
    #expect(ticker["trade_id"]?.integer == 2)
    let book = try desk.ask(.get, "/products/BTC-USD/book?level=2").body
    let bid = try #require(book["bids"]?.elements.first { _ in true })
    #expect(bid.elements.map(\.description) == ["109.99", "100.00000000", "1"])
    #expect(desk.send(.get, "/products/BTC-USD/book?level=4").status == 400)
    let trades = desk.send(.get, "/products/BTC-USD/trades")
    #expect(trades.headers["CB-BEFORE"] == "2" && trades.headers["CB-AFTER"] == "1")
    let list = try JSONValue(parsing: trades.body)
    #expect(list.elements.compactMap { $0["trade_id"]?.integer } == [2, 1])
    #expect(list.elements.compactMap { $0["size"]?.string } == ["0.00000000", "1000.00000000"])
    #expect(try desk.ask(.get, "/products/BTC-USD/stats").body["high"]?.string == "110")
    #expect(try desk.ask(.get, "/currencies").body.count == 3)
  }

  // MARK: - The account

  @Test func `balances show what is held, and which order holds it`() throws {
    var desk = ExchangeDesk()
    let order = try desk.place(1, .buy, 2, at: 50)
    let balances = try desk.ask(ExchangeREST.balances()).items
    let dollars = try #require(balances.first { $0.currency == "USD" })
    #expect(dollars.held == (try Money("100.9")))
    #expect(dollars.available == (try Money("9899.1")))
    let raw = try desk.ask(.get, "/accounts").body
    let account = try #require(raw.elements.first { $0["currency"]?.string == "USD" })
    #expect(account["balance"]?.string == "10000.0000000000000000")
    #expect(account["hold"]?.string == "100.9000000000000000")
    let id = try #require(account["id"]?.string)
    #expect(try desk.ask(.get, "/accounts/\(id)").body["currency"]?.string == "USD")
    let holds = try desk.ask(.get, "/accounts/\(id)/holds").body
    #expect(holds.elements.compactMap { $0["ref"]?.string } == [order.id])
    #expect(desk.send(.get, "/accounts/x").status == 404)
    let fees = try desk.ask(ExchangeREST.feeTier())
    #expect(fees.takerRate == (try Rate("0.009")))
    #expect(fees.makerRate == (try Rate("0.005")))
  }

  // MARK: - The life of an order

  @Test func `an order is placed, read, filled and read again`() throws {
    var desk = ExchangeDesk()
    desk.open()
    let placed = try desk.place(1, .buy, 2, at: 95)
    #expect(placed.status == .open && placed.filled == .zero)
    #expect(placed.terms == .limit(95, isPostOnly: false, timeInForce: .goodTillCancelled))
    #expect(placed.ownID == ClientOrderID(session: 1, pair: 0, number: 1))
    #expect(placed.created == desk.exchange.now)
    let working = try desk.ask(ExchangeREST.workingOrders())
    #expect(working.items.map(\.id) == [placed.id])
    desk.move(to: 90)
    let filled = try desk.ask(ExchangeREST.order(placed.id))
    #expect(filled.status == .filled && filled.filled == 2 && filled.filledValue == 190)
    #expect(filled.fees == (try Money("0.95")))
    let named = try desk.ask(
      ExchangeREST.order(named: ClientOrderID(session: 1, pair: 0, number: 1)))
    #expect(named == filled)
    for fills in [
      try desk.ask(ExchangeREST.fills(ofOrder: placed.id)),
      try desk.ask(ExchangeREST.fills(ofProduct: "BTC-USD")),
    ] {
      #expect(fills.items.count == 1)
      #expect(fills.items[0].price == 95 && fills.items[0].size == 2)
      #expect(fills.items[0].fee == (try Money("0.95")))
      #expect(fills.items[0].liquidity == .maker)
    }
    #expect(try desk.ask(ExchangeREST.workingOrders()).items.isEmpty)
    #expect(try desk.ask(.get, "/orders?status=done").body.count == 1)
  }

  @Test func `a stop waits as active, holds its base, and is a limit order once triggered`() throws
  {
    var desk = ExchangeDesk()
    desk.open()
    let stop = try desk.place(1, .sell, 1, at: 94, trigger: 95)
    #expect(stop.status == .open && stop.trigger == .waiting)
    #expect(stop.terms == .stopLimit(trigger: 95, limit: 94, direction: .down))
    #expect(try desk.ask(.get, "/orders?status=active").body.count == 1)
    #expect(try desk.ask(.get, "/orders?status=open").body.count == 0)
    #expect(throws: ExchangeError.self) { try desk.place(2, .sell, 1, at: 120) }
    desk.move(to: 90)
    let sold = try desk.ask(ExchangeREST.order(stop.id))
    #expect(sold.status == .filled && sold.trigger == .triggered)
    #expect(try desk.ask(ExchangeREST.fills(ofOrder: stop.id)).items[0].liquidity == .taker)
  }

  @Test func `a cancelled order without a fill is gone, one with a fill stays`() throws {
    var desk = ExchangeDesk { $0.listings[0].model.participation = (try? Rate("0.001")) ?? .zero }
    let first = try desk.place(1, .buy, 1, at: 50)
    #expect(try cancel(first.id, &desk).outcome == .requested)
    #expect(desk.send(.get, "/orders/\(first.id)").status == 404)
    let again = try desk.ask(.delete, "/orders/\(first.id)?product_id=BTC-USD")
    #expect(again.status == 404 && again.body["message"]?.string == "order not found")
    desk.open()
    // A thousandth of 1000 is what can be had.
    let second = try desk.place(2, .buy, 3, at: 100)
    #expect(second.filled == 1 && second.status == .open)
    #expect(try cancel(second.id, &desk).outcome == .requested)
    #expect(try desk.ask(ExchangeREST.order(second.id)).status == .cancelled)
    let over = try desk.ask(.delete, "/orders/\(second.id)")
    #expect(over.status == 400 && over.body["message"]?.string == "Order already done")
    #expect(
      try cancel(second.id, &desk).outcome == .nothingToCancel("Order already done"))
  }

  private func cancel(_ id: String, _ desk: inout ExchangeDesk) throws -> CancelAnswer {
    let call = ExchangeREST.cancel(id, productID: "BTC-USD")
    return try call.answer(to: try desk.answer(to: call.request))
  }

  @Test func `all orders of a product are cancelled at once, and one by the client's name`() throws
  {
    var desk = ExchangeDesk()
    let ids = try (1...3).map { try desk.place($0, .buy, 1, at: 50).id }
    _ = try desk.ask(
      .post, "/orders", #"{"product_id":"ETH-USD","side":"buy","price":"50","size":"1"}"#)
    let name = ClientOrderID(session: 1, pair: 0, number: 2)
    #expect(try desk.ask(.delete, "/orders/client:\(name)").body.string == ids[1])
    let gone = try desk.ask(.delete, "/orders?product_id=BTC-USD").body
    #expect(gone.elements.compactMap(\.string) == [ids[0], ids[2]])
    #expect(try desk.ask(.get, "/orders").body.count == 1)
  }

  @Test func `a post-only order that would take is answered with a rejected order`() throws {
    var desk = ExchangeDesk()
    desk.open()
    let error = #expect(throws: ExchangeError.self) {
      _ = try desk.place(1, .buy, 1, at: 100, isPostOnly: true)
    }
    guard case .refused(let refusal) = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.kind == .postOnlyWouldTake)
    #expect(desk.exchange.orders.isEmpty)
    let rest = try desk.place(2, .buy, 1, at: 99, isPostOnly: true)
    #expect(rest.terms == .limit(99, isPostOnly: true, timeInForce: .goodTillCancelled))
  }

  @Test func `one that would take only when the market opens again is rejected later, and stays`()
    throws
  {
    var desk = ExchangeDesk()
    // Between candles it is taken in; at the open it would take.
    let order = try desk.place(1, .buy, 1, at: 105, isPostOnly: true)
    #expect(order.status == .open)
    desk.open()
    let rejected = try desk.ask(ExchangeREST.order(order.id))
    #expect(rejected.status == .failed && rejected.rejection == .postOnlyWouldTake)
    #expect(try desk.ask(.get, "/orders?status=rejected").body.count == 1)
    #expect(
      try desk.ask(.delete, "/orders/\(order.id)").body["message"]?.string == "Order already done")
  }

  @Test func `a client's name that is used again makes another order`() throws {
    var desk = ExchangeDesk()
    let (one, other) = (try desk.place(1, .buy, 1, at: 50), try desk.place(1, .buy, 1, at: 50))
    #expect(one.id != other.id && one.clientID == other.clientID)
  }

  static let refusals: [(body: String, kind: RefusalKind?, words: String)] = [
    (
      #""price":"50.001","size":"1""#, .pricePrecision,
      "price is too accurate. Smallest unit is 0.01"
    ),
    (#""price":"50.0000000001","size":"1""#, .pricePrecision, "price is too accurate"),
    (#""price":"50","size":"0.000000001""#, .sizePrecision, "size is too accurate"),
    (#""price":"50","size":"1000""#, .insufficientFunds, "Insufficient funds"),
    (#""price":"50","size":"0.01""#, .tooSmall, "funds is too small. Minimum size is 1"),
    (#""type":"stop","price":"50","size":"1""#, .unsupported, "Invalid order_type stop"),
    (
      #""side":"sell","stop":"loss","stop_price":"101","price":"100","size":"1""#,
      .stopAboveLastTrade, "stop price must be below the last trade price"
    ),
    (
      #""stop":"entry","stop_price":"99","price":"100","size":"1""#, .stopBelowLastTrade,
      "stop price must be above the last trade price"
    ),
    (
      #""side":"sell","stop":"loss","stop_price":"90","price":"91","size":"1""#,
      .stopAndLimitCrossed, "limit price must not be above the stop price"
    ),
    (#""stop":"loss","stop_price":"90","price":"91","size":"1""#, nil, "Invalid stop"),
    (#""product_id":"X-USD","price":"1","size":"1""#, .unknownProduct, "Product not found"),
    (#""price":"50","size":"1","client_oid":"mine""#, nil, "Invalid client_oid"),
    (#""price":"50","size":"1","time_in_force":"IOC","post_only":true"#, nil, "post_only"),
    (#""price":"50""#, nil, "Missing size"), (#""size":"1""#, nil, "Missing price"),
    (#""price":"x","size":"1""#, nil, "Invalid price"), (#""side":"up""#, nil, "Invalid side"),
  ]

  @Test func `refusals are a message with 400, which our client understands`() throws {
    var desk = ExchangeDesk()
    desk.open()
    for (members, kind, words) in Self.refusals {
      let product = members.contains("product_id") ? "" : #""product_id":"BTC-USD","#
      let side = members.contains("side") ? "" : #""side":"buy","#
      let (status, body) = try desk.ask(.post, "/orders", "{\(product)\(side)\(members)}")
      #expect(status == 400, "\(members)")
      let message = try #require(body["message"]?.string)
      #expect(message.hasPrefix(words), "\(members)")
      #expect(RefusalKind(reasons: [], words: message) == kind ?? .other, "\(message)")
    }
    #expect(desk.send(.post, "/orders", "{").status == 400)
    #expect(desk.exchange.orders.isEmpty)
  }

  @Test func `a stop may be refused in words that say nothing`() throws {
    var desk = ExchangeDesk { settings in
      settings.faults.rules = [
        faultRule(.stopRefused) { ($0.forms, $0.most) = ([.unknown], 1) }
      ]
    }
    desk.open()
    let refused = #expect(throws: ExchangeError.self) {
      _ = try desk.place(1, .sell, 1, at: 94, trigger: 95)
    }
    #expect(refused?.problem == .invalid("Bad request"))
    #expect(try desk.place(1, .sell, 1, at: 94, trigger: 95).status.isWorking)
  }

  @Test func `a limit may be refused as too far from the market, in words of its own`() throws {
    var desk = ExchangeDesk { settings in
      settings.faults.rules = [faultRule(.stopRefused) { $0.forms = [.tooFar] }]
    }
    desk.open()
    let refused = #expect(throws: ExchangeError.self) {
      _ = try desk.place(1, .buy, 1, at: 89)
    }
    #expect(refused?.problem == .invalid("limit price is too far from the market price"))
    #expect(try desk.place(2, .buy, 1, at: 90).status == .open)
  }

  @Test func `a stop that was accepted and fails is rejected for want of funds, and stays`() throws
  {
    var desk = ExchangeDesk { settings in
      settings.faults.rules = [faultRule(.stopFailed) { $0.delay = .seconds(5, 5) }]
    }
    desk.open()
    let stop = try desk.place(1, .sell, 1, at: 94, trigger: 95)
    #expect(stop.status == .open && stop.trigger == .waiting)
    var feed = Sandbox.ExchangeFeed()
    feed.subscriptions[.user] = [0]
    _ = try desk.news(on: &feed)
    desk.exchange.pass(to: desk.exchange.now + TimeSpan(seconds: 5))
    let told = try desk.news(on: &feed)
    #expect(told.compactMap { $0["type"]?.string } == ["done"])
    #expect(told.compactMap { $0["reason"]?.string } == ["canceled"])
    let failed = try desk.ask(ExchangeREST.order(stop.id))
    #expect(failed.status == .failed && failed.reason == "Insufficient funds")
    #expect(failed.rejection == .insufficientFunds)
    #expect(try desk.ask(.get, "/orders?status=rejected").body.count == 1)
  }

  @Test func `market, IOC, FOK and GTT orders are what they are on the Exchange`() throws {
    var desk = ExchangeDesk()
    desk.open()
    func place(_ members: String) throws -> JSONValue {
      try desk.ask(.post, "/orders", "{\"product_id\":\"BTC-USD\",\"side\":\"buy\",\(members)}")
        .body
    }
    let market = try place(#""type":"market","funds":"100""#)
    #expect(market["status"]?.string == "done" && market["done_reason"]?.string == "filled")
    #expect(market["specified_funds"]?.string == "100.00000000")
    #expect(market["price"] == nil && market["type"]?.string == "market")
    let missed = try place(#""price":"99","size":"1","time_in_force":"IOC""#)
    #expect(missed["done_reason"]?.string == "canceled")
    let whole = try place(#""price":"101","size":"1","time_in_force":"FOK""#)
    #expect(whole["done_reason"]?.string == "filled")
    #expect(whole["executed_value"]?.string == "100.0100000000000000")
    let timed = try place(
      #""price":99,"size":1,"time_in_force":"GTT","cancel_after":"min","client_oid":"#
        + #""00000000-0000-4000-8000-000000000001""#)
    #expect(timed["status"]?.string == "open" && timed["expire_time"]?.string != nil)
    let id = try #require(timed["id"]?.string)
    desk.exchange.pass(to: desk.exchange.now + TimeSpan(seconds: 60))
    #expect(desk.send(.get, "/orders/\(id)").status == 404)
  }

  // MARK: - Paging

  @Test func `pages of orders lead through all of them, in both directions`() throws {
    var desk = ExchangeDesk()
    let ids = try (1...7).map { try desk.place($0, .buy, 1, at: 50).id }
    var found: [String] = []
    var cursor: String?
    var pages = 0
    repeat {
      let response = desk.send(.get, "/orders?limit=3" + (cursor.map { "&after=\($0)" } ?? ""))
      found += try JSONValue(parsing: response.body).elements.compactMap { $0["id"]?.string }
      cursor = response.headers["CB-AFTER"]
      pages += 1
    } while cursor != nil && pages < 10
    #expect(found == ids.reversed() && pages == 4)  // The last one is empty.
    // With `before` come the newest of what is newer, not those next to it.
    let newer = try desk.ask(.get, "/orders?limit=2&before=3").body
    #expect(newer.elements.compactMap { $0["id"]?.string } == [ids[6], ids[5]])
    let oldest = try desk.ask(.get, "/orders?limit=2&sorting=asc").body
    #expect(oldest.elements.compactMap { $0["id"]?.string } == [ids[0], ids[1]])
    #expect(desk.send(.get, "/orders?after=x").status == 400)
    #expect(desk.send(.get, "/orders?limit=0").status == 400)
    #expect(desk.send(.get, "/orders?status=lost").status == 400)
    var working: [String] = []
    var next: String?
    repeat {
      let page = try desk.ask(ExchangeREST.workingOrders(after: next))
      working += page.items.map(\.id)
      next = page.next
    } while next != nil && working.count < 100
    #expect(working == ids.reversed())
  }

  @Test func `fills need an order or a product`() throws {
    var desk = ExchangeDesk()
    #expect(desk.send(.get, "/fills").status == 400)
    #expect(try desk.ask(.get, "/fills?product_id=BTC-USD").body.count == 0)
    #expect(try desk.ask(.get, "/nothing").status == 404)
    #expect(try desk.ask(.post, "/fills").status == 404)
  }
}
