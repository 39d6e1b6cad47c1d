import Foundation
import TestKit
import Testing

/// A sandbox in lockstep over a folder's candles, and sessions on it, all processes of their own.
struct LocalExchange {
  let session: SessionFolder
  private let sandbox: ChildProcess

  /// Starts one that waits for a session.
  init(_ session: SessionFolder, _ more: [String] = []) async throws {
    self.session = session
    sandbox = try session.start(
      words: [
        "sandbox", "--csv", "candles.csv", "--speed", "lockstep", "--credentials", "keys",
      ] + more, errors: "sandbox.txt")
    while !FileManager.default.fileExists(atPath: session.folder.path("keys/urls.json")) {
      try #require(sandbox.code == nil)
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Starts a session with one of its keys; `replaceInterval` is that between two moves of a stop, in seconds.
  ///
  /// The exchange waits for each of them: the standard's two seconds make a minute of a day of candles.
  func startLive(
    _ key: String, more: [String] = [], replaceInterval: Int = 0,
    environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try session.start(
      words: [
        "live", "--exchange", "keys", "--key", key, "--db", "live.db", "--set",
        "live.candle_grace=0", "--set", "live.replace_interval=\(replaceInterval)", "--set",
        "exchange.private_per_minute=100000", "--set",
        "exchange.private_burst=1000", "--set", "exchange.fills_per_minute=100000", "--set",
        "exchange.fills_burst=1000",
      ] + more, errors: "live.txt", environment: environment)
  }

  /// Whether the candles are over.
  var isOver: Bool {
    (try? session.folder.text(of: "sandbox.txt").contains("the candles are over")) == true
  }

  /// What sessions have told.
  var told: String { get throws { try session.folder.text(of: "live.txt") } }

  /// Waits until the candles are over, or the session is.
  func awaitEnd(of process: ChildProcess) async throws {
    while process.code == nil, !isOver { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// Ends it.
  func end() async throws {
    sandbox.send(SIGTERM)
    _ = try await sandbox.end()
  }

  /// The fills of a database, without what numbers them.
  func fills(_ database: String) throws -> [String] {
    try session.rows(database, of: ["fills"]).map { row in
      // fills | pair | number | id | seq | position | time | side | price …
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      return (cells[..<3] + cells[6..<11]).joined(separator: "|")
    }
  }
}
