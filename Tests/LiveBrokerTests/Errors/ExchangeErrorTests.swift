import Market
import TestKit
import Testing

@testable import LiveBroker

@Suite("Errors of the exchange")
struct ExchangeErrorTests {
  private static let wish = OrderWish(
    Order(
      id: Samples.ownID, side: .buy, limit: 100, quantity: 1, submitted: Timestamp(seconds: 0)),
    productID: "BTC-USD")

  private static func error(
    _ answer: HTTPAnswer, isOrder: Bool = true, _ api: ExchangeAPI = .advancedTrade
  ) -> ExchangeError? {
    do {
      switch (api, isOrder) {
      case (.advancedTrade, true): _ = try AdvancedTrade.place(wish).answer(to: answer)
      case (.advancedTrade, false): _ = try AdvancedTrade.order("x").answer(to: answer)
      case (.exchange, true): _ = try ExchangeREST.place(wish).answer(to: answer)
      case (.exchange, false): _ = try ExchangeREST.order("x").answer(to: answer)
      }
      return nil
    } catch { return error }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var problem: ExchangeError.Problem
    /// Of an order, and of something that only reads.
    var order: ExchangeError.Repetition
    var read: ExchangeError.Repetition
    var testDescription: String { "\(status) \(body.prefix(50))" }
  }

  private static let page =
    "<!DOCTYPE html><html><head><title>Too many</title></head><body>429 rate limit</body></html>"

  /// coinbase.md A.11, row by row.
  static let rows = [
    Row(
      status: 400,
      body: #"{"error":"INVALID_ARGUMENT","error_details":"start and end argument is invalid","#
        + #""message":"number of candles requested should be less than 350"}"#,
      problem: .invalid(
        "number of candles requested should be less than 350; start and end argument is invalid; "
          + "INVALID_ARGUMENT"), order: .pointless, read: .pointless),
    Row(
      status: 400, body: #"{"error":"unknown","code":3,"message":"bad","details":[]}"#,
      problem: .invalid("bad; unknown"), order: .pointless, read: .pointless),
    Row(
      status: 401, body: "Unauthorized\n", problem: .unauthorized("Unauthorized"),
      order: .signedAnew, read: .signedAnew),
    Row(
      status: 403,
      body: #"{"error":"PERMISSION_DENIED","error_details":"Missing required scopes","#
        + #""message":"Missing required scopes"}"#,
      problem: .forbidden("Missing required scopes; PERMISSION_DENIED"),
      order: .pointless, read: .pointless),
    Row(
      status: 404, body: #"{"error":"NOT_FOUND","message":"Product X-USD not supported"}"#,
      problem: .notFound("Product X-USD not supported; NOT_FOUND"), order: .pointless,
      read: .pointless),
    Row(
      status: 404,
      body: #"{"error":"unknown","error_details":"order with this orderID was not found"}"#,
      problem: .notFound("order with this orderID was not found; unknown"), order: .pointless,
      read: .pointless),
    Row(
      status: 429,
      body: #"{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}"#,
      problem: .rateLimited(nil), order: .afterLimit(nil), read: .afterLimit(nil)),
    Row(
      status: 429, body: page, problem: .rateLimited(nil), order: .afterLimit(nil),
      read: .afterLimit(nil)),
    Row(
      status: 429, body: "", problem: .rateLimited(nil), order: .afterLimit(nil),
      read: .afterLimit(nil)),
    Row(
      status: 401, body: #"{"errors":[{"id":"rate_limit_exceeded","message":""}]}"#,
      problem: .rateLimited(nil), order: .afterLimit(nil), read: .afterLimit(nil)),
    Row(
      status: 401, body: page, problem: .rateLimited(nil), order: .afterLimit(nil),
      read: .afterLimit(nil)),
    Row(
      status: 500, body: "Internal Server Error", problem: .unavailable(status: 500),
      order: .afterLookUp, read: .safe),
    Row(
      status: 502, body: "<html>Bad gateway</html>", problem: .unavailable(status: 502),
      order: .afterLookUp, read: .safe),
    Row(
      status: 503, body: "{}", problem: .unavailable(status: 503), order: .afterLookUp, read: .safe),
    Row(
      status: 302, body: "", problem: .unexpected(status: 302), order: .afterLookUp, read: .safe),
  ]

