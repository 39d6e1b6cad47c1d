import Market
import Simulator
import TestKit
import Testing

@testable import LiveBroker

@Suite("Requests of Advanced Trade")
struct AdvancedTradeRequestTests {
  private func wish(
    _ side: Side, _ limit: String, _ size: String, trigger: String? = nil, postOnly: Bool = false,
    immediate: Bool = false
  ) -> OrderWish {
    OrderWish(
      Order(
        id: Samples.ownID, side: side, limit: price(limit), trigger: trigger.map { price($0) },
        quantity: quantity(size), isPostOnly: postOnly, submitted: Timestamp(seconds: 0)),
      productID: "BTC-USD", isImmediateOrCancel: immediate)
  }

  @Test func `orders are sent in the documented forms, without exponents`() {
    let head = #"{"client_order_id":"\#(Samples.ownID)","product_id":"BTC-USD","side":"#
    for (wish, rest) in [
      (
        wish(.buy, "97000.10", "0.00000001", postOnly: true),
        #""BUY","order_configuration":{"limit_limit_gtc":{"base_size":"0.00000001","limit_price":"97000.1","post_only":true}}}"#
      ),
      (
        wish(.sell, "0.00000002", "12345678901234"),
        #""SELL","order_configuration":{"limit_limit_gtc":{"base_size":"12345678901234","limit_price":"0.00000002","post_only":false}}}"#
      ),
      (
        wish(.buy, "1", "2", immediate: true),
        #""BUY","order_configuration":{"sor_limit_ioc":{"base_size":"2","limit_price":"1"}}}"#
      ),
      (
        wish(.sell, "95000", "0.5", trigger: "95500.01"),
        #""SELL","order_configuration":{"stop_limit_stop_limit_gtc":{"base_size":"0.5","limit_price":"95000","stop_price":"95500.01","stop_direction":"STOP_DIRECTION_STOP_DOWN"}}}"#
      ),
    ] {
      let request = AdvancedTrade.place(wish).request
      #expect(request.name == "POST /api/v3/brokerage/orders")
      #expect(request.repetition == .lookUpFirst && request.group == .privateData)
      #expect(String(decoding: request.body, as: UTF8.self) == head + rest)
    }
  }

  @Test func `a preview is the order without its name`() {
    let stop = wish(.sell, "95000", "0.5", trigger: "95500.01")
    let request = AdvancedTrade.preview(stop).request
    #expect(request.name == "POST /api/v3/brokerage/orders/preview")
    #expect(request.repetition == .harmless && request.group == .privateData)
    let placed = String(decoding: AdvancedTrade.place(stop).request.body, as: UTF8.self)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == placed.replacing(#""client_order_id":"\#(Samples.ownID)","#, with: ""))
  }

  @Test func `cancels and reads`() throws {
    let cancel = AdvancedTrade.cancel(["a", "b"]).request
    #expect(cancel.name == "POST /api/v3/brokerage/orders/batch_cancel")
    #expect(String(decoding: cancel.body, as: UTF8.self) == #"{"order_ids":["a","b"]}"#)
    #expect(cancel.repetition == .harmless)
    let root = "/api/v3/brokerage"
    let page = CandlePages.Page(first: Timestamp(seconds: 300), last: Timestamp(seconds: 90_000))
    let candles = try #require(
      AdvancedTrade.candles(
        of: "BTC-USD", page, interval: TimeSpan(seconds: 300), isPublic: true))
    let start = Timestamp(seconds: 1_763_805_600)
    for (request, target) in [
      (AdvancedTrade.serverTime().request, "/time"),
      (AdvancedTrade.keyPermissions().request, "/key_permissions"),
      (AdvancedTrade.balances(after: "x/y").request, "/accounts?limit=250&cursor=x%2Fy"),
      (AdvancedTrade.feeTier().request, "/transaction_summary?product_type=SPOT"),
      (
        AdvancedTrade.products(["BTC-USD", "ETH-USD"]).request,
        "/products?product_type=SPOT&product_ids=BTC-USD&product_ids=ETH-USD"
      ),
      (AdvancedTrade.product("BTC-USD", isPublic: true).request, "/market/products/BTC-USD"),
      (
        candles.request,
        "/market/products/BTC-USD/candles?start=300&end=90000&granularity=FIVE_MINUTE&limit=300"
      ),
      (AdvancedTrade.order("a?b").request, "/orders/historical/a%3Fb"),
      (
        AdvancedTrade.workingOrders(.moving, after: "c").request,
        "/orders/historical/batch?order_status=PENDING&order_status=QUEUED"
          + "&order_status=CANCEL_QUEUED&order_status=EDIT_QUEUED&product_type=SPOT&limit=250&cursor=c"
      ),
      (
        AdvancedTrade.workingOrders(.open).request,
        "/orders/historical/batch?order_status=OPEN&product_type=SPOT&limit=250"
      ),
      (
        AdvancedTrade.orders(ofProducts: ["A-B"], since: start).request,
        "/orders/historical/batch?product_ids=A-B&product_type=SPOT"
          + "&start_date=2025-11-22T10%3A00%3A00Z&limit=250"
      ),
      (
        AdvancedTrade.fills(ofOrders: ["o"], ofProducts: ["A-B"], since: start).request,
        "/orders/historical/fills?order_ids=o&product_ids=A-B"
          + "&start_sequence_timestamp=2025-11-22T10%3A00%3A00Z&limit=100"
      ),
    ] {
      #expect(request.target == root + target)
      #expect(request.method == .get && request.body.isEmpty && request.repetition == .harmless)
    }
    #expect(candles.request.group == .publicData)
    #expect(AdvancedTrade.fills().request.group == .fills)
  }

  @Test("Pages of candles cover everything once", arguments: Seeds.ofThisRun)
  func pages(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let interval = TimeSpan(seconds: [60, 300, 3600].randomElement(using: &random) ?? 60)
      let start = Timestamp(seconds: Int64.random(in: -9999...1_000_000, using: &random))
      let length = Int64.random(in: -10...2_000_000, using: &random)
      let end = Timestamp(seconds: start.seconds + length)
      let perPage = Int.random(in: 1...350, using: &random)
      var expected: [Timestamp] = []
      let span = interval.nanoseconds
      let rest = ((start.nanoseconds % span) + span) % span
      var next = Timestamp(nanoseconds: start.nanoseconds - rest)
      while next < end {
        expected.append(next)
        next = next + interval
      }
      var found: [Timestamp] = []
      for page in CandlePages(from: start, to: end, interval: interval, perPage: perPage) {
        var time = page.first
        let before = found.count
        while time <= page.last {
          found.append(time)
          time = time + interval
        }
        #expect((1...perPage).contains(found.count - before))
      }
      #expect(found == expected, "SEED=\(seed)")
    }
  }

  @Test func `subscriptions`() {
    let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
    #expect(
      text(AdvancedTrade.subscription(to: .heartbeats, products: [], token: nil))
        == #"{"type":"subscribe","channel":"heartbeats"}"#)
    #expect(
      text(
        AdvancedTrade.subscription(to: .user, products: ["BTC-USD"], token: Samples.token))
        == #"{"type":"subscribe","channel":"user","product_ids":["BTC-USD"],"jwt":"a.b.c"}"#)
    #expect(
      text(
        AdvancedTrade.subscription(to: .marketTrades, products: ["A"], token: nil, ends: true))
        == #"{"type":"unsubscribe","channel":"market_trades","product_ids":["A"]}"#)
  }
}
