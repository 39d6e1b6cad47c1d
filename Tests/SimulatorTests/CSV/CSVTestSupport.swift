import Foundation
import Market
import Simulator

/// Bytes that arrive in pieces of the sizes of a script, and then as they are asked for.
struct ScriptedSource: ByteSource {
  var bytes: ArraySlice<UInt8>
  var sizes: ArraySlice<Int>

  init(_ bytes: [UInt8], sizes: [Int] = []) {
    self.bytes = bytes[...]
    self.sizes = sizes[...]
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    let count = min(sizes.popFirst() ?? .max, buffer.count, bytes.count)
    buffer.copyBytes(from: bytes.prefix(count))
    bytes = bytes.dropFirst(count)
    return count
  }
}

/// A row as a test compares it.
struct Row: Hashable {
  var line: Int
  var fields: [String]
}

func rows(
  _ bytes: [UInt8], sizes: [Int] = [], delimiter: Delimiter? = nil
) throws(CSVError) -> [Row] {
  var reader = CSVReader(ScriptedSource(bytes, sizes: sizes), delimiter: delimiter)
  var rows: [Row] = []
  while try reader.next() {
    let fields = reader.withRow { bytes, fields in
      var texts: [String] = []
      for index in 0..<fields.count {
        let field = bytes.extracting(fields[index])
        texts.append(field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
      }
      return texts
    }
    rows.append(Row(line: reader.line, fields: fields))
  }
  return rows
}

func rows(_ text: String, delimiter: Delimiter? = nil) throws(CSVError) -> [Row] {
  try rows(Array(text.utf8), delimiter: delimiter)
}

func read(
  _ text: String, _ options: CandleFileOptions = CandleFileOptions()
) throws(CandleFileError) -> CandleFile {
  try CandleFile.read(
    from: ScriptedSource(Array(text.utf8)), name: "candles.csv", options: options)
}

/// The error of reading a text, or `nil` where it is read.
func refusal(
  _ text: String, _ options: CandleFileOptions = CandleFileOptions()
) -> CandleFileError? {
  do throws(CandleFileError) {
    _ = try read(text, options)
    return nil
  } catch {
    return error
  }
}

/// Rows under the usual header.
func candles(_ rows: String...) -> String {
  (["timestamp,open,high,low,close,volume"] + rows).joined(separator: "\n") + "\n"
}

func candle(
  _ seconds: Int64, _ open: Price, _ high: Price, _ low: Price, _ close: Price, _ volume: Quantity
) -> Candle {
  Candle(
    start: Timestamp(seconds: seconds), open: open, high: high, low: low, close: close,
    volume: volume)
}

/// Runs `body` with a new folder, and removes that afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("ratchet-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }  // A leftover harms no later test.
  try body(folder.path)
}
