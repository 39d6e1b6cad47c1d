import Credentials
import JSON
import LiveBroker
import Market
import Network
import TestKit
import Testing

@testable import Sandbox

@Suite("Faults of the whole exchange", .timeLimit(.minutes(10)))
struct OutageTests {
  private static let candles = [
    Candle(0, open: "100", high: "110", low: "90", close: "95", volume: "1000"),
    Candle(1, open: "96", high: "120", low: "80", close: "119", volume: "1000"),
  ]

  private func run(
    _ rules: FaultRule..., key: KeyKind = .es256, _ body: (Rehearsal) async throws -> Void
  ) async throws {
    var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"), model: .free)])
    settings.balances["BTC"] = 10
    settings.faults.rules = rules
    // A restart is over when it was seen as often as its rule says, not by the clock.
    settings.faults.patience = TimeSpan(seconds: 500)
    try await Rehearsal.run(settings, [Self.candles], key: key, body)
  }

  /// A rule that begins after a hundred seconds and lasts for a hundred and fifty.
  private func fromFirstMove(
    _ kind: FaultKind, _ change: (inout FaultRule) -> Void = { _ in }
  ) -> FaultRule {
    faultRule(kind) {
      $0.at = [TimeSpan(seconds: 100)]
      $0.span = .seconds(150, 150)
      $0.seen = 0...0
      change(&$0)
    }
  }

  /// What a request gives at the first times of the data, by the seconds since the beginning.
  private func answers(
    _ rehearsal: Rehearsal, _ ask: (Int64) async throws -> String
  ) async throws -> [String] {
    var answers: [String] = []
    try await rehearsal.walk { now in
      let second = (now - .testStart).seconds
      guard second <= 300 else { return }
      answers.append("\(second) \(try await ask(second))")
    }
    return answers
  }

  @Test func `in maintenance everything is 503 with a text, and sockets stay`() async throws {
    try await run(fromFirstMove(.maintenance) { $0.modes = [.closed] }) { rehearsal in
      let answers = try await answers(rehearsal) { _ in
        let answer = try await rehearsal.send(AdvancedTrade.balances().request)
        let isPage = String(decoding: answer.body, as: UTF8.self).contains("maintenance")
        return "\(answer.status) \(isPage)"
      }
      #expect(answers.first == "0 200 false" && answers.last == "300 200 false")
      // The market does not wait for whoever is refused: what is asked late may find that it is over.
      #expect(answers.contains { $0.hasSuffix("503 true") })
    }
  }

  @Test func `a maintenance may leave cancels`() async throws {
    try await run(fromFirstMove(.maintenance) { $0.modes = [.cancelOnly] }) { rehearsal in
      let order = try await rehearsal.ask(AdvancedTrade.place(wish(1, limit: "50")))
      let answers = try await answers(rehearsal) { second in
        if second == 200 {
          _ = try await rehearsal.ask(AdvancedTrade.cancel([order.id]))
        }
        let number = UInt64(second + 2)
        let answer = try await rehearsal.send(
          AdvancedTrade.place(wish(number, limit: "50")).request)
        return "\(answer.status)"
      }
      #expect(answers.first == "0 200" && answers.last == "300 200")
      #expect(answers.contains { $0.hasSuffix("503") })
      #expect(await rehearsal.sandbox.exchange.orders[0].status == .cancelled)
    }
  }

