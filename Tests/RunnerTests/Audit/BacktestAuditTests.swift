import Foundation
import Persistence
import TestKit
import Testing

@Suite("runner audit --against-backtest")
struct BacktestAuditTests {
  /// Audits a session; its text, and how often each cause is there.
  private func audit(
    _ session: SessionFolder, _ database: String, _ more: String...
  ) async throws -> (Finished, [String: Int]) {
    let audit = try await RunnerProcess.run(
      ["audit", "--db", database, "--against-backtest", "--json", "audit.json"] + more,
      in: session.folder)
    guard audit.code == 0 || audit.code == 1 else { return (audit, [:]) }
    let text = try session.folder.text(of: "audit.json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["format"] as? String == "ratchet-audit-backtest 1")
    #expect(json["explained"] as? Bool == (audit.code == 0))
    var counts: [String: Int] = [:]
    for cause in try #require(json["causes"] as? [[String: Any]]) {
      counts[try #require(cause["cause"] as? String), default: 0] += 1
    }
    return (audit, counts)
  }

  // MARK: - Nothing differs

  @Test(
    "A rehearsal in lockstep is its backtest, by either key and on paper",
    arguments: [["live"], ["live", "--key", "exchange"], ["paper"]])
  func same(words: [String]) async throws {
    let session = try await SessionFolder(candles: 500)
    let live = try await RunnerProcess.run(
      words + ["--sandbox", "candles.csv", "--db", "run.db", "--speed", "lockstep"],
      in: session.folder)
    try #require(live.code == 0, "\(live.errors)")
    for candles in [[], ["--csv", "candles.csv"]] {
      let audit = try await RunnerProcess.run(
        ["audit", "--db", "run.db", "--against-backtest"] + candles, in: session.folder)
      #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
      #expect(audit.outputText.contains("the same: "), "\(audit.outputText)")
      #expect(!audit.outputText.contains("the same: 0 orders"))
    }
  }

  @Test func `a portfolio in lockstep is its backtest, and so is paper over files`() async throws {
    let session = try await SessionFolder(candles: 400)
    for (name, seed) in [("eth", "5"), ("sol", "6")] {
      _ = try await session.run(
        "data", "synth", "--count", "400", "--seed", seed, "-o", "\(name).csv")
    }
    let live = try await session.run(
      "live", "--sandbox", "BTC-USD=candles.csv", "--sandbox", "ETH-USD=eth.csv", "--sandbox",
      "SOL-USD=sol.csv", "--db", "run.db", "--speed", "lockstep")
    try #require(live.code == 0, "\(live.errors)")
    let (portfolio, causes) = try await audit(session, "run.db")
    #expect(portfolio.code == 0 && causes.isEmpty, "\(portfolio.outputText)")
    #expect(portfolio.outputText.contains("live of BTC-USD, ETH-USD, SOL-USD"))
    let paper = try await session.paper("paper.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let (single, none) = try await audit(session, "paper.db")
    #expect(single.code == 0 && none.isEmpty, "\(single.outputText)")
  }

  // MARK: - An exchange that is another than the settings'

  @Test(
    "An exchange with other habits is named by its cause",
    arguments: [
      ("fee", ["simulation.taker_rate=0.012"]), ("price", ["simulation.slippage=0.002"]),
      ("partial_fill", ["simulation.participation=0.0001"]),
      ("rounding", ["product.quote_increment=0.5", "product.base_increment=0.001"]),
    ])
  func habits(cause: String, sets: [String]) async throws {
    let session = try await SessionFolder(candles: 450)
    let exchange = try await LocalExchange(session, sets.flatMap { ["--set", $0] })
    let process = try exchange.startLive("es256")
    try await exchange.awaitEnd(of: process)
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    try await exchange.end()
    let (audit, causes) = try await audit(session, "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    #expect(Set(causes.keys) == [cause], "\(audit.outputText)")
  }

  @Test(
    "An exchange with faults is named by what they led to",
    arguments: [
      (
        ["fault", "replace_window"],
        ["kind: product_halted", "every: 3h", "for: 1h", "mode: cancel_only"]
      ),
      (
        ["latency", "replace_window"],
        ["kind: latency", "requests: place", "effect: before", "delay: 100s..400s", "chance: 1"]
      ),
    ])
  func faults(causes: [String], rule: [String]) async throws {
    let session = try await SessionFolder(candles: 450, seed: 7)
    try session.folder.write(
      "seed: 3\nfaults:\n  - { \(rule.joined(separator: ", ")) }\n", to: "faults.yaml")
    let live = try await session.run(
      "live", "--sandbox", "candles.csv", "--faults", "faults.yaml", "--speed", "lockstep", "--db",
      "live.db", "--set", "strategy.rsi_oversold=40")
    try #require(live.code == 0, "\(live.errors)")
    let (audit, found) = try await audit(session, "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    #expect(Set(causes).isSubset(of: found.keys), "\(audit.outputText)")
    #expect(audit.outputText.contains("Stop coverage"))
    #expect(audit.outputText.contains("unexplained 0"))
  }

  // MARK: - Operators

  @Test func `a halt is the operator's, and so is a sale at the end`() async throws {
    let session = try await SessionFolder(candles: 390)
    let exchange = try await LocalExchange(session)
    let first = try exchange.startLive("es256", environment: ["RATCHET_EXIT_AFTER_COMMIT": "1"])
    #expect(try await first.end() == 86)
    let halt = try await session.run("halt", "--db", "live.db")
    #expect(halt.outputText.contains("no engine runs"), "\(halt.outputText)")
    let process = try exchange.startLive("es256")
    try await exchange.awaitEnd(of: process)
    process.send(SIGTERM)
    _ = try await process.end()
    try await exchange.end()
    let (halted, causes) = try await audit(session, "live.db")
    #expect(halted.code == 0, "\(halted.outputText)\(halted.errors)")
    #expect(causes["operator"] ?? 0 > 0, "\(halted.outputText)")
    #expect(halted.outputText.contains("entries were halted"))

    let sold = try await session.run(
      "live", "--sandbox", "candles.csv", "--on-exit", "liquidate", "--db", "sold.db", "--speed",
      "lockstep")
    try #require(sold.code == 0, "\(sold.errors)")
    let (sale, its) = try await audit(session, "sold.db")
    #expect(sale.code == 0, "\(sale.outputText)")
    #expect(Set(its.keys) == ["operator"], "\(sale.outputText)")
    #expect(sale.outputText.contains("or better by request"))
  }

  // MARK: - Data

  @Test func `other candles are named, and what they were worth`() async throws {
    let session = try await SessionFolder(candles: 450)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let lines = try session.folder.text(of: "candles.csv").split(separator: "\n")
    try session.folder.write(
      (lines[..<140] + lines[150...]).joined(separator: "\n") + "\n", to: "holes.csv")
    let (audit, causes) = try await audit(session, "run.db", "--csv", "holes.csv")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    #expect(Set(causes.keys) == ["data"], "\(audit.outputText)")
    #expect(audit.outputText.contains("backtest over holes.csv; 10 candles differ"))
    #expect(audit.outputText.contains("the backtest has no candle here"))
  }

  // MARK: - What cannot be explained, or read

  @Test func `money that no event accounts for is unexplained`() async throws {
    let session = try await SessionFolder(candles: 450)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let connection = try Connection(path: session.folder.path("run.db"), mode: .readWrite)
    try connection.execute("UPDATE account SET cash = '1' WHERE id = 1")
    let (audit, causes) = try await audit(session, "run.db")
    #expect(audit.code == 1)
    #expect(causes == ["unexplained": 1], "\(audit.outputText)")
    #expect(audit.outputText.contains("NOT explained: "))
    #expect(audit.outputText.contains("the database has 1 in cash, its events lead to "))
  }

  @Test func `what is no session cannot be read`() async throws {
    let session = try await SessionFolder(candles: 100)
    _ = try await session.run("backtest", "--csv", "candles.csv", "--db", "backtest.db")
    let (backtest, _) = try await audit(session, "backtest.db")
    #expect(backtest.code == 3)
    #expect(backtest.errors.contains("Name the database of a paper or live session"))
    let (missing, _) = try await audit(session, "nowhere.db")
    #expect(missing.code == 3, "\(missing.errors)")
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let (csv, _) = try await audit(session, "run.db", "--csv", "nowhere.csv")
    #expect(csv.code == 3, "\(csv.errors)")
    // A record that does not replay is none to compare with.
    let connection = try Connection(path: session.folder.path("run.db"), mode: .readWrite)
    try connection.execute("UPDATE events SET body = 'nonsense' WHERE seq = 5")
    let (damaged, _) = try await audit(session, "run.db")
    #expect(damaged.code == 3, "\(damaged.errors)")
    #expect(damaged.errors.contains("event 5 of the record cannot be read"))
  }

  @Test func `words that do not go together`() async throws {
    let session = try await SessionFolder(candles: 1)
    let html = try await session.run("audit", "--db", "run.db", "--html", "page.html")
    #expect(html.code == 2)
    #expect(html.errors.contains("--html does nothing without --against-backtest"))
    let same = try await session.run(
      "audit", "--db", "run.db", "--against-backtest", "--html", "run.db")
    #expect(same.code == 2)
    #expect(same.errors.contains("another file than the database"))
  }

  // MARK: - The page

  @Test func `writes a page that needs nothing else`() async throws {
    let session = try await SessionFolder(candles: 450)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let lines = try session.folder.text(of: "candles.csv").split(separator: "\n")
    try session.folder.write(
      (lines[..<140] + lines[150...]).joined(separator: "\n") + "\n", to: "a<b&c.csv")
    let (audit, _) = try await audit(
      session, "run.db", "--csv", "a<b&c.csv", "--html", "page.html")
    #expect(audit.code == 0, "\(audit.errors)")
    #expect(audit.errors.contains("wrote page.html"))
    let page = try session.folder.text(of: "page.html")
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("Content-Security-Policy"))
    #expect(page.contains("Where the session left the backtest&#39;s way"))
    #expect(page.contains("a&lt;b&amp;c.csv"))
    #expect(!page.contains("a<b&c.csv"))
    #expect(page.contains("href=\"#cause-1\"") && page.contains("id=\"cause-1\""))
  }
}
