/// A stretch of time, `FROM-TO`, in UTC; SEMANTICS 9.
///
/// The start is in it, the end is not, and either may be open: `20240101-20240601`, `20240101-`,
/// `-20240601`. A moment is a day, a day and a time such as `20240101T0930`, or the ten digits of
/// seconds since 1970.
public struct TimeRange: Hashable, Sendable, CustomStringConvertible {
  /// The first moment in it; `nil` where it has no beginning.
  public let start: Timestamp?
  /// The first moment behind it; `nil` where it has no end.
  public let end: Timestamp?

  /// Reads `FROM-TO`.
  ///
  /// - Throws: `TimeRangeError` that names the part which is wrong.
  public init(_ text: String) throws(TimeRangeError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, text != "-" else { throw .form(text) }
    start = try Self.moment(parts[0])
    end = try Self.moment(parts[1])
    if let start, let end, start >= end { throw .empty(text) }
  }

  /// Whether a moment lies in it.
  public func contains(_ time: Timestamp) -> Bool {
    if let start, time < start { return false }
    if let end, time >= end { return false }
    return true
  }

  /// Reads one moment: a day, a day and a time, or seconds, as in a range.
  ///
  /// What separates the digits may stand as well: `2024-01-08 09:25` is `20240108T0925`.
  ///
  /// - Throws: `TimeRangeError.moment` where it is none.
  public static func moment(of text: String) throws(TimeRangeError) -> Timestamp {
    var plain = text.filter { !"-:".contains($0) }
    if plain.hasSuffix("Z") { plain.removeLast() }
    plain = String(plain.map { $0 == " " ? "T" : $0 })
    do { if let time = try moment(plain[...]) { return time } } catch { throw .moment(text) }
    throw .moment(text)
  }

  /// The range as it can be read again: days where times are midnights, minutes or seconds else.
  public var description: String {
    "\(start.map(Self.text) ?? "")-\(end.map(Self.text) ?? "")"
  }

  private static func moment(_ text: Substring) throws(TimeRangeError) -> Timestamp? {
    if text.isEmpty { return nil }
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let number = digits(parts[0]) else { throw .moment(String(text)) }
    if parts.count == 1, parts[0].utf8.count == 10, number <= lastSecond {
      return Timestamp(seconds: number)
    }
    let time = parts.count == 2 ? timeOfDay(parts[1]) : 0
    guard parts[0].utf8.count == 8, let time, years.contains(number / 10_000),
      let date = CivilDate(
        year: number / 10_000, month: number / 100 % 100, dayOfMonth: number % 100)
    else { throw .moment(String(text)) }
    return Timestamp(seconds: date.day * 86_400 + time)
  }

  /// The seconds of `HHMM` or `HHMMSS`.
  private static func timeOfDay(_ text: Substring) -> Int64? {
    guard let number = digits(text), [4, 6].contains(text.utf8.count) else { return nil }
    let time = text.utf8.count == 4 ? number * 100 : number
    let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  private static func digits(_ text: Substring) -> Int64? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ? Int64(text) : nil
  }

  /// The whole years of `Timestamp`.
  private static let years: ClosedRange<Int64> = 1678...2261
  private static let lastSecond = Int64.max / 1_000_000_000

  private static func text(_ time: Timestamp) -> String {
    let second = time.seconds - time.day * 86_400
    // A date of `CivilDate`'s form without its hyphens: years here have four digits.
    let date = CivilDate(day: time.day).description.filter { $0 != "-" }
    if second == 0 { return date }
    let clock = second / 3600 * 10_000 + second / 60 % 60 * 100 + second % 60
    let digits = String(clock + 1_000_000).dropFirst()
    return date + "T" + (second % 60 == 0 ? digits.dropLast(2) : digits)
  }
}

/// Why a text is no time range.
public enum TimeRangeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It is not two moments, at least one of them given, with one hyphen between.
  case form(String)
  /// A part of it is no moment.
  case moment(String)
  /// It ends before it begins, or as it begins.
  case empty(String)

  /// The fact and the remedy, for the user.
  public var description: String {
    switch self {
    case .form(let text):
      "'\(text)' is no time range: write FROM-TO, such as 20240101-20240601, 20240101- or -20240601"
    case .moment(let text):
      "'\(text)' is no moment: write a day as 20240101, a time as 20240101T0930, or ten digits of "
        + "seconds since 1970, all UTC"
    case .empty(let text):
      "'\(text)' is empty: it must begin before it ends"
    }
  }
}
