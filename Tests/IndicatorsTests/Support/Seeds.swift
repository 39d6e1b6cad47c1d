import Foundation

/// The seeds of the property tests: `SEED=42` replays one, `SEED_COUNT=5000` makes a long run.
enum Seeds {
  static let ofThisRun: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["SEED"].flatMap({ UInt64($0) }) { return [seed] }
    let count = environment["SEED_COUNT"].flatMap { UInt64($0) } ?? 8
    return Array(1...max(count, 1))
  }()
}
