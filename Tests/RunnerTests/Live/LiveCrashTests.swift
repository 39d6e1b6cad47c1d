import Foundation
import Persistence
import Simulator
import TestKit
import Testing

@Suite("A live session that is killed")
struct LiveCrashTests {
  @Test("goes on with the fills of one that was not", arguments: ["es256", "exchange"])
  func killed(key: String) async throws {
    var random = SplitMix64(seed: 7)
    let session = try await SessionFolder(candles: 700)
    let whole = try await session.run("backtest", "--csv", "candles.csv", "--db", "whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let sandbox = try await openSandbox(session)
    for _ in 0..<4 {
      let process = try start(session, key)
      // Not by time: it is killed where its record has grown by so much.
      let begin = (try? session.store("live.db").reader.lastEvent()) ?? 0
      let reached = begin + Int64.random(in: 0..<600, using: &random)
      while process.code == nil, !isOver(session) {
        let last = try? session.store("live.db").reader.lastEvent()
        if let last, last >= reached { break }
        try await Task.sleep(for: .milliseconds(1))
      }
      process.send(SIGKILL)
      _ = try await process.end()
    }
    let process = try start(session, key)
    while process.code == nil, !isOver(session) { try await Task.sleep(for: .milliseconds(5)) }
    process.send(SIGINT)
    #expect(try await process.end() == 130, "\((try? session.folder.text(of: "live.txt")) ?? "")")
    sandbox.send(SIGTERM)
    _ = try await sandbox.end()
    #expect(try fills(session, "live.db") == fills(session, "whole.db"))
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    let check = try await session.run("db", "check", "--db", "live.db")
    #expect(check.code == 0, "\(check.outputText)\(check.errors)")
    let told = try session.folder.text(of: "live.txt")
    #expect(told.contains("stopped: the same command goes on from here"))
  }

  @Test("goes on from any commit", arguments: ["BEFORE", "AFTER"], [2, 5, 9, 14])
  func boundary(_ side: String, commit: Int) async throws {
    let session = try await SessionFolder(candles: 300)
    let whole = try await session.run("backtest", "--csv", "candles.csv", "--db", "whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let sandbox = try await openSandbox(session)
    let broken = try start(
      session, "ed25519", environment: ["RATCHET_EXIT_\(side)_COMMIT": "\(commit)"])
    #expect(try await broken.end() == 86)
    let process = try start(session, "ed25519")
    while process.code == nil, !isOver(session) { try await Task.sleep(for: .milliseconds(5)) }
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    sandbox.send(SIGTERM)
    _ = try await sandbox.end()
    #expect(try fills(session, "live.db") == fills(session, "whole.db"))
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
  }

  /// A sandbox that waits for a session.
  private func openSandbox(_ session: SessionFolder) async throws -> ChildProcess {
    let sandbox = try session.start(
      "sandbox", "--speed", "lockstep", "--credentials", "keys", errors: "sandbox.txt")
    while !FileManager.default.fileExists(atPath: session.folder.path("keys/urls.json")) {
      try #require(sandbox.code == nil)
      try await Task.sleep(for: .milliseconds(5))
    }
    return sandbox
  }

  private func start(
    _ session: SessionFolder, _ key: String, environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try session.start(
      words: [
        "live", "--exchange", "keys", "--key", key, "--db", "live.db", "--set",
        "live.candle_grace=0", "--set", "exchange.private_per_minute=100000", "--set",
        "exchange.private_burst=1000", "--set", "exchange.fills_per_minute=100000", "--set",
        "exchange.fills_burst=1000",
      ], errors: "live.txt", environment: environment)
  }

  private func isOver(_ session: SessionFolder) -> Bool {
    (try? session.folder.text(of: "sandbox.txt").contains("the candles are over")) == true
  }

  private func fills(_ session: SessionFolder, _ database: String) throws -> [String] {
    try session.rows(database, of: ["fills"]).map { row in
      // fills | pair | number | id | seq | position | time | side | price …
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      return (cells[..<3] + cells[6..<11]).joined(separator: "|")
    }
  }
}
