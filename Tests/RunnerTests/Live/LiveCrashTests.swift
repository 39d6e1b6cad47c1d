import Foundation
import Persistence
import Simulator
import TestKit
import Testing

@Suite("A live session that is killed", .timeLimit(.minutes(10)))
struct LiveCrashTests {
  @Test("goes on with the fills of one that was not", arguments: ["es256", "exchange"])
  func killed(key: String) async throws {
    var random = SplitMix64(seed: 7)
    let session = try await SessionFolder(candles: 700)
    let whole = try await session.run("backtest", "--csv", "candles.csv", "--db", "whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let exchange = try await LocalExchange(session)
    var cutShort = 0
    for _ in 0..<4 {
      // The pauses between moves are what leaves time to be killed in.
      let process = try exchange.startLive(key, replaceInterval: 1)
      // Not by time: it is killed where its record has grown by so much.
      let begin = (try? session.store("live.db").reader.lastEvent()) ?? 0
      let reached = begin + Int64.random(in: 0..<600, using: &random)
      while process.code == nil, !exchange.isOver {
        let last = try? session.store("live.db").reader.lastEvent()
        if let last, last >= reached {
          cutShort += 1
          break
        }
        try await Task.sleep(for: .milliseconds(10))
      }
      process.send(SIGKILL)
      _ = try await process.end()
    }
    #expect(cutShort > 0, "the candles were over before the kills")
    let process = try exchange.startLive(key, replaceInterval: 1)
    try await exchange.awaitEnd(of: process)
    process.send(SIGINT)
    #expect(try await process.end() == 130, "\((try? exchange.told) ?? "")")
    try await exchange.end()
    // The Exchange makes two orders of what it gets twice: an entry that may have been sent is given up there.
    let incidents = try session.rows("live.db", of: ["incidents"])
    if !incidents.contains(where: { $0.contains("is given up") }) {
      #expect(try exchange.fills("live.db") == exchange.fills("whole.db"))
    } else {
      #expect(key == "exchange")
    }
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
    let check = try await session.run("db", "check", "--db", "live.db")
    #expect(check.code == 0, "\(check.outputText)\(check.errors)")
    #expect(try exchange.told.contains("stopped: the same command goes on from here"))
  }

  @Test("goes on from any commit", arguments: ["BEFORE", "AFTER"], [2, 5, 9, 14])
  func boundary(_ side: String, commit: Int) async throws {
    let session = try await SessionFolder(candles: 300)
    let whole = try await session.run("backtest", "--csv", "candles.csv", "--db", "whole.db")
    try #require(whole.code == 0, "\(whole.errors)")
    let exchange = try await LocalExchange(session)
    let broken = try exchange.startLive(
      "ed25519", replaceInterval: 1, environment: ["RATCHET_EXIT_\(side)_COMMIT": "\(commit)"])
    #expect(try await broken.end() == 86)
    let process = try exchange.startLive("ed25519", replaceInterval: 1)
    try await exchange.awaitEnd(of: process)
    process.send(SIGTERM)
    #expect(try await process.end() == 143)
    try await exchange.end()
    #expect(try exchange.fills("live.db") == exchange.fills("whole.db"))
    let audit = try await session.run("audit", "--db", "live.db")
    #expect(audit.code == 0, "\(audit.outputText)\(audit.errors)")
  }
}
