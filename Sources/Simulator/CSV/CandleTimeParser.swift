package import Market

/// In which form a file writes its times.
public enum CandleTimeFormat: Hashable, Sendable {
  /// A date and a time of day.
  case iso8601
  /// A whole number of units since 1970-01-01 00:00 UTC.
  case count(TimeUnit)
}

/// Reads the times of a file of candles.
///
/// A time is ISO 8601, `2024-01-01T00:00:00Z`, with a space for the `T`, without seconds, with a
/// fraction, with an offset such as `+02:00`, `+0200` or `+02`; without `Z` or offset it is UTC, as
/// all times of SEMANTICS 2.1. A date alone is midnight, at intervals of whole days. Or it is a
/// whole number of s, ms, µs or ns since 1970, and its magnitude says which (`TimeUnit`).
///
/// All times of a file have one format, that of its first valid row. Numbers for which several
/// units make sense, or none (before 1973, after 2099), are refused until the caller names one.
package struct CandleTimeParser: Sendable {
  /// The format of the file, once it is known.
  package private(set) var format: CandleTimeFormat?
  private let isUnitGiven: Bool
  private let acceptsDateAlone: Bool

  /// A parser for candles of this interval, with the unit if the caller knows it.
  package init(interval: TimeSpan, unit: TimeUnit? = nil) {
    format = unit.map(CandleTimeFormat.count)
    isUnitGiven = unit != nil
    acceptsDateAlone = interval.nanoseconds % Self.day == 0
  }

  /// From now on all times must have this format.
  package mutating func settle(_ format: CandleTimeFormat) {
    if self.format == nil { self.format = format }
  }

  /// Which whole numbers are times of this file, and how many nanoseconds one counts; `nil` where
  /// the format is not settled, or is no number.
  package var counts: (range: ClosedRange<Int64>, length: Int64)? {
    guard case .count(let unit)? = format else { return nil }
    let last = (Self.lastDay * Self.day - 1) / unit.length
    let range = isUnitGiven ? 0...Int64.max : unit.magnitude
    return (range.clamped(to: 0...last), unit.length)
  }

  /// Reads a time, and says in which format it is.
  package func parse(
    _ bytes: Span<UInt8>
  ) throws(CandleRowDefect) -> (time: Timestamp, format: CandleTimeFormat) {
    if bytes.isEmpty { throw .empty(.time) }
    if bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") {
      if let format, format != .iso8601 {
        throw .mixedTimes(printable(bytes), expected: format)
      }
      return (try calendarTime(bytes), .iso8601)
    }
    let count = try Self.wholeNumber(bytes)
    let magnitude = TimeUnit(magnitudeOf: count)
    switch format {
    case .iso8601?:
      throw .mixedTimes(printable(bytes), expected: .iso8601)
    case .count(let unit)?:
      guard isUnitGiven || magnitude == unit else {
        throw .mixedTimes(printable(bytes), expected: .count(unit))
      }
      guard let time = Self.time(count, unit) else { throw .timeOutOfRange(printable(bytes)) }
      return (time, .count(unit))
    case nil:
      guard let magnitude, let time = Self.time(count, magnitude) else {
        throw .unclearTimeUnit(count)
      }
      return (time, .count(magnitude))
    }
  }

  // MARK: - Numbers

  private static func wholeNumber(_ bytes: Span<UInt8>) throws(CandleRowDefect) -> Int64 {
    if bytes.count <= 18 {
      var value: Int64 = 0
      var index = 0
      while index < bytes.count, let digit = digit(bytes, index) {
        value = value * 10 + digit
        index += 1
      }
      if index == bytes.count { return value }
    }
    let number: (value: Quantity, isExact: Bool)
    do throws(DecimalError) {
      number = try Quantity.parse(bytes, excess: .roundDown)
    } catch {
      switch error.problem {
      case .notANumber, .tooPrecise: throw .notATime(printable(bytes))
      case .tooLarge: throw .timeOutOfRange(printable(bytes))
      }
    }
    let (units, rest) = number.value.steps.quotientAndRemainder(dividingBy: Quantity.stepsPerUnit)
    guard number.isExact, rest == 0 else { throw .fractionalTime(printable(bytes)) }
    guard let count = Int64(exactly: units) else { throw .timeOutOfRange(printable(bytes)) }
    return count
  }

  private static func time(_ count: Int64, _ unit: TimeUnit) -> Timestamp? {
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.length)
    return overflow ? nil : inRange(nanoseconds)
  }

  /// `nil` before 1900 and after 2099: between them, sums and differences of times cannot overflow.
  private static func inRange(_ nanoseconds: Int64) -> Timestamp? {
    (-25_567 * day..<lastDay * day).contains(nanoseconds)
      ? Timestamp(nanoseconds: nanoseconds) : nil
  }

  private static var day: Int64 { 86_400_000_000_000 }
  private static var lastDay: Int64 { 47_482 }

  // MARK: - ISO 8601

  private func calendarTime(_ bytes: Span<UInt8>) throws(CandleRowDefect) -> Timestamp {
    guard
      let century = Self.pair(bytes, 0), let yearOfCentury = Self.pair(bytes, 2),
      let month = Self.pair(bytes, 5), let dayOfMonth = Self.pair(bytes, 8),
      let date = CivilDate(
        year: century * 100 + yearOfCentury, month: month, dayOfMonth: dayOfMonth)
    else { throw .notATime(printable(bytes)) }
    guard (1900..<2100).contains(date.year) else { throw .timeOutOfRange(printable(bytes)) }
    var nanoseconds = date.day * Self.day
    if bytes.count == 10 {
      guard acceptsDateAlone else { throw .dateAlone(printable(bytes)) }
    } else {
      guard let inDay = Self.timeOfDay(bytes) else { throw .notATime(printable(bytes)) }
      nanoseconds += inDay
    }
    guard let time = Self.inRange(nanoseconds) else { throw .timeOutOfRange(printable(bytes)) }
    return time
  }

  /// Nanoseconds since midnight UTC of what follows the date; `nil` where it is malformed.
  private static func timeOfDay(_ bytes: Span<UInt8>) -> Int64? {
    guard
      bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
      let hour = pair(bytes, 11), hour < 24, byte(bytes, 13) == UInt8(ascii: ":"),
      let minute = pair(bytes, 14), minute < 60
    else { return nil }
    var result = (hour * 60 + minute) * 60_000_000_000
    var index = 16
    if byte(bytes, index) == UInt8(ascii: ":") {
      guard let second = pair(bytes, index + 1), second < 60 else { return nil }
      result += second * 1_000_000_000
      index += 3
      if byte(bytes, index) == UInt8(ascii: ".") {
        index += 1
        var unit: Int64 = 1_000_000_000
        while let digit = digit(bytes, index) {
          guard unit > 1 else { return nil }  // Finer than a nanosecond.
          unit /= 10
          result += digit * unit
          index += 1
        }
        guard unit < 1_000_000_000 else { return nil }
      }
    }
    guard let offset = offset(bytes, from: index) else { return nil }
    return result - offset
  }

  /// Nanoseconds by which the text is ahead of UTC; 0 where nothing is left of it.
  private static func offset(_ bytes: Span<UInt8>, from start: Int) -> Int64? {
    if start == bytes.count { return 0 }
    if bytes[start] | 0x20 == UInt8(ascii: "z") { return start + 1 == bytes.count ? 0 : nil }
    let isAhead = bytes[start] == UInt8(ascii: "+")
    guard isAhead || bytes[start] == UInt8(ascii: "-"),
      let hours = pair(bytes, start + 1), hours < 24
    else { return nil }
    var minutes: Int64 = 0
    var index = start + 3
    if index < bytes.count {
      if bytes[index] == UInt8(ascii: ":") { index += 1 }
      guard let pair = pair(bytes, index), pair < 60 else { return nil }
      minutes = pair
      index += 2
    }
    guard index == bytes.count else { return nil }
    return (isAhead ? 1 : -1) * (hours * 60 + minutes) * 60_000_000_000
  }

  private static func byte(_ bytes: Span<UInt8>, _ index: Int) -> UInt8? {
    index < bytes.count ? bytes[index] : nil
  }

  private static func digit(_ bytes: Span<UInt8>, _ index: Int) -> Int64? {
    guard index < bytes.count else { return nil }
    let value = bytes[index] &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
  }

  private static func pair(_ bytes: Span<UInt8>, _ index: Int) -> Int64? {
    guard let tens = digit(bytes, index), let ones = digit(bytes, index + 1) else { return nil }
    return tens * 10 + ones
  }
}
