import Credentials
import LiveBroker
import Market
import Network
import TestKit
import Testing

@testable import Sandbox

@Suite("Faults on the way of requests", .timeLimit(.minutes(10)))
struct RequestFaultTests {
  private static let candles = [
    Candle(0, open: "100", high: "110", low: "90", close: "95", volume: "1000"),
    Candle(1, open: "95", high: "120", low: "80", close: "120", volume: "1000"),
  ]

  private func run(
    _ rules: [FaultRule], key: KeyKind = .es256, seed: UInt64 = 1,
    _ body: (Rehearsal) async throws -> Void
  ) async throws {
    var settings = SandboxSettings(
      listings: [Listing(Product(id: "BTC-USD", baseIncrement: quantity("0.001")), model: .free)])
    settings.faults.rules = rules
    settings.faults.seed = seed
    try await Rehearsal.run(settings, [Self.candles], key: key, body)
  }

  /// What our client makes of the answer to a placement; `nil` where it is a good one.
  private func problem(
    _ rehearsal: Rehearsal, _ number: UInt64
  ) async throws -> ExchangeError.Problem? {
    do {
      _ = try await rehearsal.ask(AdvancedTrade.place(wish(number)))
      return nil
    } catch let error as ExchangeError {
      return error.problem
    }
  }

  @Test func `429 comes as JSON, as a page and as 401, each only where it is wanted`() async throws
  {
    func once(_ form: FaultRule.Form) -> FaultRule {
      faultRule(.rateLimited) {
        $0.forms = [form]
        $0.most = 1
        $0.requests = [.place]
      }
    }
    try await run([once(.json), once(.html), once(.unauthorized)]) { rehearsal in
      // What is not a placement is let alone.
      _ = try await rehearsal.ask(AdvancedTrade.balances())
      #expect(try await problem(rehearsal, 1) == .rateLimited(nil))
      let page = try await rehearsal.send(AdvancedTrade.place(wish(1)).request)
      #expect(page.status == 429)
      #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
      #expect(page.body.starts(with: Array("<html>".utf8)))
      #expect(try await problem(rehearsal, 1) == .unauthorized("Unauthorized"))
      #expect(await rehearsal.sandbox.exchange.orders.isEmpty)
      #expect(try await problem(rehearsal, 1) == nil)
      #expect(await rehearsal.sandbox.faultLog.counts == [.rateLimited: 3])
    }
  }

  @Test func `401 comes for a good token, and for a good signature`() async throws {
    let once = faultRule(.unauthorized) { $0.most = 1 }
    try await run([once]) { (rehearsal) async throws in
      #expect(try await problem(rehearsal, 1) == .unauthorized("Unauthorized"))
      #expect(try await problem(rehearsal, 1) == nil)
    }
    try await run([once], key: .hmac) { rehearsal in
      let refused = try await rehearsal.send(ExchangeREST.balances().request)
      #expect(refused.status == 401)
      #expect(try await rehearsal.send(ExchangeREST.balances().request).status == 200)
    }
  }

  @Test(arguments: [FaultRule.Effect.before, .after], [FaultRule.Form.json, .html, .text])
  func `an error of the server leaves open what was done`(
    effect: FaultRule.Effect, form: FaultRule.Form
  ) async throws {
    let error = faultRule(.serverError) {
      ($0.effect, $0.forms, $0.most) = (effect, [form], 1)
    }
    try await run([error]) { rehearsal in
      let answer = try await rehearsal.send(AdvancedTrade.place(wish(1)).request)
      #expect([500, 502, 503].contains(answer.status))
      #expect((answer.body.first == UInt8(ascii: "<")) == (form == .html))
      #expect((answer.body.first == UInt8(ascii: "{")) == (form == .json))
      #expect(await rehearsal.sandbox.exchange.orders.count == (effect == .after ? 1 : 0))
    }
  }

  @Test(arguments: [FaultRule.Effect.before, .after])
  func `an answer is lost before the effect or after it`(effect: FaultRule.Effect) async throws {
    try await run([faultRule(.lostAnswer) { ($0.effect, $0.most) = (effect, 1) }]) {
      (rehearsal) async throws in
      let lost = await #expect(throws: NetworkError.self) {
        _ = try await rehearsal.send(AdvancedTrade.place(wish(1)).request)
      }
      #expect(lost?.mayHaveArrived == true)
      #expect(await rehearsal.sandbox.exchange.orders.count == (effect == .after ? 1 : 0))
      #expect(try await problem(rehearsal, 1) == nil)
      #expect(await rehearsal.sandbox.exchange.orders.count == 1)
    }
  }

  @Test func `answers break within their body`() async throws {
    try await run([faultRule(.cutAnswer) { $0.most = 12 }]) { rehearsal in
      for number in 1...12 {
        await #expect(throws: NetworkError.self) {
          _ = try await rehearsal.send(AdvancedTrade.place(wish(UInt64(number))).request)
        }
      }
      #expect(await rehearsal.sandbox.exchange.orders.count == 12)
    }
  }

  @Test(arguments: [FaultRule.Effect.before, .after])
  func `while a request or its answer is on its way the market goes on`(
    effect: FaultRule.Effect
  ) async throws {
    let late = faultRule(.latency) {
      $0.requests = [.place]
      $0.effect = effect
      $0.delay = .seconds(150, 150)
    }
    try await run([late]) { rehearsal in
      // Where the market stands nothing takes time.
      #expect(try await problem(rehearsal, 1) == nil)
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = rehearsal.sandbox.play()
      var hasAsked = false
      var prices: [Price] = []
      // As our session does, it answers no ping while its order is on the way.
      while let item = try? await feed.next() {
        switch item {
        case .ping(let payload):
          if prices.count == 1, !hasAsked {
            hasAsked = true
            #expect(try await problem(rehearsal, 2) == nil)
          }
          try await feed.pong(payload)
        case .message(let message, _):
          for case .trades(let trades, isSnapshot: false) in message.events {
            prices += trades.map(\.price)
          }
        }
        if prices.count == 8 { break }
      }
      async let rest: Void = {
        while case .ping(let payload)? = try? await feed.next() { try? await feed.pong(payload) }
      }()
      try await played
      await feed.socket.close()
      await rest
      #expect(prices == [100, 90, 110, 95, 95, 80, 120, 120])
      let order = try #require(await rehearsal.sandbox.exchange.order(clientID: name(2)))
      // Asked for at the open; a point comes every hundred seconds.
      let arrived = order.created - .testStart
      #expect(arrived.seconds == (effect == .before ? 200 : 0))
    }
  }

  /// The client's name of an order of ours.
  private func name(_ number: UInt64) -> String { wish(number).order.id.description }

  @Test func `one seed gives the same requests the same faults`() async throws {
    let rules = [FaultKind.rateLimited, .serverError, .unauthorized].map { kind in
      faultRule(kind) { $0.chance = Rate(steps: Rate.one.steps / 4) }
    }
    func story(_ seed: UInt64) async throws -> [String] {
      var story: [String] = []
      try await run(rules, seed: seed) { rehearsal in
        for _ in 0..<30 { _ = try await rehearsal.send(AdvancedTrade.serverTime().request) }
        story = await rehearsal.sandbox.faultLog.entries.map(\.description)
      }
      return story
    }
    let first = try await story(1)
    #expect(try await story(1) == first && first.count > 8)
    #expect(try await story(2) != first)
  }
}