  @Test("A.11, of orders and of reads", arguments: rows)
  func table(row: Row) throws {
    let answer = Samples.answer(row.body, status: row.status)
    let order = try #require(Self.error(answer))
    #expect(order.problem == row.problem && order.repetition == row.order)
    #expect(order.description.hasPrefix("POST /api/v3/brokerage/orders: "))
    // Where nobody knows whether there is an order, the engine is told nothing.
    #expect((order.rejection == nil) == (row.order == .afterLookUp))
    let read = try #require(Self.error(answer, isOrder: false))
    #expect(read.problem == row.problem && read.repetition == row.read)
  }

  /// coinbase.md B.1 and B.2.
  static let exchangeRows: [(Int, String, ExchangeError.Problem)] = [
    (401, "request timestamp expired", .unauthorized("request timestamp expired")),
    (401, "invalid signature", .unauthorized("invalid signature")),
    (401, "Invalid API Key", .unauthorized("Invalid API Key")),
    (401, "Invalid Passphrase", .unauthorized("Invalid Passphrase")),
    (401, "Unauthorized.", .unauthorized("Unauthorized.")),
    (403, "forbidden", .forbidden("forbidden")),
    (404, "NotFound", .notFound("NotFound")),
    (404, "order not found", .notFound("order not found")),
    (429, "Private rate limit exceeded", .rateLimited(nil)),
    (429, "Public rate limit exceeded", .rateLimited(nil)),
    (500, "Internal server error", .unavailable(status: 500)),
    (400, "Unsupported granularity", .invalid("Unsupported granularity")),
  ]

