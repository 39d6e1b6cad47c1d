import Testing

/// The core takes events and gives commands; what else it could ask the world is banned by name.
@Suite("The core asks nobody")
struct PureCoreTests {
  private static let core = ["Market", "Indicators", "Strategy", "Execution", "Matching"]

  /// The clocks, random sources and channels to the world in a source: line and word.
  static func impurities(in text: String) -> [String] {
    let lines = SwiftSource(text).code.split(separator: "\n", omittingEmptySubsequences: false)
    var found: [String] = []
    for (number, line) in zip(1..., lines) {
      for match in line.matches(of: banned) { found.append("\(number): \(match.0)") }
    }
    return found
  }

  /// `CivilDate(` is no `Date(`, and `fingerprint(` no `print(`.
  ///
  /// Safe to share because nobody changes it; a `Regex` is not `Sendable` by itself.
  nonisolated(unsafe) private static let banned =
    #/
    \bDate\( | \.now\b | \bContinuousClock\b | \bSuspendingClock\b | \bDispatchTime\b
    | \bUUID\(\) | \bhashValue\b | \bHasher\(\)
    | \.random\((?![^()]*(\([^()]*\)[^()]*)*\busing:)
    | \.randomElement\(\) | \.shuffled?\(\) | \bSystemRandomNumberGenerator\b
    | \b(print|debugPrint|dump|readLine|fopen|open|getenv|setenv|gettimeofday|clock_gettime)\(
    | \bCommandLine\b | \bProcessInfo\b
    /#

  @Test("It mentions no clock, randomness, environment or printing", arguments: core)
  func purity(of module: String) throws {
    let files = try House.swiftFiles(of: module)
    #expect(!files.isEmpty)
    for file in files { #expect(Self.impurities(in: file.text) == [], "\(file.path)") }
  }

  // MARK: - Whether this test can fail

  @Test(
    "What asks the world is found",
    arguments: [
      ("let time = Date()", "Date("), ("Date (timeIntervalSince1970: 0)", nil),
      ("CivilDate(year: 1)", nil), ("clock.now", ".now"), ("order.nowhere", nil),
      ("UUID()", "UUID()"), ("Int.random(in: 0...1)", ".random("),
      ("Int.random(in: 0...1, using: &random)", nil),
      ("Int.random(in: low(1)...high(2), using: &random)", nil),
      ("Int.random(in: low(1)...high(2))", ".random("), ("print(1)", "print("),
      ("fingerprint(1)", nil), ("getenv(name)", "getenv("), ("// print(1)", nil),
      ("x.shuffled()", ".shuffled()"), ("x.shuffled(using: &random)", nil),
      ("\"//\"; print(1)", "print("), ("position.reopen(1)", nil),
    ] as [(String, String?)])
  func selfTest(_ line: String, _ word: String?) {
    #expect(Self.impurities(in: "\n\(line)\n") == (word.map { ["2: \($0)"] } ?? []))
  }
}
