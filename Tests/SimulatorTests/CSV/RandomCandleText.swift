import Market
import Simulator
import TestKit

/// A file of candles in any of the forms that a reader accepts, and damaged versions of it.
struct RandomCandleText {
  let bytes: [UInt8]
  let options: CandleFileOptions
  private let delimiter: Delimiter

  /// A file without an error, in a form drawn at random.
  init(using random: inout SplitMix64) {
    let delimiter = Delimiter.allCases.randomElement(using: &random) ?? .comma
    var columns: [CandleColumn?] = CandleColumn.allCases
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      columns.insert(nil, at: .random(in: 0...columns.count, using: &random))
    }
    if Bool.random(using: &random) { columns.shuffle(using: &random) }
    // A form holds for a file, and the odd row breaks it.
    let lineEnd = ["\n", "\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    let times = TimeStyle.allCases.randomElement(using: &random) ?? .seconds
    let isFine = Bool.random(using: &random)
    let oddity: Double = [0, 0, 0.02, 0.2].randomElement(using: &random) ?? 0.0

    var text = Bool.random(using: &random) ? "" : "\u{FEFF}"
    text += columns.enumerated().map { $1?.headers[0] ?? "other\($0)" }
      .joined(separator: String(UnicodeScalar(delimiter.byte)))
    let count = Int.random(in: 1...40, using: &random)
    for candle in SyntheticCandles(.init(seed: random.next(), count: count)) {
      text += lineEnd
      if Double.random(in: 0..<1, using: &random) < oddity { text += lineEnd + " " + lineEnd }
      let fields = columns.map { column in
        let field = Self.text(column, of: candle, times, isFine: isFine, using: &random)
        return Double.random(in: 0..<1, using: &random) < oddity
          ? Self.odd(field, using: &random) : field
      }
      text += fields.joined(separator: String(UnicodeScalar(delimiter.byte)))
    }
    if Bool.random(using: &random) { text += lineEnd }
    bytes = Array(text.utf8)
    self.delimiter = delimiter
    options = CandleFileOptions(
      skipsBadRows: .random(using: &random),
      timeUnit: Int.random(in: 0..<4, using: &random) == 0 ? times.unit : nil,
      delimiter: Bool.random(using: &random) ? delimiter : nil,
      rowLimit: Int.random(in: 0..<8, using: &random) == 0 ? 10 : 1000)
  }

  /// The same file after a few blows.
  func damaged(using random: inout SplitMix64) -> [UInt8] {
    let spice = Array(",;\"\n\r\t .-+eE0123456789nanT:Z\u{0}\u{FF}".utf8)
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let position = Int.random(in: 0..<bytes.count, using: &random)
      let byte = spice.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes[position] = byte
      case 1: bytes.insert(byte, at: position)
      case 2: bytes.remove(at: position)
      case 3: bytes.removeSubrange(position..<min(position + 40, bytes.count))
      case 4: bytes.insert(contentsOf: bytes[position...].prefix(60), at: position)
      case 5: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 6: bytes.insert(delimiter.byte, at: position)
      default: bytes.insert(contentsOf: "\r\n".utf8, at: position)
      }
      if bytes.isEmpty { bytes = [byte] }
    }
    return bytes
  }

  private enum TimeStyle: CaseIterable {
    case seconds, milliseconds, microseconds, nanoseconds, zulu, blank

    var unit: TimeUnit? {
      switch self {
      case .seconds: .seconds
      case .milliseconds: .milliseconds
      case .microseconds: .microseconds
      case .nanoseconds: .nanoseconds
      case .zulu, .blank: nil
      }
    }
  }

  private static func text(
    _ column: CandleColumn?, of candle: Candle, _ times: TimeStyle, isFine: Bool,
    using random: inout SplitMix64
  ) -> String {
    switch column {
    case .time?:
      if let unit = times.unit { return "\(candle.start.nanoseconds / unit.length)" }
      let time = "\(candle.start)"
      return times == .zulu ? time : "\(time.prefix(10)) \(time.dropFirst(11).prefix(8))"
    case .open?: return candle.open.description
    case .high?: return candle.high.description
    case .low?: return candle.low.description
    case .close?: return candle.close.description
    case .volume?:
      let digits = "\(UInt64.random(in: 0...(.max), using: &random))"
      return isFine ? "\(UInt8.random(in: 0...9, using: &random)).\(digits)" : "\(candle.volume)"
    case nil: return ["", "BTC-USD", "a b", " 7 ", "ü"].randomElement(using: &random) ?? ""
    }
  }

  /// The field in a form that only the long way knows, or in none.
  private static func odd(_ field: String, using random: inout SplitMix64) -> String {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: "\"\(field)\""
    case 1: " \(field)"
    case 2: "\(field) "
    case 3: "+\(field)"
    case 4: "\(field)e0"
    case 5: "0\(field)"
    case 6: "\(field)0"
    case 7: "\(field)."
    case 8: "-\(field)"
    default: ""
    }
  }
}
