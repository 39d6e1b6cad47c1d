import Foundation

/// The candles and columns of `Reference/reference.csv`; see `make_reference.py` beside it.
struct Reference: Sendable {
  let candles: [SampleCandle]
  private let columns: [String: [Double?]]

  var closes: [Double] { candles.map(\.close) }

  /// The file, read once.
  static let file = Result { try Reference() }

  /// The column, with `nil` where its cell is empty.
  func column(_ name: String) throws -> [Double?] {
    guard let column = columns[name] else { throw Malformed(problem: "no column '\(name)'") }
    return column
  }

  private init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("../Reference/reference.csv").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let names = lines[0].split(separator: ",").map(String.init)
    var columns = names.map { _ in [Double?]() }
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == names.count else { throw Malformed(problem: "a row of \(cells.count)") }
      for (index, cell) in cells.enumerated() {
        let value = Double(cell)
        if value == nil && !cell.isEmpty { throw Malformed(problem: "'\(cell)' is no number") }
        columns[index].append(value)
      }
    }
    self.columns = Dictionary(uniqueKeysWithValues: zip(names, columns))
    candles = lines.dropFirst().indices.map { row in
      let value = { columns[$0][row - 1] ?? .nan }
      return SampleCandle(
        day: Int64(value(0)), high: value(1), low: value(2), close: value(3), volume: value(4))
    }
  }

  private struct Malformed: Error, CustomStringConvertible {
    var problem: String
    var description: String { "reference.csv: \(problem)" }
  }
}
