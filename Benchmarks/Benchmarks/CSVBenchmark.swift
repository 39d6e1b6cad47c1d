import Foundation
import Reference
import Simulator

/// A file of candles from the disk's cache into memory, checked.
struct CSVBenchmark {
  let rounds: Int

  /// Prints lines for the yardsticks in C and for the ways to read a file, or a made-up year.
  func run(_ csv: String?, _ report: inout Report) throws {
    let made = csv == nil ? try SyntheticFile(count: 105_120) : nil
    guard let path = csv ?? made?.path else { return }
    defer { withExtendedLifetime(made) {} }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let rows = try CandleFile.read(path: path).candles.count
    report.heading(
      "csv: \(rows) rows, \(size) bytes, \(rounds) rounds", unit: "ns", extra: ["MB/s"])

    let capacity = rows + 1  // One more than needed tells a file that grew.
    var figures = [Int64](repeating: 0, count: 6 * capacity)
    let found = try figures.withUnsafeMutableBufferPointer { figures in
      let start = figures.baseAddress
      let columns = (0..<6).map { column in start.map { $0 + column * capacity } }
      return try Measurement.all(
        [
          Subject(name: "C: digits into columns", units: rows) {
            reference_csv(path, columns, capacity)
          },
          Subject(name: "C: libcsv, fields counted", units: rows) { reference_libcsv(path) },
          Self.reading(path, rows, called: "CandleFile.read", shortcut: true),
          Self.reading(path, rows, called: "CandleFile.read by libcsv", shortcut: false),
        ], rounds: rounds)
    }
    for one in found {
      let speed = Double(size) / Double(rows) * 1e3 / one.minimum
      report.add(
        Figure(
          suite: "csv", group: "csv", name: one.name, unit: "ns/row", rounds: rounds,
          minimum: one.minimum, median: one.median, ratio: one.ratio(to: found[0]),
          extra: ["megabytesPerSecond": speed, "allocationsPerRow": one.allocations]),
        extra: ["\(Int(speed))"])
    }
  }

  private static func reading(
    _ path: String, _ rows: Int, called name: String, shortcut: Bool
  ) -> Subject {
    Subject(name: name, units: rows) {
      try CandleFile.read(from: FileSource(path: path), name: path, shortcut: shortcut)
        .candles.count
    }
  }
}