  @Test("Errors of the Exchange API", arguments: exchangeRows)
  func exchange(status: Int, message: String, problem: ExchangeError.Problem) throws {
    let answer = Samples.answer(#"{"message":"\#(message)"}"#, status: status)
    #expect(try #require(Self.error(answer, .exchange)).problem == problem)
    #expect(try #require(Self.error(answer, isOrder: false, .exchange)).problem == problem)
  }

  /// Of proxies and gateways, and of nobody.
  static let strange404 = [
    "", "{}", "Not Found", "404 page not found\n", "order not found",
    "<html>Order not found</html>",
    #"{"message":"Not Found"}"#, #"{"code":5,"message":"Not Found","details":[]}"#,
    #"{"message":"no Route matched with those values"}"#,
    #"{"error":"Not Found","message":"/api/v3/brokerage/orders/historical/x was not found"}"#,
  ]

  @Test(
    "A 404 that is not in the exchange's words says nothing of an order",
    arguments: strange404, [ExchangeAPI.advancedTrade, .exchange])
  func strange(body: String, api: ExchangeAPI) throws {
    let answer = Samples.answer(body, status: 404)
    let read = try #require(Self.error(answer, isOrder: false, api))
    #expect(read.problem == .unexpected(status: 404) && read.repetition == .safe)
    let order = try #require(Self.error(answer, api))
    #expect(order.problem == .unexpected(status: 404) && order.repetition == .afterLookUp)
  }

  static let refusals: [(String, RefusalKind, Rejection)] = [
    ("Insufficient funds", .insufficientFunds, .insufficientFunds),
    ("size is too accurate. Smallest unit is 0.00000001", .sizePrecision, .other),
    ("price is too accurate. Smallest unit is 0.01", .pricePrecision, .other),
    ("size is too small. Minimum size is 0.001", .tooSmall, .tooSmall),
    ("Product not found", .unknownProduct, .other),
    ("Trading pair not available", .unknownProduct, .other),
    ("Post only mode", .halted, .other), ("Invalid order_type stop", .unsupported, .other),
  ]

  @Test("Refusals of the Exchange are told by their words", arguments: refusals)
  func worded(words: String, kind: RefusalKind, rejection: Rejection) throws {
    let error = try #require(
      Self.error(Samples.answer(#"{"message":"\#(words)"}"#, status: 400), .exchange))
    guard case .refused(let refusal) = error.problem else {
      Issue.record("\(error)")
      return
    }
    #expect(refusal.kind == kind && error.rejection == rejection && refusal.message == words)
    // A read that is refused with the same words is just a bad request.
    let read = try #require(
      Self.error(
        Samples.answer(#"{"message":"\#(words)"}"#, status: 400), isOrder: false, .exchange))
    #expect(read.problem == .invalid(words))
  }

  @Test func `the Exchange's post-only refusal is an order that was rejected`() throws {
    let body = Samples.exchangeOrder.replacing(
      #""status":"active""#, with: #""status":"rejected","reject_reason":"post only""#)
    let error = try #require(Self.error(Samples.answer(body), .exchange))
    #expect(error.rejection == .postOnlyWouldTake && error.repetition == .pointless)
  }

  static let namedRefusals: [(String, RefusalKind, Rejection)] = [
    ("INSUFFICIENT_FUND", .insufficientFunds, .insufficientFunds),
    ("PREVIEW_INSUFFICIENT_FUND", .insufficientFunds, .insufficientFunds),
    ("INVALID_LIMIT_PRICE_POST_ONLY", .postOnlyWouldTake, .postOnlyWouldTake),
    ("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", .tooSmall, .tooSmall),
    ("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", .tooSmall, .tooSmall),
    ("PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE", .stopAboveLastTrade, .other),
    ("PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE", .stopBelowLastTrade, .other),
    ("PREVIEW_STOP_PRICE_BELOW_LIMIT_PRICE", .stopAndLimitCrossed, .other),
    ("PREVIEW_STOP_PRICE_ABOVE_LIMIT_PRICE", .stopAndLimitCrossed, .other),
    ("INVALID_PRICE_PRECISION", .pricePrecision, .other),
    ("PREVIEW_INVALID_PRICE_PRECISION", .pricePrecision, .other),
    ("PREVIEW_INVALID_STOP_PRICE_PRECISION", .pricePrecision, .other),
    ("PREVIEW_INVALID_LIMIT_PRICE_PRECISION", .pricePrecision, .other),
    ("INVALID_SIZE_PRECISION", .sizePrecision, .other),
    ("LIMIT_PRICE_TOO_FAR_FROM_MARKET", .limitTooFar, .other),
    ("END_TIME_IS_IN_THE_PAST", .endTimePassed, .other), ("ORDER_ENTRY_DISABLED", .halted, .other),
    ("TRADING_DISABLED", .halted, .other), ("INVALID_PRODUCT_ID", .unknownProduct, .other),
    ("DUPLICATE_CLIENT_ORDER_ID", .duplicateID, .other),
    ("UNSUPPORTED_ORDER_CONFIGURATION", .unsupported, .other), ("BRAND_NEW", .other, .other),
  ]

  @Test(
    "Refusals of Advanced Trade come with HTTP 200, under three names", arguments: namedRefusals)
  func named(reason: String, kind: RefusalKind, rejection: Rejection) throws {
    for key in ["error", "preview_failure_reason", "new_order_failure_reason"] {
      var members = [
        "error": "UNKNOWN_FAILURE_REASON",
        "preview_failure_reason": "UNKNOWN_PREVIEW_FAILURE_REASON",
        "new_order_failure_reason": "",
      ]
      members[key] = reason
      let list = members.sorted { $0.key < $1.key }.map { #""\#($0.key)":"\#($0.value)""# }
      let body =
        #"{"success":false,"error_response":{\#(list.joined(separator: ",")),"message":"words","#
        + #""error_details":""},"order_configuration":{}}"#
      let error = try #require(Self.error(Samples.answer(body)))
      guard case .refused(let refusal) = error.problem else {
        Issue.record("\(error)")
        continue
      }
      #expect(refusal.kind == kind && refusal.reasons == [reason] && refusal.message == "words")
      #expect(error.rejection == rejection)
      #expect(error.repetition == (kind.passes ? .safe : .pointless))
      #expect(error.description.contains("refused: words (\(reason))"))
    }
  }

  @Test func `the sample of ccxt's issue 20419 says all that it says`() throws {
    let body = #"""
      {"success":false,"failure_reason":"UNKNOWN_FAILURE_REASON","order_id":"","error_response":
       {"error":"INSUFFICIENT_FUND","message":"Insufficient balance in source account",
        "error_details":"","preview_failure_reason":"PREVIEW_INSUFFICIENT_FUND"},
       "order_configuration":{"limit_limit_gtc":{}}}
      """#
    let error = try #require(Self.error(Samples.answer(body)))
    #expect(
      "\(error)"
        == "POST /api/v3/brokerage/orders: refused: Insufficient balance in source account "
        + "(INSUFFICIENT_FUND, PREVIEW_INSUFFICIENT_FUND). It is tried again.")
    #expect(error.rejection == .insufficientFunds)
    let bare = try #require(Self.error(Samples.answer(#"{"success":false}"#)))
    #expect("\(bare)".contains("refused: without a reason") && bare.rejection == .other)
  }

  @Test(arguments: ["the connection was closed", "the connection was closed."])
  func `words with a full stop of their own get no second one`(words: String) {
    let error = ExchangeError(request: AdvancedTrade.orders().request, problem: .lost(words))
    #expect("\(error)".hasSuffix(": no answer: the connection was closed. It is tried again."))
  }

  @Test func `a yes that cannot be read leaves the order in doubt, and its place is named`() throws
  {
    for (body, words) in [
      (#"{"success":true}"#, "success_response is missing"),
      (
        #"{"success":true,"success_response":{"order_id":7}}"#,
        "success_response.order_id is a number, not a string"
      ),
      (
        #"{"success":true,"success_response":{"order_id":""}}"#,
        "success_response.order_id is '', which is no name"
      ),
      (#"{"success":"yes"}"#, "success is a string, not true or false"),
      ("[]", "the answer is an array, not an object"), (#"{"success":"#, "line 1, column 12"),
    ] {
      let error = try #require(Self.error(Samples.answer(body)))
      #expect(error.description.contains(words), "\(error)")
      #expect(error.repetition == .afterLookUp && error.rejection == nil)
      #expect(error.description.contains("looked up by its client order id"))
    }
  }

  @Test func `a path leads through lists`() throws {
    let body = Samples.order.replacing(#""limit_price":"95000.00""#, with: #""limit_price":"x""#)
    let error = #expect(throws: ExchangeError.self) {
      try AdvancedTrade.orders().answer(
        to: Samples.answer(#"{"orders":[\#(Samples.order),\#(body)],"has_next":false}"#))
    }
    #expect(
      error?.description.contains(
        "orders[1].order_configuration.stop_limit_stop_limit_gtc.limit_price is 'x', which is no price"
      ) == true)
  }

  @Test func `success is what its order says`() throws {
    let body = #"""
      {"success":true,"failure_reason":"UNKNOWN_FAILURE_REASON","success_response":
       {"order_id":"11","product_id":"BTC-USD","side":"BUY","client_order_id":"c",
        "attached_order_id":""},"order_configuration":{}}
      """#
    let placed = try AdvancedTrade.place(Self.wish).answer(to: Samples.answer(body))
    #expect(placed == PlacedOrder(id: "11", clientID: "c"))
  }

  static let waitHeaders: [(String, String, TimeSpan?)] = [
    ("Retry-After", "3", TimeSpan(seconds: 3)),
    ("retry-after", "0.25", TimeSpan(nanoseconds: 250_000_000)),
    ("X-RateLimit-Reset", "10", TimeSpan(seconds: 10)),
    ("retry-after", "3600", TimeSpan(seconds: 3600)),
    ("retry-after", "-1", nil), ("retry-after", "1763805600", nil), ("retry-after", "1e400", nil),
    ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", nil), ("retry-after", "", nil),
  ]

  @Test("How long to wait", arguments: waitHeaders)
  func waits(name: String, value: String, wait: TimeSpan?) throws {
    let answer = Samples.answer("", status: 429, headers: [.init("Date", "x"), .init(name, value)])
    #expect(try #require(Self.error(answer)).problem == .rateLimited(wait))
  }

  @Test func `nothing long, and nothing of a page, gets into a message`() throws {
    let long = String(repeating: "x", count: 5000)
    for body in [
      Self.page, long, #"{"message":"\#(long)"}"#, "a\u{1b}[31mb", #"{"message":"a\u001b\nb"}"#,
    ] {
      for status in [400, 401, 403, 404, 500] {
        let text = try #require(Self.error(Samples.answer(body, status: status))).description
        #expect(text.utf8.count < 600 && !text.contains("<") && !text.contains("\u{1b}"))
        #expect(!text.contains("\n"))
      }
    }
  }

  @Test(
    "What a proxy says leaves the request on its way, what the exchange says does not",
    arguments: zip(
      [400, 401, 408, 422, 429, 500, 502, 503, 504, 520, 524],
      [false, false, false, false, false, false, true, false, true, true, true]))
  func onItsWay(status: Int, mayBe: Bool) {
    #expect(Self.error(HTTPAnswer(status: status, headers: [], body: []))?.mayBeOnItsWay == mayBe)
  }

  @Test func `a lost answer of an order is looked up, of a read asked again`() {
    let order = ExchangeError(
      request: AdvancedTrade.place(Self.wish).request, problem: .lost("connection closed"))
    #expect(order.repetition == .afterLookUp && order.rejection == nil)
    let read = ExchangeError(
      request: AdvancedTrade.serverTime().request, problem: .lost("time-out"))
    #expect(read.repetition == .safe)
  }
}
