import Configuration
import Foundation
import Market
import Network
import Persistence
import Sandbox
import TestKit
import Testing

@testable import Runner

@Suite("runner doctor")
struct DoctorTests {
  @Test func `takes every option of a session that is no rehearsal`() throws {
    func options(_ command: String) throws -> Set<String> {
      let command = try #require(Program.subcommands.first { $0.words == [command] })
      return Set(command.allOptions.map(\.key))
    }
    #expect(
      try options("live").subtracting(options("doctor")) == [
        "--sandbox", "--speed", "--faults",
        // Taken with the first alone.
        "--cash", "--path", "--slippage", "--fill-on-touch", "--on-bad-row",
      ])
  }

  @Test func `says that all is well, in 80 columns`() async throws {
    try await ExchangeNearby.run { nearby in
      let found = try await nearby.doctor("--db", "live.db", "--on-exit", "liquidate")
      #expect(found.finished.code == 0 && found.isReady, "\(found.finished.outputText)")
      #expect(
        found.names("ok") == [
          "settings", "library", "disk", "database", "credentials", "clock", "permissions",
          "portfolio", "fees", "BTC-USD", "BTC-USD stop", "BTC-USD entry", "feed",
        ])
      #expect(found.names("ok").count == found.lines.count)
      let text = found.finished.outputText
      #expect(text.hasPrefix("A live session of BTC-USD on the sandbox:\n"))
      #expect(text.hasSuffix("\nA live session would begin.\n"))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
      #expect(text.contains("\n  ok    BTC-USD        tick 0.01, lot 0.00000001, at least"))
      let authority = nearby.sandbox.endpoint.authority
      #expect(found["clock"]?.text.contains(authority) == true)
      #expect(found["portfolio"]?.text.contains("with 10000 USD") == true)
      #expect(found["BTC-USD stop"]?.text.contains("80 for 0.01262627") == true)
      #expect(found["BTC-USD stop"]?.text.contains("nothing to sell yet") == true)
      // 500 / (100 · 1.009), to the lot.
      let entry = try #require(found["BTC-USD entry"]).text
      #expect(entry.contains("about 500 USD now, its fee included; the least is 0.00000001 BTC"))
      #expect(entry.hasSuffix(" and 1 USD: it would buy 4.95540138 BTC at 100"), "\(entry)")
      // 1.005 / 0.995 and 1.005 / 0.991.
      #expect(
        found["fees"]?.text.contains("1.01% with a maker's exit, 1.41% with a taker's") == true)
      #expect(try !nearby.session.folder.names.contains { $0.hasPrefix("live.db") })
      #expect(await nearby.sandbox.exchange.orders.isEmpty)
    }
  }

  @Test func `says what the Exchange API cannot tell`() async throws {
    try await ExchangeNearby.run { nearby in
      let found = try await nearby.doctor("--key", "exchange")
      #expect(found.finished.code == 0 && found.isReady)
      #expect(
        found.names("unknown") == ["database", "permissions", "BTC-USD stop", "BTC-USD entry"])
      #expect(found["BTC-USD entry"]?.text.hasSuffix("there is no price to try one at") == true)
      #expect(found["credentials"]?.text.hasPrefix("HMAC for Exchange, from keys/exchange") == true)
      #expect(found.names("problem").isEmpty && found.names("warning").isEmpty)
    }
  }

  @Test func `of several pairs each has its lines, of an Ed25519 key too`() async throws {
    let listings = [Listing(Product()), Listing(Product(id: "ETH-USD"))]
    try await ExchangeNearby.run(SandboxSettings(listings: listings)) { nearby in
      try nearby.session.folder.write(
        "pairs: [{product_id: BTC-USD}, {product_id: ETH-USD}]\n", to: "two.yaml")
      let found = try await nearby.doctor("-c", "two.yaml", "--key", "ed25519")
      #expect(found.isReady, "\(found.finished.outputText)")
      for name in ["BTC-USD", "BTC-USD stop", "ETH-USD", "ETH-USD stop", "ETH-USD entry"] {
        #expect(found[name]?.verdict == "ok")
      }
      #expect(found["credentials"]?.text.hasPrefix("Ed25519") == true)
    }
  }

  @Test func `asks a clock that is slow to answer three times, and not for ever`() async throws {
    var settings = SandboxSettings(listings: [Listing(Product())], pace: .speed(1))
    var slow = FaultRule(.latency)
    (slow.requests, slow.effect) = ([.time], .after)
    slow.delay = TimeSpan(seconds: 3)...TimeSpan(seconds: 3)
    settings.faults.rules = [slow]
    try await ExchangeNearby.run(settings) { nearby in
      let found = try await nearby.doctor()
      #expect(found["clock"]?.verdict == "ok")
      #expect(found["clock"]?.text.hasSuffix(" s: it is slow to answer") == true)
      #expect(await nearby.sandbox.faultLog.counts == [.latency: 3])
    }
  }

  @Test(
    "The clock against the exchange's, with which the rest is signed",
    arguments: [(-40, "problem", "ahead of"), (40, "problem", "behind"), (10, "warning", "behind")])
  func clock(ahead: Int64, verdict: String, direction: String) async throws {
    try await ExchangeNearby.run(ahead: TimeSpan(seconds: ahead)) { nearby in
      for key in ["es256", "exchange"] {
        let found = try await nearby.doctor("--key", key, "--db", "live.db")
        #expect(found["clock"]?.verdict == verdict)
        #expect(found["clock"]?.text.contains(direction) == true)
        #expect(found["clock"]?.advice?.contains("NTP") == true)
        #expect(found["portfolio"]?.verdict == "ok")
        #expect(found.isReady == (verdict == "warning"))
        #expect(found.finished.code == (verdict == "warning" ? 0 : 1))
        #expect(found.names("problem") == (verdict == "problem" ? ["clock"] : []))
      }
    }
  }

  static let keys: [(KeyPermissions, String, [String])] = [
    (KeyPermissions(canTransfer: true), "may transfer money out", ["permissions"]),
    (KeyPermissions(canTrade: false), "may not trade", ["permissions"]),
  ]

  @Test("The key may do what it needs and nothing worse", arguments: keys)
  func permissions(_ permissions: KeyPermissions, words: String, problems: [String]) async throws {
    try await ExchangeNearby.run(permissions: permissions) { nearby in
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found["permissions"]?.text.contains(words) == true)
      #expect(found["permissions"]?.advice?.contains("'view' and 'trade'") == true)
      #expect(Set(found.names("problem")) == Set(problems), "\(found.finished.outputText)")
      #expect(found.finished.code == 1 && !found.isReady)
    }
  }

  @Test func `an empty portfolio is money in another one`() async throws {
    var settings = SandboxSettings(listings: [Listing(Product())])
    settings.balances = ["USDC": 500, "BTC": 1]
    try await ExchangeNearby.run(settings) { nearby in
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.names("problem") == ["portfolio", "BTC-USD entry"])
      let line = try #require(found["portfolio"])
      #expect(line.text.contains("1 BTC") && line.text.contains("500 USDC"))
      #expect(line.text.hasSuffix("no USD is available"))
      #expect(line.advice?.contains("portfolio that the key belongs to") == true)
      #expect(found["BTC-USD stop"]?.text.contains("would be taken") == true)
    }
  }

  @Test func `too little cash for one entry`() async throws {
    let settings = SandboxSettings(listings: [Listing(Product())], cash: 10)
    try await ExchangeNearby.run(settings) { nearby in
      for key in ["es256", "exchange"] {
        let found = try await nearby.doctor("--key", key, "--db", "live.db")
        #expect(found.names("problem") == ["BTC-USD entry"])
        #expect(found["BTC-USD entry"]?.text.contains("about 0.5 USD now") == true)
      }
    }
  }

  @Test func `just enough cash for one entry, without its fee`() async throws {
    let settings = SandboxSettings(listings: [Listing(Product())], cash: 20)
    try await ExchangeNearby.run(settings) { nearby in
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.names("problem") == ["BTC-USD entry"])
      let line = try #require(found["BTC-USD entry"])
      #expect(line.text.contains("about 1 USD now") && line.text.contains("and 1 USD: at 100 it"))
      #expect(line.advice == "Add USD, or raise portfolio.position_size")
    }
  }

  @Test(
    "No entry at all is left by a limit",
    arguments: [
      ("max_position_size_pct=0.005", "too small", "raise portfolio.max_position_size_pct"),
      (
        "max_correlated_exposure_pct=1", "its group would hold 495.540138 of at most 100",
        "raise portfolio.max_correlated_exposure_pct"
      ),
    ])
  func limits(set: String, words: String, advice: String) async throws {
    try await ExchangeNearby.run { nearby in
      let found = try await nearby.doctor("--set", "portfolio.\(set)", "--db", "live.db")
      #expect(found.names("problem") == ["BTC-USD entry"])
      let line = try #require(found["BTC-USD entry"])
      #expect(line.text.contains(words), "\(line.text)")
      #expect(line.advice?.hasSuffix(advice) == true, "\(line.advice ?? "")")
    }
  }

  @Test func `a product that is not there, candles that are not, other fees`() async throws {
    try await ExchangeNearby.run { nearby in
      let found = try await nearby.doctor("--product", "BTC-EUR", "--db", "live.db")
      #expect(found.names("problem") == ["BTC-EUR"])
      #expect(found["BTC-EUR"]?.text.contains("not found") == true)
      #expect(found["feed"]?.verdict == "ok" && found["fees"]?.verdict == "ok")
      // There the one subscription is for everything.
      let refused = try await nearby.doctor(
        "--key", "exchange", "--product", "BTC-EUR", "--db", "live.db")
      #expect(refused.names("problem") == ["BTC-EUR", "feed"])
      #expect(refused["feed"]?.text.contains("refuses a subscription") == true)
      #expect(refused["feed"]?.advice?.contains("see their lines") == true)
      let other = try await nearby.doctor(
        "--interval", "120", "--set", "simulation.taker_rate=0.01", "--db", "live.db")
      #expect(other.names("warning") == ["fees", "BTC-USD"])
      #expect(other["BTC-USD"]?.text.contains("no candles of 120 s") == true)
      #expect(other["fees"]?.advice?.contains("simulation.taker_rate=0.009") == true)
      #expect(other.finished.code == 0)
      #expect(
        other.finished.outputText.hasSuffix(
          "A live session would begin; 2 lines are worth reading before.\n"))
    }
  }

  @Test func `an alias has no prices of its own`() async throws {
    try await ExchangeNearby.run { nearby in
      let found = try await nearby.doctor("--product", "BTC-USDC", "--db", "live.db")
      #expect(found["BTC-USDC"]?.verdict == "problem")
      #expect(found["BTC-USDC"]?.advice == "Trade BTC-USD")
      let live = try await nearby.session.run(
        "live", "--exchange", "keys", "--product", "BTC-USDC", "--db", "live.db")
      #expect(live.code == 1 && live.errors.contains("shares the book of BTC-USD"))
    }
  }

  @Test func `a stop that the exchange would refuse`() async throws {
    // A price of one tick: no stop is below it.
    let candle = Candle(0, open: "0.01", high: "0.01", low: "0.01", close: "0.01")
    try await ExchangeNearby.run(candles: [candle]) { nearby in
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.names("problem") == ["BTC-USD stop", "BTC-USD entry"])
      #expect(
        found["BTC-USD stop"]?.text.contains("PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE") == true)
    }
  }

  @Test func `an exchange that is gone is a line, and no crash`() async throws {
    try await ExchangeNearby.run { nearby in
      await nearby.sandbox.stop()
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.names("problem") == ["clock"])
      #expect(found.names("unknown") == ["exchange"])
      #expect(found["clock"]?.text.contains("no connection") == true)
      #expect(found.finished.code == 1)
    }
  }

  @Test func `a folder that is none of an exchange`() async throws {
    let session = try await SessionFolder(candles: 1)
    let run = try await session.run("doctor", "--exchange", "keys", "--db", "no/where.db")
    #expect(run.code == 1)
    for line in [
      "FAIL  disk", "FAIL  database       no/where.db cannot be made", "FAIL  credentials",
      "FAIL  exchange", "4 things are in its way",
    ] {
      #expect(run.outputText.contains(line), "\(run.outputText)")
    }
  }
}
