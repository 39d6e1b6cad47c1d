import Foundation
import Reference
import Simulator

/// A file of candles from the disk's cache into memory, checked.
struct CSVBenchmark {
  let path: String
  let rounds: Int

  /// Prints a line for a plain C loop, and one each for the ways to read the file.
  func run() throws {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    let rows = try CandleFile.read(path: path).candles.count
    print("\(size) bytes, \(rows) rows, \(rounds) rounds")
    let reference = try Self.reference(path: path, rows: rows, rounds: rounds)
    print(reference.line("C: digits into columns, unchecked", per: "row", reference: reference))
    for (name, shortcut) in [("CandleFile.read", true), ("CandleFile.read, libcsv alone", false)] {
      let reading = try Measurement(units: rows, rounds: rounds) {
        let source = try FileSource(path: path)
        return try CandleFile.read(from: source, name: path, shortcut: shortcut).candles.count
      }
      let speed = Double(size) / Double(rows) * 1e3 / reading.median
      print(
        reading.line(name, per: "row", reference: reference)
          + String(format: "  %6.0f MB/s", speed))
    }
  }

  private static func reference(path: String, rows: Int, rounds: Int) throws -> Measurement {
    let capacity = rows + 1  // One more than needed tells a file that grew.
    var figures = [Int64](repeating: 0, count: 6 * capacity)
    return figures.withUnsafeMutableBufferPointer { figures in
      let start = figures.baseAddress
      let columns = (0..<6).map { column in start.map { $0 + column * capacity } }
      return columns.withUnsafeBufferPointer { columns in
        Measurement(units: rows, rounds: rounds) {
          reference_csv(path, columns.baseAddress, capacity)
        }
      }
    }
  }
}
