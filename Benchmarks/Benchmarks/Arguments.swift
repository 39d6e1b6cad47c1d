/// What the command line asks for.
struct Arguments {
  var suites = Suite.allCases
  /// Part of the name of the scenarios to run; empty for all.
  var filter = ""
  var csv: String?
  var json: String?
  var rounds: Int?
  /// Further builds of the runner to measure.
  var runners: [String] = []
  var wantsHelp = false

  static let help = """
    Usage: benchmarks [SUITE [NAME]] [options]

    SUITE is one of
    \(Suite.allCases.map { "  " + $0.rawValue.padded(to: 12) + $0.summary }.joined(separator: "\n"))
      all         all of them, which is what happens without one
    NAME keeps only what has it in its name, such as 'sma'.

      --csv FILE      candles to use instead of made-up ones (engine, csv, backtest)
      --json FILE     also write the figures as JSON; - for standard output alone
      --rounds N      how often each thing is done; a median of fewer is worth less
      --runner FILE   another build of the runner, measured beside the one here (backtest)
    """

  init(_ words: [String]) throws(UsageError) {
    var names: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--csv": csv = try Self.value(of: word, &rest)
      case "--json": json = try Self.value(of: word, &rest)
      case "--runner": runners.append(try Self.value(of: word, &rest))
      case "--rounds":
        let text = try Self.value(of: word, &rest)
        guard let number = Int(text), number > 0 else {
          throw UsageError("--rounds takes a number above 0, not '\(text)'")
        }
        rounds = number
      case "--help", "-h": wantsHelp = true
      default:
        if word.hasPrefix("-") { throw UsageError("there is no option '\(word)'") }
        names.append(word)
      }
    }
    if let name = names.first, name != "all" {
      guard let suite = Suite(rawValue: name) else {
        throw UsageError("there is no suite '\(name)'")
      }
      suites = [suite]
    }
    if names.count > 2 { throw UsageError("what is '\(names[2])'?") }
    if names.count == 2 { filter = names[1] }
  }

  private static func value(
    of option: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let value = rest.popFirst() else { throw UsageError("\(option) takes a value") }
    return value
  }
}

/// Words that make no sense, or a file that is missing.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
