import Hashing
import Market
import Reporting
import Simulator

/// A file of candles that is being written, and what there is to say about it afterwards.
struct CandleOutput: ~Copyable {
  private let path: String
  private var file: OutputFile
  /// Hashes what is written; `nil` where nobody asks, since that takes time.
  private var digest: Digest?
  private var bytes: Int64 = 0
  private var count = 0
  private var first: Timestamp?
  private var last: Timestamp?

  private init(_ path: String, _ file: consuming OutputFile, isHashed: Bool) {
    self.path = path
    self.file = file
    digest = isHashed ? Digest(.sha256) : nil
  }

  /// Opens the file and writes its header; `-` is standard output.
  static func open(_ path: String, isHashed: Bool) throws(OutputError) -> CandleOutput {
    var output = CandleOutput(path, try OutputFile(path), isHashed: isHashed)
    try output.write(Array(CandleWriter.header.utf8))
    return output
  }

  /// Adds a candle.
  mutating func write(_ candle: Candle) throws(OutputError) {
    if first == nil { first = candle.start }
    last = candle.start
    count += 1
    try write(CandleWriter.row(candle))
  }

  private mutating func write(_ row: [UInt8]) throws(OutputError) {
    digest?.update(row.span)
    bytes += Int64(row.count)
    try file.write(row)
  }

  /// Ends the file.
  mutating func finish() throws(OutputError) { try file.finish() }

  /// Writes what the file is as members of an object, once it is finished.
  consuming func describe(to json: inout JSONWriter) {
    json.member("output", path)
    json.member("count", count)
    json.member("first", first)
    json.member("last", last)
    json.member("bytes", bytes)
    if let digest { json.member("sha256", digest.hexadecimal()) }
  }
}
