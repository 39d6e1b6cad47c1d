import Credentials
import LiveBroker
import Market
import Sandbox
import TestKit
import Testing

/// Rows 1 to 3 of coinbase.md C: what happens to requests on their way.
@Suite("What others hit: requests", .timeLimit(.minutes(10)))
struct RequestRowTests {
  @Test(
    "C01 a clock that is off is found by /time, and signatures carry the exchange's time",
    arguments: [KeyKind.ed25519, .hmac], [-300, 300])
  func clock(key: KeyKind, ahead: Int64) async throws {
    try await RowStage.run(key, ahead: TimeSpan(seconds: ahead)) { stage in
      // The first request is refused, and is signed anew with the exchange's time.
      let balances = try await stage.exchange.balances()
      let skew = await stage.exchange.client.skew
      #expect(!balances.isEmpty && abs(skew.seconds - ahead) < 60)
      #expect(try await stage.refusal(of: stage.wish(1, limit: "50")) == nil)
    }
  }

  @Test(
    "C02 one 401 is not the end: each request is signed anew once",
    arguments: [KeyKind.es256, .ed25519, .hmac])
  func unauthorized(key: KeyKind) async throws {
    // One of each kind of request is refused, though it was well signed.
    let groups: [RequestGroup] = [.place, .cancel, .orders, .account, .market, .time]
    let rules = groups.map { FaultRule(.unauthorized, [$0], most: 1) }
    try await RowStage.run(key, rules) { stage in
      let exchange = stage.exchange
      _ = try await exchange.serverTime()
      _ = try await exchange.product("BTC-USD")
      _ = try await exchange.balances()
      let placed = try await exchange.place(stage.wish(1, limit: "50"), .entry)
      #expect(try await exchange.order(placed.id, .query)?.status.isWorking == true)
      #expect(try await exchange.cancel(placed.id, product: "BTC-USD") == .requested)
      #expect(await stage.sandbox.faultLog.counts[.unauthorized] == groups.count)
    }
  }

  @Test(
    "C03 too many requests, in all its shapes, is waited for",
    arguments: [KeyKind.ed25519, .hmac], [FaultRule.Form.json, .html, .unauthorized])
  func limited(key: KeyKind, form: FaultRule.Form) async throws {
    let rules = [RequestGroup.place, .account].map {
      FaultRule(.rateLimited, [$0], most: 1, as: [form])
    }
    try await RowStage.run(key, rules) { stage in
      let balances = try await stage.exchange.balances()
      #expect(!balances.isEmpty)
      // Refused before it took effect: the same order is sent again, and there is one.
      #expect(try await stage.refusal(of: stage.wish(1, limit: "50")) == nil)
      #expect(await stage.sandbox.exchange.orders.count == 1)
      #expect(await stage.sandbox.faultLog.counts[.rateLimited] == 2)
    }
  }

  @Test func `C02 and C03 a session trades on as if nothing had been`() async throws {
    var stage = try SessionStage(seed: 6, count: 300)
    stage.faults.rules = [
      FaultRule(
        .rateLimited, [.place, .cancel, .orders], chance: rate("0.1"), as: [.json, .html]),
      FaultRule(.unauthorized, [.cancel, .orders], chance: rate("0.05")),
    ]
    let (fills, _) = try await stage.rehearse()
    #expect(try fills == stage.backtest() && !fills.isEmpty)
  }
}
