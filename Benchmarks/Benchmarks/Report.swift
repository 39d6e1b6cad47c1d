import Foundation

/// One measured figure, as the JSON has it.
struct Figure: Codable {
  let suite: String
  /// What is compared with each other.
  let group: String
  let name: String
  /// What minimum and median are: `ns/candle`, `ms`.
  let unit: String
  let rounds: Int
  let minimum: Double
  let median: Double
  /// How many times the first of its group, the reference.
  let ratio: Double
  /// What else there is to say: orders, MB/s, allocations; by name.
  var extra: [String: Double] = [:]
}

/// The figures of a run: a table as they come, JSON at the end.
struct Report {
  let isQuiet: Bool
  private(set) var figures: [Figure] = []

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Begins a table.
  func heading(_ title: String, unit: String, extra: [String] = []) {
    say("")
    say(title)
    let columns = ["min " + unit, "median", "ratio"] + extra
    say(
      "".padded(to: Self.nameWidth)
        + columns.map { $0.padded(to: Self.width, onTheLeft: true) }.joined())
  }

  /// Adds a line; its further figures stand in the order of the heading's.
  mutating func add(_ figure: Figure, extra: [String] = []) {
    figures.append(figure)
    let columns = [figure.minimum, figure.median, figure.ratio].map { String(format: "%.2f", $0) }
    say(
      figure.name.padded(to: Self.nameWidth)
        + (columns + extra).map { $0.padded(to: Self.width, onTheLeft: true) }.joined())
  }

  /// Writes all figures, to standard output for `-`.
  func writeJSON(to target: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(figures) + Data("\n".utf8)
    if target == "-" {
      FileHandle.standardOutput.write(data)
    } else {
      try data.write(to: URL(filePath: target))
      say("\nwrote \(target)")
    }
  }

  private static let nameWidth = 29
  private static let width = 10

  private func say(_ line: String) { if !isQuiet { print(line) } }
}

extension String {
  /// The text with blanks up to a width; longer text stays as it is.
  func padded(to width: Int, onTheLeft: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(width - count, 0))
    return onTheLeft ? blanks + self : self + blanks
  }
}