  @Test(arguments: [FaultRule.Form.text, .closed])
  func `a restart closes every connection, serves nobody for a while, and keeps its state`(
    form: FaultRule.Form
  ) async throws {
    let restart = fromFirstMove(.restart) { ($0.forms, $0.seen) = ([form], 2...2) }
    try await run(restart) { rehearsal in
      let order = try await rehearsal.ask(AdvancedTrade.place(wish(1, limit: "50")))
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = rehearsal.sandbox.play()
      #expect(await feed.hear().flatMap(\.prices) == [100])
      // The market goes on meanwhile, and waits for somebody when it is over.
      while await rehearsal.sandbox.exchange.markets[0].recent.count < 4 { await Task.yield() }
      #expect(await rehearsal.sandbox.exchange.now == .testStart + TimeSpan(seconds: 300))
      for _ in 0..<2 {
        switch form {
        case .closed:
          await #expect(throws: NetworkError.self) {
            _ = try await rehearsal.send(AdvancedTrade.order(order.id).request)
          }
        case .json, .html, .text, .unauthorized, .through, .unknown, .tooFar:
          #expect(try await rehearsal.send(AdvancedTrade.order(order.id).request).status == 503)
        }
      }
      #expect(try await rehearsal.ask(AdvancedTrade.order(order.id)).status == .open)
      let second = try await rehearsal.feed()
      try await second.subscribe(.marketTrades, ["BTC-USD"])
      async let rest = second.hear()
      try await played
      await second.socket.close()
      #expect(await rest.flatMap(\.prices) == [96, 80, 120, 119])
    }
  }

  @Test func `the exchange's clock is off, and good signatures are refused`() async throws {
    let off = fromFirstMove(.clockSkew) { $0.skew = .seconds(40, 40) }
    try await run(off, key: .hmac) { rehearsal in
      let answers = try await answers(rehearsal) { _ in
        let time = try await rehearsal.ask(ExchangeREST.serverTime()).time
        let answer = try await rehearsal.send(ExchangeREST.balances().request)
        return "\((time - Rehearsal.clock).seconds) \(answer.status)"
      }
      // The market does not wait for whoever is refused: the last of these may come when it is over.
      #expect(answers.first == "0 0 200" && answers.last == "300 0 200")
      #expect(answers.contains { $0.hasSuffix("40 401") })
    }
  }

  @Test func `requests are counted by the true clock while the exchange's is off`() async throws {
    var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"), model: .free)])
    settings.limitsRequests = true
    settings.faults.rules = [fromFirstMove(.clockSkew) { $0.skew = .seconds(40, 40) }]
    try await Rehearsal.run(settings, [Self.candles], key: .hmac) { rehearsal in
      let answers = try await answers(rehearsal) { _ in
        var letIn = 0
        for _ in 0..<10 {
          let answer = try await rehearsal.send(ExchangeREST.serverTime().request, isSigned: false)
          if answer.status == 200 { letIn += 1 }
        }
        return "\(letIn)"
      }
      // 15 at once; the true clock stands still, so that none comes back.
      #expect(answers == ["0 10", "100 5", "200 0", "300 0"])
    }
  }

  @Test func `a halted product says so, and refuses orders`() async throws {
    try await run(fromFirstMove(.productHalted) { $0.modes = [.cancelOnly] }) { rehearsal in
      let answers = try await answers(rehearsal) { second in
        let product = try await rehearsal.ask(AdvancedTrade.product("BTC-USD"))
        do {
          _ = try await rehearsal.ask(
            AdvancedTrade.place(wish(UInt64(second + 1), limit: "50")))
          return "\(product.isTradable) placed"
        } catch let error as ExchangeError {
          guard case .refused(let refusal) = error.problem else { return "\(error)" }
          return "\(product.isTradable) \(refusal.kind)"
        }
      }
      #expect(answers.first == "0 true placed" && answers.last == "300 true placed")
      #expect(answers.contains { $0.hasSuffix("false halted") })
    }
  }

  @Test func `a client that tries until a halt is over does not stop the market`() async throws {
    try await run(fromFirstMove(.productHalted) { $0.modes = [.closed] }) { rehearsal in
      var tries = 0
      try await rehearsal.walk { now in
        guard (now - .testStart).seconds == 100 else { return }
        while true {
          tries += 1
          let call = AdvancedTrade.place(wish(1, limit: "50"))
          if (try? await rehearsal.ask(call)) != nil { return }
        }
      }
      let order = try #require(await rehearsal.sandbox.exchange.orders.first)
      #expect(tries > 1 && order.created == .testStart + TimeSpan(seconds: 300))
    }
  }

  @Test func `somebody else takes money`() async throws {
    let moved = fromFirstMove(.balanceMoved) {
      $0.currency = "USD"
      $0.amount = (-250) ... -250
    }
    try await run(moved) { rehearsal in
      let answers = try await answers(rehearsal) { _ in
        "\(try await rehearsal.ask(AdvancedTrade.balances()).items[0].available)"
      }
      #expect(answers == ["0 10000", "100 9750", "200 9750", "300 9750"])
    }
  }

  @Test func `after a confirmed cancel funds are short for as many placements as the plan says`()
    async throws
  {
    let late = faultRule(.holdLate) {
      $0.delay = .seconds(5, 5)
      $0.seen = 2...2
    }
    try await run(late) { rehearsal in
      func stop(_ number: UInt64) -> OrderWish {
        wish(number, .sell, limit: "80", size: "10", trigger: "85")
      }
      let old = try await rehearsal.ask(AdvancedTrade.place(stop(1)))
      _ = try await rehearsal.ask(AdvancedTrade.cancel([old.id]))
      #expect(try await rehearsal.ask(AdvancedTrade.order(old.id)).status == .cancelled)
      for _ in 0..<2 {
        let refused = await #expect(throws: ExchangeError.self) {
          _ = try await rehearsal.ask(AdvancedTrade.place(stop(2)))
        }
        guard case .refused(let refusal)? = refused?.problem else {
          Issue.record("\(String(describing: refused))")
          return
        }
        #expect(refusal.kind == .insufficientFunds)
      }
      _ = try await rehearsal.ask(AdvancedTrade.place(stop(2)))
    }
  }

  @Test func `a stop that was accepted has failed a moment later, and leaves its coins`()
    async throws
  {
    try await run(faultRule(.stopFailed)) { rehearsal in
      var id = ""
      try await rehearsal.walk { now in
        switch (now - .testStart).seconds {
        case 0:
          let stop = wish(1, .sell, limit: "80", size: "10", trigger: "85")
          id = try await rehearsal.ask(AdvancedTrade.place(stop)).id
          #expect(try await rehearsal.ask(AdvancedTrade.order(id)).status == .open)
        case 100:
          let order = try await rehearsal.ask(AdvancedTrade.order(id))
          #expect(order.status == .failed && order.reason == "HOLD_FAILURE")
          #expect(order.rejection == .insufficientFunds)
          _ = try await rehearsal.ask(
            AdvancedTrade.place(wish(2, .sell, limit: "200", size: "10")))
        default: break
        }
      }
      #expect(await rehearsal.sandbox.exchange.orders.count == 2)
      #expect(await rehearsal.sandbox.faultLog.counts == [.stopFailed: 1])
    }
  }

  @Test func `fills and candles are listed when they have been asked for often enough`()
    async throws
  {
    let late = [FaultKind.fillsLate, .candlesLate].map { kind in
      faultRule(kind) { ($0.delay, $0.seen, $0.most) = (.seconds(150, 150), 2...2, 1) }
    }
    try await run(late[0], late[1]) { rehearsal in
      var id = ""
      var (fills, candles): ([Int], [Int]) = ([], [])
      let begin = Timestamp.testStart.seconds
      let path =
        "/products/BTC-USD/candles?granularity=FIVE_MINUTE&start=\(begin)&end=\(begin + 600)"
      try await rehearsal.walk { now in
        switch (now - .testStart).seconds {
        case 0:
          // It fills at the open, which comes next.
          id = try await rehearsal.ask(AdvancedTrade.place(wish(1, limit: "100"))).id
        case 100:
          #expect(try await rehearsal.ask(AdvancedTrade.order(id)).filled == 1)
          for _ in 0..<2 {
            fills.append(
              try await rehearsal.ask(AdvancedTrade.fills(ofOrders: [id])).items.count)
          }
        case 400:
          for _ in 0..<3 {
            candles.append(try await rehearsal.get(path).body["candles"]?.count ?? -1)
          }
        default: break
        }
      }
      // The order itself was asked for before.
      #expect(fills == [0, 1])
      // The second candle is in progress.
      #expect(candles == [0, 0, 2])
      #expect(await rehearsal.sandbox.faultLog.counts == [.fillsLate: 1, .candlesLate: 1])
    }
  }
}
