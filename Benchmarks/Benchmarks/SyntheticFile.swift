import Foundation

/// A file of made-up candles, the same in every run, that goes with its last owner.
final class SyntheticFile {
  let path: String

  /// Has the runner write so many candles of five minutes.
  init(count: Int) throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "ratchet-benchmarks-\(UUID().uuidString).csv").path()
    _ = try Tool.run(
      Tool.path("runner"),
      ["data", "synth", "--seed", "2018", "--count", "\(count)", "--output", path])
  }

  deinit {
    // Where it cannot be removed it stays among the temporary files: no harm to a benchmark.
    try? FileManager.default.removeItem(atPath: path)
  }
}
