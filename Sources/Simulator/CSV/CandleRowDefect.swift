public import Market
import Reporting

/// Why a row is no valid candle; SEMANTICS 2.2.
public enum CandleRowDefect: Error, Hashable, Sendable, CustomStringConvertible {
  /// It has another number of fields than the header.
  case fieldCount(Int, header: Int)
  /// A field holds nothing.
  case empty(CandleColumn)
  /// A price or volume is no exact decimal of our size.
  case number(CandleColumn, text: String, DecimalError.Problem)
  /// The time is neither a whole number nor ISO 8601.
  case notATime(String)
  /// The time is a number with a fraction.
  case fractionalTime(String)
  /// The time is before 1900 or after 2099.
  case timeOutOfRange(String)
  /// The time is a date alone, and the interval less than a day.
  case dateAlone(String)
  /// The time counts in another unit than the rows before it, or is a date among numbers.
  case mixedTimes(String, expected: CandleTimeFormat)
  /// The size of the number does not tell its unit. Concerns the whole file, so never skipped.
  case unclearTimeUnit(Int64)
  /// The start is no multiple of the interval.
  case offGrid(Timestamp, interval: TimeSpan)
  /// The start is not after that of the last valid candle.
  case timeNotIncreasing(Timestamp, after: Timestamp)
  /// The prices or the volume contradict each other; a phrase of `Candle.defect`.
  case invalid(String)

  /// The fact, for a user, without file and line.
  public var description: String {
    switch self {
    case .fieldCount(let count, let header):
      "the row has \(count) \(count == 1 ? "field" : "fields"), the header has \(header)"
    case .empty(let column):
      "its \(column) is empty"
    case .number(let column, let text, .notANumber):
      "its \(column) '\(text)' is not a decimal number such as 1234.5"
    case .number(let column, let text, .tooPrecise(let decimals)):
      "its \(column) \(text) has more than \(decimals) decimals"
    case .number(let column, let text, .tooLarge(let limit)):
      "its \(column) \(text) is out of range: the limit is \(limit)"
    case .notATime(let text):
      "its time '\(text)' is neither a whole number nor a time such as 2024-01-01T00:00:00Z"
    case .fractionalTime(let text):
      "its time \(text) has a fraction"
    case .timeOutOfRange(let text):
      "its time \(text) is not between the years 1900 and 2099"
    case .dateAlone(let text):
      "its time '\(text)' is a date alone, which names a candle only at intervals of whole days"
    case .mixedTimes(let text, .iso8601):
      "mixed time units: its time \(text) is a number, but earlier rows have dates"
    case .mixedTimes(let text, .count(let unit)):
      "mixed time units: its time \(text) does not count \(unit) like the earlier rows"
    case .unclearTimeUnit(let count):
      "the unit of its time \(count) cannot be told from its size"
    case .offGrid(let start, let interval):
      "its start \(start) is no multiple of the interval of \(interval.shortText)"
    case .timeNotIncreasing(let start, let previous):
      "its start \(start) does not increase: the last valid candle starts at \(previous)"
    case .invalid(let reason):
      reason
    }
  }
}

extension CandleRowDefect {
  /// Where it is counted.
  var kind: WritableKeyPath<DataQuality.Defects, Int> {
    switch self {
    case .fieldCount, .empty, .number: \.unreadable
    case .notATime, .fractionalTime, .timeOutOfRange, .dateAlone, .mixedTimes, .unclearTimeUnit:
      \.badTime
    case .offGrid: \.offGrid
    case .timeNotIncreasing(let start, let previous) where start == previous: \.duplicate
    case .timeNotIncreasing: \.outOfOrder
    case .invalid: \.contradictory
    }
  }
}

extension TimeSpan {
  /// `300 s`, or nanoseconds where seconds do not do.
  var shortText: String {
    nanoseconds % 1_000_000_000 == 0 ? "\(seconds) s" : "\(nanoseconds) ns"
  }
}

/// A field as a message may show it: on one line, and not too long.
func printable(_ bytes: Span<UInt8>, limit: Int = 48) -> String {
  var copy: [UInt8] = []
  for index in 0..<min(bytes.count, limit) { copy.append(bytes[index]) }
  var text = String.UnicodeScalarView()
  for scalar in String(decoding: copy, as: UTF8.self).unicodeScalars {
    switch scalar.value {
    case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029: text.append("?")
    default: text.append(scalar)
    }
  }
  return String(text) + (bytes.count > limit ? "…" : "")
}
