import JSON
import Market
import Matching
import Network
import Sandbox
import TestKit
import Testing

@testable import LiveBroker

@Suite("REST of Advanced Trade, read by our client", .timeLimit(.minutes(10)))
struct AdvancedTradeRESTTests {
  private static let candles = (0..<400).map { index in
    Candle(index, open: "100", high: "101", low: "99", close: "100", volume: "1000")
  }

  private static let settings = SandboxSettings(
    listings: [
      Listing(Product(id: "BTC-USD", baseIncrement: quantity("0.0001"))),
      Listing(
        Product(id: "ETH-USD", quoteIncrement: price("0.001"), quoteMinSize: 5), model: .free),
    ], cash: 10_000)

  /// Behind the history of 350 candles, before the first trade.
  private func run(_ body: (Rehearsal) async throws -> Void) async throws {
    try await Rehearsal.run(
      Self.settings, [Self.candles, Self.candles], from: Self.candles[360].start, body)
  }

  @Test func `time is the clock's, products and fees are those of the settings`() async throws {
    try await run { rehearsal in
      #expect(try await rehearsal.ask(AdvancedTrade.serverTime()).time == Rehearsal.clock)
      let products = try await rehearsal.ask(AdvancedTrade.products())
      #expect(products.map(\.product) == Self.settings.listings.map(\.product))
      #expect(products.allSatisfy(\.isTradable) && products.map(\.price) == [100, 100])
      let one = try await rehearsal.ask(AdvancedTrade.product("ETH-USD", isPublic: true))
      #expect(one == products[1] && one.baseCurrency == "ETH" && one.alias == nil)
      let alias = try await rehearsal.ask(AdvancedTrade.product("ETH-USDC"))
      #expect(alias.alias == "ETH-USD" && alias.quoteCurrency == "USDC")
      let fees = try await rehearsal.ask(AdvancedTrade.feeTier())
      #expect(fees.makerRate == rate("0.005") && fees.takerRate == rate("0.009"))
      let permissions = try await rehearsal.ask(AdvancedTrade.keyPermissions())
      #expect(permissions.canTrade && !permissions.canTransfer)
      let balances = try await rehearsal.ask(AdvancedTrade.balances()).items
      #expect(balances.map(\.currency) == ["USD", "BTC", "ETH"])
      #expect(balances.map(\.available) == [10_000, 0, 0])
    }
  }

