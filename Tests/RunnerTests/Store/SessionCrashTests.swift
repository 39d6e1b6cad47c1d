import Foundation
import Persistence
import Simulator
import TestKit
import Testing

@Suite("A session that is killed", .timeLimit(.minutes(10)))
struct SessionCrashTests {
  /// The commits at which it ends from inside: the first ones, and some of the later ones.
  static let commits = [1, 2, 3, 4, 5, 6, 9, 14, 22, 36]

  @Test("goes on from any commit as if it had not been", arguments: ["BEFORE", "AFTER"], commits)
  func boundary(_ side: String, commit: Int) async throws {
    let session = try await SessionFolder(candles: 200)
    let whole = try await session.paper("whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let fault = ["RATCHET_EXIT_\(side)_COMMIT": "\(commit)"]
    let ended = try await session.paper("broken.db", environment: fault)
    #expect(ended.code == 86)
    let check = try await session.run("db", "check", "--db", "broken.db")
    #expect(check.code == 0, "\(check.outputText)\(check.errors)")
    let rest = try await session.paper("broken.db")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(rest.outputText == whole.outputText)
    #expect(try session.rows("broken.db") == session.rows("whole.db"))
    let audit = try await session.run("audit", "--db", "broken.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
  }

  @Test("by SIGKILL goes on as if it had not been", arguments: [1, 2, 3] as [UInt64])
  func killed(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    let session = try await SessionFolder(candles: 900)
    let whole = try await session.paper("whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let events = try session.store("whole.db").reader.lastEvent()
    for _ in 0..<4 {
      let process = try session.start("paper", "--db", "broken.db", "--speed", "max")
      // Not by time: it is killed where its record has come so far, or at its end.
      let reached = Int64.random(in: 0..<events, using: &random)
      while process.code == nil {
        let last = try? session.store("broken.db").reader.lastEvent()
        if let last, last >= reached { break }
        try await Task.sleep(for: .milliseconds(1))
      }
      process.send(SIGKILL)
      _ = try await process.end()
    }
    let rest = try await session.paper("broken.db")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(rest.outputText == whole.outputText)
    #expect(try session.rows("broken.db") == session.rows("whole.db"), "SEED=\(seed)")
  }

  @Test(
    "A backtest goes on from its last block, and from before and after its curve",
    arguments: ["AFTER", "BEFORE"], [1, 2])
  func backtest(_ side: String, commit: Int) async throws {
    let session = try await SessionFolder(candles: 300)
    let whole = try await session.run("backtest", "--csv", "candles.csv", "--db", "whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let ended = try await session.run(
      "backtest", "--csv", "candles.csv", "--db", "broken.db",
      environment: ["RATCHET_EXIT_\(side)_COMMIT": "\(commit)"])
    #expect(ended.code == 86)
    let rest = try await session.run("backtest", "--csv", "candles.csv", "--db", "broken.db")
    #expect(rest.outputText == whole.outputText, "\(rest.errors)")
    #expect(try session.rows("broken.db") == session.rows("whole.db"))
    #expect(try session.rows("broken.db", of: ["equity"]).count == 300)
  }

  @Test("A session leaves the rows that a backtest over the same candles leaves")
  func sameAsBacktest() async throws {
    let session = try await SessionFolder(candles: 600)
    let paper = try await session.paper("paper.db")
    let backtest = try await session.run(
      "backtest", "--csv", "candles.csv", "--db", "backtest.db")
    #expect(paper.code == 0 && backtest.code == 0, "\(paper.errors)\(backtest.errors)")
    #expect(paper.outputText == backtest.outputText)
    let tables = ["pairs", "orders", "positions", "ratchets", "signals", "anomalies", "equity"]
    let rows = try session.rows("paper.db", of: tables)
    #expect(rows == (try session.rows("backtest.db", of: tables)))
    #expect(rows.contains { $0.hasPrefix("positions|") })
  }

  @Test("A backtest that is complete is compared, not written again")
  func complete() async throws {
    let session = try await SessionFolder(candles: 300)
    let first = try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    let rows = try session.rows("run.db")
    let second = try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    #expect(first.code == 0 && second.code == 0)
    #expect(first.outputText == second.outputText)
    #expect(try session.rows("run.db") == rows)
  }

  static let others: [([String], String)] = [
    (["--set", "exit.trail=0.03"], "its exit.trail is 0.02, that of this run 0.03"),
    (["--timerange", "20240101-"], "its time range is all, that of this run 20240101-"),
    (["--strategy", "sma_cross"], "its strategy.name is confluence, that of this run sma_cross"),
  ]

  @Test("Another run in the same database is refused", arguments: others)
  func other(_ words: [String], _ difference: String) async throws {
    let session = try await SessionFolder(candles: 200)
    let first = try await session.run("backtest", "--csv", "candles.csv", "--db", "run.db")
    #expect(first.code == 0)
    let other = try await RunnerProcess.run(
      ["backtest", "--csv", "candles.csv", "--db", "run.db"] + words, in: session.folder)
    #expect(other.code == 1)
    #expect(other.errors.contains("this database belongs to another run: \(difference)"))
    let paper = try await session.paper("run.db")
    #expect(paper.errors.contains("it is of backtest, this run of paper"))
  }
}
