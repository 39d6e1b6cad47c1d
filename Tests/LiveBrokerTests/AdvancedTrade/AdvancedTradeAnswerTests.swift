import Market
import TestKit
import Testing

@testable import LiveBroker

@Suite("Answers of Advanced Trade")
struct AdvancedTradeAnswerTests {
  @Test func `a product's tick is its price increment, and everything is exact`() throws {
    let text = Samples.product.replacing(
      #""quote_increment":"0.01""#, with: #""quote_increment":"1""#)
    let call = AdvancedTrade.products(["BTC-USD"])
    let products = try call.answer(
      to: Samples.answer(#"{"products":[\#(text)],"num_products":1,"pagination":null}"#))
    #expect(
      products == [
        ListedProduct(
          product: Product(
            id: "BTC-USD", quoteIncrement: price("0.01"), baseIncrement: quantity("0.00000001"),
            baseMinSize: quantity("0.00000001"), quoteMinSize: 1),
          baseCurrency: "BTC", quoteCurrency: "USD", status: "online", restrictions: [],
          price: price("97000.01"), alias: nil)
      ])
    #expect(products.first?.isTradable == true)
    let one = try AdvancedTrade.product("BTC-USD").answer(to: Samples.answer(Samples.product))
    #expect(one == products.first)
  }

  static let restrictions: [(String, String, ListedProduct.Restriction, Bool)] = [
    (#""is_disabled":false"#, #""is_disabled":true"#, .disabled, false),
    (#""trading_disabled":false"#, #""trading_disabled":true"#, .disabled, false),
    (#""status":"online""#, #""status":"delisted""#, .disabled, false),
    (#""cancel_only":false"#, #""cancel_only":true"#, .cancelOnly, false),
    (#""post_only":false"#, #""post_only":true"#, .postOnly, false),
    (#""auction_mode":false"#, #""auction_mode":true"#, .auction, false),
    (#""view_only":false"#, #""view_only":true"#, .viewOnly, false),
    (#""limit_only":false"#, #""limit_only":true"#, .limitOnly, true),
  ]

  @Test("What limits orders is said", arguments: restrictions)
  func restricted(
    from: String, to: String, restriction: ListedProduct.Restriction, isTradable: Bool
  ) throws {
    let text = Samples.product.replacing(from, with: to)
    let product = try AdvancedTrade.product("BTC-USD").answer(to: Samples.answer(text))
    #expect(product.restrictions == [restriction] && product.isTradable == isTradable)
  }

  @Test func `an empty price is none, an empty status is no restriction, least sizes round up`()
    throws
  {
    let text = Samples.product.replacing(#""price":"97000.01""#, with: #""price":"""#)
      .replacing(#""status":"online""#, with: #""status":"""#)
      .replacing(
        #""base_min_size":"0.00000001""#, with: #""base_min_size":"26.7187147229469674""#)
    let product = try AdvancedTrade.product("BTC-USD").answer(to: Samples.answer(text))
    #expect(product.price == nil && product.isTradable)
    #expect(product.product.baseMinSize == quantity("26.71871473"))
  }

  @Test func `a preview says why an order would be refused`() throws {
    let wish = OrderWish(
      Order(
        id: Samples.ownID, side: .sell, limit: 1, trigger: 2, quantity: 1,
        submitted: Timestamp(seconds: 0)), productID: "BTC-USD")
    func preview(_ members: String) throws -> OrderPreview {
      try AdvancedTrade.preview(wish).answer(
        to: Samples.answer(
          #"{"order_total":"1","quote_size":"1","is_max":false,"pnl_configuration":null\#(members)}"#
        ))
    }
    #expect(
      try preview(
        #","errs":[],"warning":["BIG_ORDER"],"commission_total":"0.00600000000000000001""#)
        == OrderPreview(refusal: nil, warnings: ["BIG_ORDER"], fee: money("0.006")))
    let refused = try preview(
      #","errs":["PREVIEW_INSUFFICIENT_FUND","PREVIEW_NEW"],"warning":null,"commission_total":"""#)
    #expect(refused.refusal?.kind == .insufficientFunds)
    #expect(refused.refusal?.reasons == ["PREVIEW_INSUFFICIENT_FUND", "PREVIEW_NEW"])
    #expect(refused.warnings.isEmpty && refused.fee == nil)
    for (members, place) in [
      ("", "errs"), (#","errs":null"#, "errs"), (#","errs":[],"warning":[1]"#, "warning[0]"),
      (#","errs":[{}]"#, "errs[0]"), (#","errs":[],"commission_total":"x""#, "commission_total"),
    ] {
      do throws(any Error) {
        _ = try preview(members)
        Issue.record("\(members) was read")
      } catch {
        #expect("\(error)".contains(place), "\(error)")
      }
    }
  }

  @Test func `permissions, balances and fees`() throws {
    let permissions = try AdvancedTrade.keyPermissions().answer(
      to: Samples.answer(
        #"{"can_view":true,"can_trade":true,"can_transfer":false,"portfolio_uuid":"p-1","portfolio_type":"DEFAULT"}"#
      ))
    #expect(
      permissions
        == KeyPermissions(canView: true, canTrade: true, canTransfer: false, portfolio: "p-1"))
    let accounts = #"""
      {"accounts":[{"uuid":"a","name":"USD Wallet","currency":"USD",
        "available_balance":{"value":"1000.0000000000000001","currency":"USD"},"default":true,
        "active":true,"deleted_at":null,"type":"ACCOUNT_TYPE_FIAT","ready":true,
        "hold":{"value":"12.5","currency":"USD"}}],"has_next":true,"cursor":"789","size":49}
      """#
    let page = try AdvancedTrade.balances().answer(to: Samples.answer(accounts))
    #expect(
      page.items == [
        Balance(
          currency: "USD", available: money("1000.0000000000000001"), held: money("12.5"),
          isActive: true)
      ])
    #expect(page.items.first?.total == money("1012.5000000000000001") && page.next == "789")
    let last = accounts.replacing(#""has_next":true"#, with: #""has_next":false"#)
    #expect(try AdvancedTrade.balances(after: "789").answer(to: Samples.answer(last)).next == nil)
    let tier = try AdvancedTrade.feeTier().answer(
      to: Samples.answer(
        #"{"total_volume":12.5,"total_fees":1e2,"fee_tier":{"pricing_tier":"Intro 1","usd_from":"0","taker_fee_rate":"0.012","maker_fee_rate":"0.006"},"margin_rate":null}"#
      ))
    #expect(
      tier == FeeTier(name: "Intro 1", makerRate: rate("0.006"), takerRate: rate("0.012")))
  }

  @Test func `the server's time is exact to the millisecond`() throws {
    let time = try AdvancedTrade.serverTime().answer(
      to: Samples.answer(
        #"{"iso":"2026-11-22T10:00:00Z","epochSeconds":"1763805600","epochMillis":"1763805600123"}"#
      ))
    #expect(time.time == Timestamp(nanoseconds: 1_763_805_600_123_000_000))
  }

  @Test func `candles come oldest first, with gaps, and volumes are cut`() throws {
    let page = CandlePages.Page(
      first: Timestamp(seconds: 1_763_805_600), last: Timestamp(seconds: 1_763_806_500))
    let call = try #require(
      AdvancedTrade.candles(of: "BTC-USD", page, interval: TimeSpan(seconds: 300)))
    let candles = try call.answer(
      to: Samples.answer(
        #"""
        {"candles":[{"start":"1763806500","low":"1","high":"3","open":"2","close":"2.5","volume":"7.123456789"},
         {"start":"1763805600","low":"2","high":"2","open":"2","close":"2","volume":"1"}]}
        """#))
    #expect(candles.map(\.start.seconds) == [1_763_805_600, 1_763_806_500])
    #expect(candles.last?.volume == quantity("7.12345678"))
    #expect(candles.last?.defect(interval: TimeSpan(seconds: 300)) == nil)
    #expect(AdvancedTrade.candles(of: "X", page, interval: TimeSpan(seconds: 299)) == nil)
  }

  @Test func `an order is read whole, computed values to their last digit`() throws {
    let order = try AdvancedTrade.order(Samples.orderID).answer(
      to: Samples.answer(#"{"order":\#(Samples.order)}"#))
    #expect(order.id == Samples.orderID && order.ownID == Samples.ownID)
    #expect(order.productID == "BTC-USD" && order.side == .sell && order.status == .open)
    #expect(
      order.terms
        == .stopLimit(trigger: price("95500.01"), limit: price("95000"), direction: .down))
    #expect(order.quantity == quantity("0.5") && order.filled == quantity("0.1"))
    #expect(order.averagePrice == money("21220.6399999973697697"))
    #expect(order.filledValue == money("6.3220675944333996"))
    #expect(order.fees == money("0.07996791093331522") && order.held == money("0.4"))
    #expect(order.trigger == .waiting && !order.isCancelPending && order.reason == "")
    #expect(order.created == Timestamp(nanoseconds: 1_795_341_600_123_456_000))
    #expect(order.rejection == nil)
  }

  static let statuses: [(String, ExchangeOrder.Status, Bool)] = [
    ("PENDING", .pending, true), ("OPEN", .open, true), ("QUEUED", .queued, true),
    ("CANCEL_QUEUED", .cancelQueued, true), ("EDIT_QUEUED", .editQueued, true),
    ("UNKNOWN_ORDER_STATUS", .unknown("UNKNOWN_ORDER_STATUS"), true),
    ("BRAND_NEW", .unknown("BRAND_NEW"), true), ("FILLED", .filled, false),
    ("CANCELLED", .cancelled, false), ("EXPIRED", .expired, false), ("FAILED", .failed, false),
  ]

  @Test("Every status", arguments: statuses)
  func status(text: String, status: ExchangeOrder.Status, isWorking: Bool) throws {
    let body = Samples.order.replacing(#""status":"OPEN""#, with: #""status":"\#(text)""#)
    let order = try AdvancedTrade.order("x").answer(to: Samples.answer(#"{"order":\#(body)}"#))
    #expect(order.status == status && order.status.isWorking == isWorking)
    #expect(order.isCancelPending == (status == .cancelQueued))
  }

  static let reasons: [(String, Rejection)] = [
    ("HOLD_FAILURE", .insufficientFunds), ("REJECT_REASON_INSUFFICIENT_FUNDS", .insufficientFunds),
    ("TOO_MANY_OPEN_ORDERS", .other), ("RATE_LIMIT_EXCEEDED", .other),
    ("REJECT_REASON_UNSPECIFIED", .other),
  ]

  @Test("An order that failed after all says why", arguments: reasons)
  func failed(reason: String, rejection: Rejection) throws {
    let body = Samples.order.replacing(#""status":"OPEN""#, with: #""status":"FAILED""#)
      .replacing("REJECT_REASON_UNSPECIFIED", with: reason)
    let order = try AdvancedTrade.order("x").answer(to: Samples.answer(#"{"order":\#(body)}"#))
    #expect(order.rejection == rejection)
  }

  static let terms: [(String, ExchangeOrder.Terms)] = [
    (
      #""limit_limit_gtc":{"base_size":"0.5","limit_price":"1","post_only":true}"#,
      .limit(1, isPostOnly: true, timeInForce: .goodTillCancelled)
    ),
    (
      #""limit_limit_gtd":{"base_size":"0.5","limit_price":"1","post_only":false,"end_time":"x"}"#,
      .limit(1, isPostOnly: false, timeInForce: .goodTillTime)
    ),
    (
      #""sor_limit_ioc":{"base_size":"0.5","limit_price":"1"}"#,
      .limit(1, isPostOnly: false, timeInForce: .immediateOrCancel)
    ),
    (
      #""limit_limit_fok":{"base_size":"0.5","limit_price":"1"}"#,
      .limit(1, isPostOnly: false, timeInForce: .fillOrKill)
    ),
    (#""market_market_ioc":{"quote_size":"5"}"#, .other("market_market_ioc")),
    (#""trigger_bracket_gtc":{"base_size":"1"}"#, .other("trigger_bracket_gtc")),
  ]

  @Test("Every kind of order, ours and others", arguments: terms)
  func kinds(configuration: String, terms: ExchangeOrder.Terms) throws {
    let start = try #require(Samples.order.firstRange(of: #""stop_limit_stop_limit_gtc""#))
    let end = try #require(Samples.order.firstRange(of: "}},"))
    let body =
      Samples.order[..<start.lowerBound] + configuration
      + Samples.order[end.lowerBound...]
      .dropFirst()
    let order = try AdvancedTrade.order("x").answer(to: Samples.answer(#"{"order":\#(body)}"#))
    #expect(order.terms == terms)
  }

  @Test func `pages of orders end where the exchange says so`() throws {
    let page = try AdvancedTrade.workingOrders(.open).answer(
      to: Samples.answer(
        #"{"orders":[\#(Samples.order)],"has_next":true,"cursor":"c","sequence":"0"}"#))
    #expect(page.next == "c" && page.items.count == 1)
    #expect(AdvancedTrade.order(Samples.ownID, in: page)?.id == Samples.orderID)
    let other = ClientOrderID(session: 7, pair: 1, number: 43)
    #expect(AdvancedTrade.order(other, in: page) == nil)
    let last = try AdvancedTrade.orders().answer(
      to: Samples.answer(#"{"orders":[],"has_next":false,"cursor":"c"}"#))
    #expect(last.next == nil && last.items.isEmpty)
  }

  @Test func `a fill is exact, and a fill of the engine`() throws {
    let page = try AdvancedTrade.fills(ofOrders: ["x"]).answer(
      to: Samples.answer(#"{"fills":[\#(Samples.fill)],"cursor":""}"#))
    let fill = try #require(page.items.first)
    #expect(page.next == nil && fill.entryID == "e-1" && fill.tradeID == "1111")
    let own = try #require(fill.fill(of: Samples.ownID))
    #expect(own.price == price("95000.01") && own.quantity == quantity("0.1"))
    #expect(own.fee == money("0.0000280983986004") && own.liquidity == .taker && own.side == .sell)
    #expect(own.time == Timestamp(nanoseconds: 1_795_341_601_000_000_001))
    // SHA-256 of "e-1", its first 8 bytes.
    #expect(own.id == fill.number)
    var other = fill
    other.entryID = "e-2"
    #expect(other.number != fill.number)
    let more = try AdvancedTrade.fills().answer(
      to: Samples.answer(#"{"fills":[],"cursor":"next"}"#))
    #expect(more.next == "next")
  }

  static let odd: [(String, String)] = [
    (#""trade_type":"FILL""#, #""trade_type":"REVERSAL""#),
    (#""size_in_quote":false"#, #""size_in_quote":true"#),
    (#""size":"0.1""#, #""size":"0.123456789""#), (#""size":"0.1""#, #""size":"0""#),
  ]

  @Test("A fill that no order of ours can have is none of the engine's", arguments: odd)
  func oddFill(from: String, to: String) throws {
    let text = Samples.fill.replacing(from, with: to)
    let page = try AdvancedTrade.fills().answer(to: Samples.answer(#"{"fills":[\#(text)]}"#))
    #expect(page.items.count == 1 && page.items.first?.fill(of: Samples.ownID) == nil)
  }

  @Test func `a fee of more than 18 decimals costs nobody the fill`() throws {
    let text = Samples.fill.replacing("0.0000280983986004", with: "0.1234567890123456789")
    let page = try AdvancedTrade.fills().answer(to: Samples.answer(#"{"fills":[\#(text)]}"#))
    #expect(page.items.first?.fee == money("0.123456789012345678"))
  }

  @Test func `each wish to cancel has its answer, whatever the order of the results`() throws {
    let call = AdvancedTrade.cancel(["a", "b", "c", "d", "e"])
    let answers = try call.answer(
      to: Samples.answer(
        #"""
        {"results":[
          {"success":false,"failure_reason":"ORDER_IS_FULLY_FILLED","order_id":"e"},
          {"success":false,"failure_reason":"COMMANDER_REJECTED_CANCEL_ORDER","order_id":"d"},
          {"success":false,"failure_reason":"DUPLICATE_CANCEL_REQUEST","order_id":"c"},
          {"success":false,"failure_reason":"UNKNOWN_CANCEL_ORDER","order_id":"b"},
          {"success":true,"failure_reason":"UNKNOWN_CANCEL_FAILURE_REASON","order_id":"a"}]}
        """#))
    #expect(answers.map(\.orderID) == ["a", "b", "c", "d", "e"])
    #expect(
      answers.map(\.outcome) == [
        .requested, .nothingToCancel("UNKNOWN_CANCEL_ORDER"),
        .alreadyRequested("DUPLICATE_CANCEL_REQUEST"), .refused("COMMANDER_REJECTED_CANCEL_ORDER"),
        .nothingToCancel("ORDER_IS_FULLY_FILLED"),
      ])
    let error = #expect(throws: ExchangeError.self) {
      try call.answer(to: Samples.answer(#"{"results":[]}"#))
    }
    #expect(error?.description.contains("results (order a) is missing") == true)
    #expect(error?.repetition == .safe)
  }
}
