import Foundation
import Persistence
import TestKit
import Testing

/// A folder with made-up candles in `candles.csv` and databases of runs over them.
final class SessionFolder: Sendable {
  let folder: TemporaryFolder

  /// Candles of this seed: with the example's settings, 3 trades within 600 of seed 3.
  init(candles: Int, seed: Int = 3) async throws {
    let folder = try TemporaryFolder()
    let made = try await RunnerProcess.run(
      ["data", "synth", "--count", "\(candles)", "--seed", "\(seed)", "-o", "candles.csv"],
      in: folder)
    guard made.code == 0 else { throw Failure(words: made.errors) }
    self.folder = folder
  }

  /// What the program said against it.
  struct Failure: Error {
    let words: String
  }

  /// Runs the program here.
  func run(_ words: String..., environment: [String: String] = [:]) async throws -> Finished {
    try await RunnerProcess.run(words, in: folder, environment: environment)
  }

  /// Plays all of a paper session into a database.
  func paper(_ database: String, environment: [String: String] = [:]) async throws -> Finished {
    try await run(
      "paper", "--csv", "candles.csv", "--db", database, "--speed", "max",
      environment: environment)
  }

  /// Starts a command over the candles, and leaves it running; `errors` names a file here.
  func start(_ words: String..., errors: String? = nil) throws -> ChildProcess {
    try start(words: words + ["--csv", "candles.csv"], errors: errors)
  }

  /// Starts a command, and leaves it running; `errors` names a file here.
  func start(
    words: [String], errors: String? = nil, environment: [String: String] = [:]
  ) throws -> ChildProcess {
    var streams = ChildProcess.Streams()
    if let errors { streams.errors = folder.path(errors) }
    return try ChildProcess(
      RunnerProcess.executable.path(percentEncoded: false), words,
      in: folder.url.path(percentEncoded: false), environment: environment, streams: streams)
  }

  /// Opens a database to look at.
  func store(_ database: String) throws -> Store {
    try Store.read(at: Store.Location(path: folder.path(database)))
  }

  /// The tables that tell of a run, without what the wall clock wrote.
  static let tables = [
    "pairs", "account", "events", "orders", "fills", "positions", "ratchets", "signals",
    "anomalies", "equity",
  ]

  /// Every row of these tables.
  func rows(_ database: String, of tables: [String] = tables) throws -> [String] {
    try Store.rows(of: folder.path(database), tables: tables)
  }
}
