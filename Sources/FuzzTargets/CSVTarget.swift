import Market
import Simulator

/// The short way through plain rows gives what libcsv alone gives, on any bytes however they arrive.
///
/// The first two bytes choose options and the size of the pieces; '0' is the usual of both. The rest
/// is the file.
enum CSVTarget {
  static func finding(in bytes: [UInt8]) -> String? {
    guard bytes.count >= 2 else { return nil }
    let options = options(bytes[0] ^ UInt8(ascii: "0"))
    let pieceSize = Int(bytes[1] ^ UInt8(ascii: "0"))
    let file = Array(bytes[2...])
    let long = outcome(file, options, pieceSize: 0, shortcut: false)
    let short = outcome(file, options, pieceSize: pieceSize, shortcut: true)
    if short != long { return "\(shown(short)) past libcsv, \(shown(long)) through it" }
    switch long {
    case .success(let file): return defect(of: file, options)
    case .failure(let error): return defect(of: error)
    }
  }

  private static func options(_ choice: UInt8) -> CandleFileOptions {
    CandleFileOptions(
      interval: .init(seconds: choice & 1 == 0 ? 300 : 86_400), skipsBadRows: choice & 2 != 0,
      timeUnit: choice & 4 == 0 ? nil : .seconds,
      delimiter: [nil, .comma, .semicolon, .tab][Int(choice >> 3 & 3)],
      rowLimit: choice & 32 == 0 ? 1000 : 3)
  }

  private static func outcome(
    _ bytes: [UInt8], _ options: CandleFileOptions, pieceSize: Int, shortcut: Bool
  ) -> Result<CandleFile, CandleFileError> {
    Result { () throws(CandleFileError) in
      try CandleFile.read(
        from: PiecewiseSource(bytes, pieceSize: pieceSize), name: "fuzz.csv", options: options,
        shortcut: shortcut)
    }
  }

  private static func shown(_ outcome: Result<CandleFile, CandleFileError>) -> String {
    switch outcome {
    case .success(let file): "\(file.candles.count) candles with \(file.quality)"
    case .failure(let error): "'\(error)'"
    }
  }

  private static func defect(of file: CandleFile, _ options: CandleFileOptions) -> String? {
    if file.candles.isEmpty { return "no candles, and no error" }
    for candle in file.candles {
      if let defect = candle.defect(interval: options.interval) { return defect }
    }
    for (earlier, later) in zip(file.candles, file.candles.dropFirst())
    where earlier.start >= later.start {
      return "\(later.start) comes after \(earlier.start)"
    }
    return nil
  }

  private static func defect(of error: CandleFileError) -> String? {
    let text = error.description
    if text.contains(where: \.isNewline) { return "a message of several lines: \(text)" }
    return text.hasPrefix("fuzz.csv") ? nil : "a message without the file: \(text)"
  }
}

/// Bytes that arrive so many at a time, or at once.
private struct PiecewiseSource: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let pieceSize: Int

  init(_ bytes: [UInt8], pieceSize: Int) {
    rest = bytes[...]
    self.pieceSize = pieceSize == 0 ? .max : pieceSize
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int {
    let count = min(pieceSize, buffer.count, rest.count)
    buffer.copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return count
  }
}
