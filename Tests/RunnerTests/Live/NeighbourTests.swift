import Foundation
import Market
import Persistence
import Sandbox
import TestKit
import Testing

@Suite("A live session on an exchange in a process of its own", .timeLimit(.minutes(10)))
struct NeighbourTests {
  @Test(
    "is warmed by the exchange's history as a backtest of the same range is",
    arguments: ["es256", "exchange"])
  func warmed(key: String) async throws {
    let session = try await SessionFolder(candles: 900)
    let range = ["--timerange", "20240102-20240104"]
    let whole = try await RunnerProcess.run(
      ["backtest", "--csv", "candles.csv", "--db", "whole.db"] + range, in: session.folder)
    try #require(whole.code == 0, "\(whole.errors)")
    let exchange = try await LocalExchange(session, range)
    let process = try exchange.startLive(key, more: ["--set", "live.warm_up=10000"])
    try await exchange.awaitEnd(of: process)
    // Meanwhile an operator may come: prices stand still, and the session still listens.
    let halted = try await session.run("halt", "--db", "live.db")
    #expect(halted.code == 0, "\(halted.errors)")
    #expect(halted.outputText.contains("BTC-USD halted"))
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    try await exchange.end()
    let fills = try exchange.fills("live.db")
    #expect(try fills == exchange.fills("whole.db"))
    #expect(!fills.isEmpty)
    #expect(try exchange.told.contains("candles of history, the last of 2024-01-01T23:"))
    let check = try await session.run("audit", "--db", "live.db")
    #expect(check.code == 0, "\(check.outputText)\(check.errors)")
  }

  @Test func `begins anew where one ended before its first event was recorded`() async throws {
    let session = try await SessionFolder(candles: 900)
    let exchange = try await LocalExchange(session, ["--timerange", "20240102-20240104"])
    // What it had warmed its indicators with is not what the next one does.
    let first = try exchange.startLive(
      "es256", more: ["--set", "live.warm_up=5"],
      environment: ["RATCHET_EXIT_BEFORE_COMMIT": "1"])
    #expect(try await first.end() == 86)
    // Nor had its account what it has now.
    let poorer = try await RunnerProcess.shell(
      """
      sqlite3 live.db "UPDATE run SET cash = '1'; UPDATE account SET cash = '1';
        UPDATE pairs SET quote_increment = 5"
      """, in: session.folder)
    try #require(poorer.code == 0, "\(poorer.errors)")
    let process = try exchange.startLive("es256", more: ["--set", "live.warm_up=10000"])
    try await exchange.awaitEnd(of: process)
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    try await exchange.end()
    #expect(try !exchange.fills("live.db").isEmpty)
    let store = try session.store("live.db")
    #expect(store.run.cash == 10_000)
    #expect(store.pairs[0].quoteIncrement == Price(steps: 1_000_000))
    // Replayed from the state that the second one began with.
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
  }

  @Test func `that is refused leaves no database behind`() async throws {
    var settings = SandboxSettings(listings: [Listing(Product())])
    settings.balances = ["BTC": 1]
    try await ExchangeNearby.run(settings) { nearby in
      let live = try await nearby.session.run("live", "--exchange", "keys", "--db", "live.db")
      #expect(live.code == 1)
      #expect(live.errors.contains("has no USD available"), "\(live.errors)")
      #expect(try !nearby.session.folder.names.contains { $0.hasPrefix("live.db") })
    }
  }

  @Test(
    "says at its start which portfolio the key's is, where that is known, and what is in it",
    arguments: ["es256", "exchange"])
  func portfolio(key: String) async throws {
    var settings = SandboxSettings(listings: [Listing(Product())])
    settings.balances = ["USDC": 500, "BTC": 1]
    try await ExchangeNearby.run(settings) { nearby in
      let doctor = try await nearby.doctor("--db", "live.db")
      let found = try #require(doctor["portfolio"]?.text.split(separator: " ").dropFirst(3).first)
      // The money is in another one: that is what the start is refused for, and where to look is said before.
      let live = try await nearby.session.run(
        "live", "--exchange", "keys", "--key", key, "--db", "live.db")
      let verb = key == "es256" ? "is \(found) with" : "has"
      #expect(
        live.errors.contains("the key's portfolio \(verb) 1 BTC, 500 USDC"), "\(live.errors)")
      #expect(live.errors.contains("has no USD available"))
    }
  }

  @Test func `says what is wrong with a folder that is none of an exchange`() async throws {
    let session = try await SessionFolder(candles: 1)
    try #require(try await RunnerProcess.shell("mkdir keys", in: session.folder).code == 0)
    let live = try await session.run("live", "--exchange", "keys", "--db", "run.db")
    #expect(live.code != 0)
    #expect(live.errors.contains("keys/advanced-es256.json"))
  }
}