  @Test func `what is not there or not asked for well is said in the exchange's words`()
    async throws
  {
    try await run { rehearsal in
      await #expect(throws: ExchangeError.self) {
        try await rehearsal.ask(AdvancedTrade.product("XRP-USD"))
      }
      let (status, body) = try await rehearsal.get("/products/XRP-USD")
      #expect(status == 404 && body["error"]?.string == "NOT_FOUND")
      #expect(body["message"]?.string == "Product XRP-USD not supported")
      let order = try await rehearsal.get("/orders/historical/nobody")
      #expect(order.status == 404)
      #expect(order.body["error_details"]?.string == "order with this orderID was not found")
      for path in [
        "/products/BTC-USD/candles?granularity=ONE_YEAR",
        "/products/BTC-USD/candles?granularity=ONE_MINUTE", "/orders/historical/batch?cursor=x",
        "/orders/historical/batch?order_status=OPEN&order_status=PENDING",
        "/orders/historical/batch?start_date=yesterday", "/accounts?limit=-1",
      ] {
        let (status, body) = try await rehearsal.get(path)
        #expect(status == 400 && body["error"]?.string == "INVALID_ARGUMENT", "\(path)")
      }
      let unknown = try await rehearsal.get("/nothing")
      #expect(unknown.status == 404)
      for body in ["", "[]", "{}", #"{"client_order_id":"a","product_id":"BTC-USD"}"#] {
        #expect(try await rehearsal.post("/orders", body)["error"]?.string == "INVALID_ARGUMENT")
      }
      let unsigned = try await rehearsal.send(
        AdvancedTrade.balances().request, isSigned: false)
      #expect(unsigned.status == 401 && unsigned.body == Array("Unauthorized\n".utf8))
    }
  }

  @Test func `candles come newest first, 350 at most, and none of the future`() async throws {
    try await run { rehearsal in
      let (first, last) = (Self.candles[0].start, Self.candles[399].start)
      var found: [Candle] = []
      for page in CandlePages(
        from: first, to: last, interval: TimeSpan(seconds: 300),
        perPage: AdvancedTrade.candlesPerPage)
      {
        let call = try #require(
          AdvancedTrade.candles(of: "BTC-USD", page, interval: TimeSpan(seconds: 300)))
        found += try await rehearsal.ask(call)
      }
      #expect(found == Array(Self.candles[..<360]))
      func rows(_ from: Int, _ to: Int) async throws -> (Int, JSONValue) {
        let (status, body) = try await rehearsal.get(
          "/market/products/BTC-USD/candles?granularity=FIVE_MINUTE"
            + "&start=\(Self.candles[from].start.seconds)&end=\(Self.candles[to].start.seconds)")
        return (status, body)
      }
      let most = try await rows(0, 349)
      #expect(most.0 == 200 && most.1["candles"]?.count == 350)
      let tooMany = try await rows(0, 350)
      #expect(tooMany.0 == 400)
      #expect(
        tooMany.1["message"]?.string == "number of candles requested should be less than 350")
      let newest = most.1["candles"]?.elements.first { _ in true }
      #expect(newest?["start"]?.string == "\(Self.candles[349].start.seconds)")
      let hours = try await rehearsal.get(
        "/products/BTC-USD/candles?granularity=ONE_HOUR&start=\(first.seconds)"
          + "&end=\(first.seconds + 3600)&limit=1")
      let hour = hours.body["candles"]?.elements.first { _ in true }
      #expect(hours.body["candles"]?.count == 1 && hour?["volume"]?.string == "12000")
    }
  }

  @Test func `an order is placed once, read, listed, cancelled and gives back what it held`()
    async throws
  {
    try await run { rehearsal in
      let placed = try await rehearsal.ask(AdvancedTrade.place(wish(1)))
      #expect(placed.clientID == "\(wish(1).order.id)")
      let again = try await rehearsal.ask(AdvancedTrade.place(wish(1, limit: "98")))
      #expect(again == placed)
      let order = try await rehearsal.ask(AdvancedTrade.order(placed.id))
      #expect(order.ownID == wish(1).order.id && order.status == .open && order.quantity == 1)
      #expect(
        order.terms == .limit(99, isPostOnly: false, timeInForce: .goodTillCancelled))
      // 99 and the fee of a taker on it.
      #expect(order.held == money("99.891") && order.created == Self.candles[360].start)
      let usd = try await rehearsal.ask(AdvancedTrade.balances()).items[0]
      #expect(usd.held == money("99.891") && usd.total == 10_000)
      #expect(try await rehearsal.ask(AdvancedTrade.workingOrders(.open)).items == [order])
      #expect(try await rehearsal.ask(AdvancedTrade.workingOrders(.moving)).items == [])
      let answers = try await rehearsal.ask(AdvancedTrade.cancel([placed.id, "nobody"]))
      #expect(answers.map(\.outcome) == [.requested, .nothingToCancel("UNKNOWN_CANCEL_ORDER")])
      #expect(try await rehearsal.ask(AdvancedTrade.order(placed.id)).status == .cancelled)
      #expect(try await rehearsal.ask(AdvancedTrade.balances()).items[0].held == .zero)
      let repeated = try await rehearsal.ask(AdvancedTrade.cancel([placed.id]))
      #expect(repeated.map(\.outcome) == [.nothingToCancel("UNKNOWN_CANCEL_ORDER")])
    }
  }

  static let refusals: [(Side, String, String, String?, RefusalKind)] = [
    (.buy, "99.001", "1", nil, .pricePrecision), (.buy, "99", "1.00001", nil, .sizePrecision),
    (.buy, "99", "0.01", nil, .tooSmall), (.buy, "99", "102", nil, .insufficientFunds),
    (.sell, "99", "1", nil, .insufficientFunds), (.sell, "99", "1", "100", .stopAboveLastTrade),
    (.sell, "98", "1", "97", .stopAndLimitCrossed), (.buy, "99", "1e11", nil, .tooLarge),
  ]

  @Test("A refusal is one of the kinds that our client knows", arguments: refusals)
  func refused(
    side: Side, limit: String, size: String, trigger: String?, kind: RefusalKind
  ) async throws {
    try await run { rehearsal in
      let call = AdvancedTrade.place(wish(1, side, limit: limit, size: size, trigger: trigger))
      let error = await #expect(throws: ExchangeError.self) { try await rehearsal.ask(call) }
      guard case .refused(let refusal)? = error?.problem else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(refusal.kind == kind)
    }
  }

  @Test func `pages of orders are whole, whatever is added meanwhile`() async throws {
    try await run { rehearsal in
      var ids: [String] = []
      for number in 1...7 {
        ids.append(
          try await rehearsal.ask(
            AdvancedTrade.place(wish(UInt64(number), limit: "\(90 - number)"))
          ).id)
      }
      var found: [String] = []
      var cursor = ""
      var pages = 0
      repeat {
        let (_, body) = try await rehearsal.get(
          "/orders/historical/batch?limit=3" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"))
        found += body["orders"]?.elements.compactMap { $0["order_id"]?.string } ?? []
        cursor = body["cursor"]?.string ?? ""
        #expect(body["has_next"]?.bool == !cursor.isEmpty)
        pages += 1
        _ = try await rehearsal.ask(
          AdvancedTrade.place(wish(UInt64(100 + pages), limit: "50", size: "0.1")))
      } while !cursor.isEmpty
      #expect(pages == 3 && found == ids.reversed())
      let since = try await rehearsal.ask(
        AdvancedTrade.orders(ofProducts: ["BTC-USD"], since: Self.candles[360].start))
      #expect(since.items.count == 10 && since.next == nil)
      let later = try await rehearsal.ask(
        AdvancedTrade.orders(since: Self.candles[361].start))
      #expect(later.items.isEmpty)
      let other = try await rehearsal.ask(AdvancedTrade.orders(ofProducts: ["ETH-USD"]))
      #expect(other.items.isEmpty)
    }
  }

  @Test func `a preview says what a placement would`() async throws {
    try await run { rehearsal in
      func preview(_ size: String) async throws -> JSONValue {
        try await rehearsal.post(
          "/orders/preview",
          #"{"product_id":"BTC-USD","side":"BUY","order_configuration":"#
            + #"{"limit_limit_gtc":{"base_size":"\#(size)","limit_price":"99","post_only":false}}}"#
        )
      }
      let good = try await preview("1")
      #expect(good["errs"]?.count == 0 && good["order_total"]?.string == "99.891")
      let bad = try await preview("200")
      #expect(
        bad["errs"]?.elements.compactMap(\.string) == ["PREVIEW_INSUFFICIENT_FUND"])
      #expect(try await rehearsal.ask(AdvancedTrade.orders()).items.isEmpty)
    }
  }

  @Test func `a limit can be edited, a stop not`() async throws {
    try await run { rehearsal in
      let placed = try await rehearsal.ask(AdvancedTrade.place(wish(1)))
      let edited = try await rehearsal.post(
        "/orders/edit", #"{"order_id":"\#(placed.id)","price":"98","size":"2"}"#)
      #expect(edited["success"]?.bool == true && edited["errors"]?.count == 0)
      let order = try await rehearsal.ask(AdvancedTrade.order(placed.id))
      #expect(order.quantity == 2 && order.held == money("197.764"))
      #expect(
        order.terms == .limit(98, isPostOnly: false, timeInForce: .goodTillCancelled))
      let failed = try await rehearsal.post(
        "/orders/edit", #"{"order_id":"\#(placed.id)","price":"98"}"#)
      let reason = failed["errors"]?.elements.first { _ in true }?["edit_failure_reason"]
      #expect(
        failed["success"]?.bool == false && reason?.string == "CANNOT_EDIT_TO_BELOW_FILLED_SIZE")
    }
  }

  @Test func `what clients ask for beside is there`() async throws {
    try await run { rehearsal in
      for (path, key) in [
        ("/best_bid_ask", "pricebooks"), ("/portfolios", "portfolios"),
        ("/product_book?product_id=BTC-USD", "pricebook"),
        ("/products/BTC-USD/ticker?limit=10", "trades"), ("/market/products", "products"),
        ("/transaction_summary", "fee_tier"),
      ] {
        let (status, body) = try await rehearsal.get(path)
        #expect(status == 200 && body[key] != nil, "\(path)")
      }
      let many = try await rehearsal.get("/products/BTC-USD/ticker?limit=1001")
      #expect(many.status == 500)
      let (_, accounts) = try await rehearsal.get("/accounts?limit=2")
      #expect(accounts["has_next"]?.bool == true && accounts["accounts"]?.count == 2)
      let uuid = accounts["accounts"]?.elements.first { _ in true }?["uuid"]?.string ?? ""
      let account = try await rehearsal.get("/accounts/\(uuid)")
      #expect(account.body["account"]?["currency"]?.string == "USD")
    }
  }
}
