import Market
import TestKit
import Testing

@testable import LiveBroker

@Suite("The Exchange API")
struct ExchangeAnswerTests {
  @Test func `products, balances, fees and time`() throws {
    let products = try ExchangeREST.products().answer(
      to: Samples.answer(
        #"""
        [{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","quote_increment":"0.01",
          "base_increment":"0.00000001","display_name":"BTC-USD","min_market_funds":"1",
          "margin_enabled":false,"post_only":false,"limit_only":false,"cancel_only":true,
          "status":"online","status_message":"","trading_disabled":false,"fx_stablecoin":false,
          "max_slippage_percentage":"0.02","auction_mode":false,"high_bid_limit_percentage":""}]
        """#))
    #expect(products.map(\.product) == [Product(id: "BTC-USD")])
    #expect(products.first?.restrictions == [.cancelOnly] && products.first?.isTradable == false)
    let balances = try ExchangeREST.balances().answer(
      to: Samples.answer(
        #"""
        [{"id":"a","currency":"BTC","balance":"1.5000000000000000","hold":"0.5000000000000000",
          "available":"1.000000000000000001","profile_id":"p-1","trading_enabled":true}]
        """#))
    #expect(balances.items.first?.held == money("0.5"))
    #expect(balances.items.first?.availableQuantity == 1)
    let fees = try ExchangeREST.feeTier().answer(
      to: Samples.answer(
        #"{"taker_fee_rate":"0.0060","maker_fee_rate":"0.0040","usd_volume":"43806.92"}"#))
    #expect(fees == FeeTier(name: "", makerRate: rate("0.004"), takerRate: rate("0.006")))
    let time = try ExchangeREST.serverTime().answer(
      to: Samples.answer(#"{"iso":"2026-11-22T10:00:00.123Z","epoch":1795341600.123}"#))
    #expect(time.time == Timestamp(nanoseconds: 1_795_341_600_123_000_000))
  }

  @Test func `candles are rows of numbers, whose characters count`() throws {
    let page = CandlePages.Page(first: Timestamp(seconds: 300), last: Timestamp(seconds: 600))
    let call = try #require(
      ExchangeREST.candles(of: "BTC-USD", page, interval: TimeSpan(seconds: 300)))
    #expect(
      call.request.target
        == "/products/BTC-USD/candles?granularity=300&start=1970-01-01T00%3A05%3A00Z"
        + "&end=1970-01-01T00%3A10%3A00Z")
    let candles = try call.answer(
      to: Samples.answer("[[600,0.1,0.30000000,0.2,0.3,1e-3],[300,1,1,1,1,5.123456789]]"))
    #expect(
      candles == [
        Candle(
          start: Timestamp(seconds: 300), open: 1, high: 1, low: 1, close: 1,
          volume: quantity("5.12345678")),
        Candle(
          start: Timestamp(seconds: 600), open: price("0.2"), high: price("0.3"), low: price("0.1"),
          close: price("0.3"), volume: quantity("0.001")),
      ])
    let error = #expect(throws: ExchangeError.self) {
      try call.answer(to: Samples.answer("[[300,1,1,1,1,1],[600,1,null,1,1,1]]"))
    }
    #expect(error?.description.contains("[1][2] is 'null', which is no price") == true)
    #expect(ExchangeREST.candles(of: "X", page, interval: TimeSpan(seconds: 1800)) == nil)
  }

  @Test func `orders are sent as the server takes them`() {
    func body(_ order: Order, immediate: Bool = false) -> String {
      let call = ExchangeREST.place(
        OrderWish(order, productID: "BTC-USD", isImmediateOrCancel: immediate))
      #expect(call.request.name == "POST /orders" && call.request.repetition == .lookUpFirst)
      return String(decoding: call.request.body, as: UTF8.self)
    }
    var order = Order(
      id: Samples.ownID, side: .sell, limit: 95_000, quantity: quantity("0.5"), isPostOnly: true,
      submitted: Timestamp(seconds: 0))
    let end = #""client_oid":"\#(Samples.ownID)""#
    let head =
      #"{"type":"limit","side":"sell","product_id":"BTC-USD","price":"95000","size":"0.5","#
    #expect(body(order) == head + #""time_in_force":"GTC","# + end + #","post_only":true}"#)
    order.isPostOnly = false
    #expect(body(order, immediate: true) == head + #""time_in_force":"IOC","# + end + "}")
    order.trigger = price("95500.01")
    #expect(
      body(order)
        == head + #""time_in_force":"GTC","# + end + #","stop":"loss","stop_price":"95500.01"}"#)
  }

  static let statuses: [(String, ExchangeOrder.Status, ExchangeOrder.Trigger)] = [
    (#""status":"received""#, .pending, .unknown), (#""status":"pending""#, .pending, .unknown),
    (#""status":"active""#, .open, .waiting), (#""status":"open""#, .open, .triggered),
    (#""status":"done","done_reason":"filled""#, .filled, .triggered),
    (#""status":"done","done_reason":"canceled""#, .cancelled, .triggered),
    (#""status":"rejected","reject_reason":"post only""#, .failed, .unknown),
    (#""status":"new""#, .unknown("new"), .unknown),
  ]

  @Test("Every status", arguments: statuses)
  func status(text: String, status: ExchangeOrder.Status, trigger: ExchangeOrder.Trigger) throws {
    let body = Samples.exchangeOrder.replacing(#""status":"active""#, with: text)
    let order = try ExchangeREST.order(named: Samples.ownID).answer(to: Samples.answer(body))
    #expect(order.status == status && order.trigger == trigger)
    #expect(order.ownID == Samples.ownID && order.quantity == quantity("0.5"))
    #expect(
      order.terms
        == .stopLimit(trigger: price("95500.01"), limit: price("95000"), direction: .down))
    #expect(order.fees == money("0.0799679109333152"))
    #expect(order.created == Timestamp(nanoseconds: 1_795_341_600_123_000_000))
  }

  @Test func `reads name one of order and product, and ask for stops too`() {
    #expect(
      ExchangeREST.workingOrders(ofProduct: "A-B", after: "c").request.target
        == "/orders?status=open&status=pending&status=active&status=received&product_id=A-B"
        + "&limit=1000&after=c")
    #expect(
      ExchangeREST.fills(ofOrder: "o").request.target == "/fills?order_id=o&limit=1000")
    #expect(
      ExchangeREST.fills(ofProduct: "A-B").request.target == "/fills?product_id=A-B&limit=1000")
    #expect(
      ExchangeREST.order(named: Samples.ownID).request.path == "/orders/client:\(Samples.ownID)")
  }

  @Test func `fills come in pages that the headers chain`() throws {
    let body = #"""
      [{"trade_id":74,"product_id":"BTC-USD","order_id":"o-1","user_id":"u","profile_id":"p",
        "liquidity":"M","price":"10.00","size":"0.01","fee":"0.0000250","side":"sell",
        "created_at":"2026-11-22T10:00:00Z","settled":true,"usd_volume":"0.1"}]
      """#
    let call = ExchangeREST.fills(ofProduct: "BTC-USD")
    let page = try call.answer(
      to: Samples.answer(body, headers: [.init("CB-AFTER", "73"), .init("cb-before", "74")]))
    #expect(page.next == "73")
    let fill = try #require(page.items.first?.fill(of: Samples.ownID))
    #expect(fill.liquidity == .maker && fill.fee == money("0.000025"))
    #expect(page.items.first?.entryID == "o-1/74")
    let end = try call.answer(to: Samples.answer("[]", headers: [.init("CB-AFTER", "73")]))
    #expect(end.next == nil && end.items.isEmpty)
  }

  @Test func `a cancel of what is over is an answer`() throws {
    let call = ExchangeREST.cancel("o-1", productID: "BTC-USD")
    #expect(call.request.target == "/orders/o-1?product_id=BTC-USD")
    #expect(call.request.method == .delete && call.request.repetition == .harmless)
    for (status, body, outcome) in [
      (200, #""o-1""#, CancelAnswer.Outcome.requested),
      (404, #"{"message":"order not found"}"#, .nothingToCancel("order not found")),
      (404, #"{"message":"NotFound"}"#, .nothingToCancel("NotFound")),
      (400, #"{"message":"Order already done"}"#, .nothingToCancel("Order already done")),
    ] {
      let answer = try call.answer(to: Samples.answer(body, status: status))
      #expect(answer == CancelAnswer(orderID: "o-1", outcome: outcome))
    }
    for (status, body) in [(400, #"{"message":"bad"}"#), (500, ""), (200, "{}")] {
      #expect(throws: ExchangeError.self) {
        try call.answer(to: Samples.answer(body, status: status))
      }
    }
  }
}
