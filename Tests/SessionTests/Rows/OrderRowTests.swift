import Credentials
import LiveBroker
import Market
import Network
import Sandbox
import TestKit
import Testing

/// Rows of coinbase.md C about what is placed and cancelled.
@Suite("What others hit: orders", .timeLimit(.minutes(10)))
struct OrderRowTests {
  @Test func `C05 the same name twice is one order, and another order's answer is not taken`()
    async throws
  {
    try await RowStage.run(.ed25519) { stage in
      let wish = stage.wish(1, limit: "50")
      let first = try await stage.exchange.place(wish, .entry)
      let second = try await stage.exchange.place(wish, .entry)
      #expect(first.id == second.id && first.clientID == "\(wish.order.id)")
      #expect(await stage.sandbox.exchange.orders.count == 1)
    }
    // A session that is told of an order that it has not sent looks for its own, and has its fills.
    let stage = try SessionStage(seed: 6, count: 300)
    let struck = Tally()
    let (fills, _) = try await stage.rehearse { number, request in
      guard request.method == .post, request.path.hasSuffix("/orders"), number > 12,
        number % 5 == 0
      else { return .passes }
      struck.add()
      return .says(
        #"{"success":true,"success_response":{"order_id":"1","client_order_id":"constant"}}"#)
    }
    #expect(try fills == stage.backtest() && struck.count > 0)
  }

  @Test func `C06 and C07 prices are on the tick and sizes on the lot`() async throws {
    let stage = try SessionStage(
      seed: 6, count: 300, more: ["product.base_increment=0.001", "product.quote_increment=0.5"])
    let bodies = Bodies()
    let (fills, trouble) = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return .passes
    }
    #expect(try fills == stage.backtest() && !fills.isEmpty)
    #expect(trouble.isEmpty, "nothing was refused")
    for body in bodies.orders {
      let size = try #require(body.member("base_size"))
      let limit = try #require(body.member("limit_price"))
      #expect(quantity(size).steps % quantity("0.001").steps == 0)
      #expect(price(limit).steps % price("0.5").steps == 0)
    }
    try await RowStage.run(.ed25519) { stage in
      let off = try await stage.refusal(of: stage.wish(1, limit: "50.001"))
      #expect(off?.kind == .pricePrecision)
    }
  }

  @Test func `C08 no order is a market order or spends an amount`() async throws {
    let stage = try SessionStage(seed: 6, count: 300)
    let bodies = Bodies()
    let (fills, _) = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return .passes
    }
    #expect(!fills.isEmpty && bodies.orders.count > fills.count / 2)
    for body in bodies.orders {
      #expect(body.member("base_size") != nil && body.member("limit_price") != nil)
      #expect(!body.contains("quote_size") && !body.contains("market_market"))
    }
  }

  @Test(
    "C09 a post-only order that would take is told from other refusals",
    arguments: [KeyKind.ed25519, .hmac])
  func postOnly(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let wish = stage.wish(1, limit: "101", isPostOnly: true)
      let refusal = try await stage.refusal(of: wish)
      #expect(refusal?.kind == .postOnlyWouldTake)
      #expect(try await stage.refusal(of: stage.wish(2, limit: "99", isPostOnly: true)) == nil)
    }
  }

  @Test(
    "C10 a protective stop falls, and one above the market is refused and frees its name",
    arguments: [KeyKind.ed25519, .hmac])
  func direction(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let above = stage.wish(1, .sell, limit: "100", trigger: "101")
      #expect(try await stage.refusal(of: above)?.kind == .stopAboveLastTrade)
      // An id that was only refused is free again.
      #expect(try await stage.refusal(of: stage.wish(1, .sell, limit: "120")) == nil)
      let below = stage.wish(2, .sell, limit: "79", trigger: "80")
      let placed = try await stage.exchange.place(below, .protective)
      let order = try #require(try await stage.exchange.order(placed.id, .query))
      #expect(order.status.isWorking)
      #expect(await stage.sandbox.exchange.orders.last?.isStopDown == true)
    }
  }

  @Test(
    "C12 what an own order holds is not sold twice",
    arguments: [KeyKind.ed25519, .hmac])
  func held(key: KeyKind) async throws {
    try await RowStage.run(key, coins: 1) { stage in
      let first = try await stage.refusal(of: stage.wish(1, .sell, limit: "79", trigger: "80"))
      #expect(first == nil)
      let second = try await stage.refusal(of: stage.wish(2, .sell, limit: "120"))
      #expect(second?.kind == .insufficientFunds)
    }
  }

  @Test(
    "C13 a cancel that comes too late is an answer, and the order is read again",
    arguments: [KeyKind.ed25519, .hmac])
  func cancelRace(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let filled = try await stage.exchange.place(stage.wish(1, limit: "120"), .entry)
      let outcome = try await stage.exchange.cancel(filled.id, product: "BTC-USD")
      guard case .nothingToCancel = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(try await stage.exchange.order(filled.id, .query)?.status == .filled)
      #expect(try await stage.exchange.fills(ofOrder: filled.id, .query).count == 1)
    }
  }

  @Test func `C13 cancels that are answered 503 though they were done change no fill`() async throws
  {
    var stage = try SessionStage(seed: 6, count: 300)
    stage.faults.rules = [
      FaultRule(.serverError, [.cancel], chance: rate("0.4"), effect: .after),
      FaultRule(.lostAnswer, [.cancel], chance: rate("0.4"), effect: .either),
    ]
    let (fills, _) = try await stage.rehearse()
    #expect(try fills == stage.backtest() && !fills.isEmpty)
  }

  @Test func `C16 a stop of the Exchange is a limit order with a stop, and is among the working`()
    async throws
  {
    try await RowStage.run(.hmac) { stage in
      let placed = try await stage.exchange.place(
        stage.wish(1, .sell, limit: "79", trigger: "80"), .protective)
      let working = try await stage.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.id) == [placed.id])
      #expect(working.first?.clientID == "\(stage.wish(1, limit: "1").order.id)")
    }
  }

  @Test(
    "C17 a refusal says everything that the exchange said",
    arguments: [KeyKind.ed25519, .hmac])
  func words(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let refusal = try await stage.refusal(of: stage.wish(1, .sell, limit: "120", size: "3"))
      #expect(refusal?.kind == .insufficientFunds)
      #expect(refusal?.description.lowercased().contains("insufficient") == true)
      if key != .hmac { #expect(refusal?.description.contains("INSUFFICIENT_FUND") == true) }
    }
  }

  @Test("C18 fills are asked for by order", arguments: [KeyKind.ed25519, .hmac])
  func fills(key: KeyKind) async throws {
    try await RowStage.run(key) { stage in
      let one = try await stage.exchange.place(stage.wish(1, limit: "120"), .entry)
      let two = try await stage.exchange.place(stage.wish(2, limit: "120", size: "0.5"), .entry)
      let fills = try await stage.exchange.fills(ofOrder: two.id, .query)
      #expect(fills.map(\.orderID) == [two.id] && one.id != two.id)
    }
  }
}

extension SandboxOrder {
  /// Whether it waits for the price to fall.
  fileprivate var isStopDown: Bool {
    if case .stopLimit(_, _, .down, _) = wish.terms { return true }
    return false
  }
}
