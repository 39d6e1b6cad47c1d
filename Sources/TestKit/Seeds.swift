import Glibc

/// The seeds of a property test: the argument of the test is the recipe of its failure.
///
/// `SEED=42` replays one, `SEED_COUNT=5000` makes a long run; otherwise a few, always the same, so
/// that a red run is red for everybody.
public enum Seeds {
  /// The seeds of this run of the tests.
  public static let ofThisRun: [UInt64] = {
    if let seed = number("SEED") { return [seed] }
    return Array(1...max(1, number("SEED_COUNT") ?? 12))
  }()

  /// A few seeds for tests that are slow.
  public static let few: [UInt64] = Array(ofThisRun.prefix(max(3, ofThisRun.count / 4)))

  private static func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }
}
