import Foundation
import Market
import Persistence
import Reporting
import TestKit
import Testing

@testable import Runner

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

  @Test func `the only product's candles may be named with it, or be in a folder`() async throws {
    let session = try await SessionFolder(candles: 300)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let copied = try await RunnerProcess.shell(
      "mkdir all; cp candles.csv all/BTC-USD.csv; cp candles.csv all/ETH-USD.csv",
      in: session.folder)
    try #require(copied.code == 0, "\(copied.errors)")
    for (named, file) in [("BTC-USD=candles.csv", "candles.csv"), ("all", "all/BTC-USD.csv")] {
      let (audit, causes) = try await audit(session, "run.db", "--csv", named)
      #expect(audit.code == 0 && causes.isEmpty, "\(audit.outputText)\(audit.errors)")
      #expect(audit.outputText.contains("backtest over \(file)\n"), "\(audit.outputText)")
    }
    let (other, _) = try await audit(session, "run.db", "--csv", "ETH-USD=candles.csv")
    #expect(other.code == 2)
    #expect(
      other.errors.contains("--csv: the session is of BTC-USD: write --csv FILE"),
      "\(other.errors)")
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

  @Test("A manifest that is none cannot be read", arguments: ["garbage", "{}"])
  func damagedManifest(text: String) async throws {
    let session = try await SessionFolder(candles: 50)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let connection = try Connection(path: session.folder.path("run.db"), mode: .readWrite)
    try connection.execute("UPDATE run SET manifest = '\(text)'")
    let (damaged, _) = try await audit(session, "run.db")
    #expect(damaged.code == 3)
    #expect(
      damaged.errors.hasPrefix("runner: run.db: its manifest is damaged"), "\(damaged.errors)")
  }

  @Test("A folder is no database", arguments: [[], ["--against-backtest"]])
  func folder(words: [String]) async throws {
    let session = try await SessionFolder(candles: 1)
    let audit = try await RunnerProcess.run(["audit", "--db", "."] + words, in: session.folder)
    #expect(audit.code == 3)
    #expect(audit.errors.hasPrefix("runner: .: "), "\(audit.errors)")
  }

  @Test(
    "What is read is not written over, and what is written not twice",
    arguments: [
      (
        ["--html", "candles.csv"],
        "--html is 'candles.csv', expected another file than the candles themselves"
      ),
      (
        ["--json", "candles.csv"],
        "--json is 'candles.csv', expected another file than the candles themselves"
      ),
      (["--json", "run.db"], "--json is 'run.db', expected another file than a database"),
      (["--html", "a", "--json", "a"], "--json is 'a', expected another file than that of --html"),
      (
        ["--html", "-", "--json", "-"], "--json is '-', expected another place than that of --html"
      ),
    ])
  func overwriting(words: [String], message: String) async throws {
    let session = try await SessionFolder(candles: 30)
    let paper = try await session.paper("run.db")
    try #require(paper.code == 0, "\(paper.errors)")
    let before = try session.folder.bytes(of: "candles.csv")
    for named in ["candles.csv", "BTC-USD=candles.csv"] {
      let audit = try await RunnerProcess.run(
        ["audit", "--db", "run.db", "--against-backtest", "--csv", named] + words,
        in: session.folder)
      #expect(audit.code == 2)
      #expect(audit.errors.contains(message), "\(audit.errors)")
      #expect(audit.output.isEmpty)
    }
    #expect(try session.folder.bytes(of: "candles.csv") == before)
  }

  @Test func `a terminal is sent nothing of a record that commands it`() {
    let time = Timestamp(seconds: 1_704_067_200)
    let side = AuditReport.Side(orders: 1, fills: 1, positions: 0, equity: 1)
    let report = AuditReport(
      pairs: ["BTC\u{1B}[2J-USD"], begin: time, end: time, candles: 1, otherCandles: 0, events: 1,
      cash: 1, backtest: side, session: side,
      causes: [
        .init(.fault, pair: "A\u{7}", time: time, words: "refused: \u{1B}[31m\nred", worth: 0)
      ],
      differences: [
        .init(
          .fill, pair: "B\r", entry: time, name: "entry", backtest: "\u{9B}1m", session: nil,
          cause: 1)
      ])
    let text = report.printable.text(
      of: AuditSubject(database: "run.db", kind: "live", strategy: "s", candles: "c"))
    #expect(text.contains("refused: \\u{1b}[31m\\u{a}red"), "\(text)")
    #expect(
      !text.unicodeScalars.contains {
        $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value))
      })
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
