/// A moment, in nanoseconds since 1970-01-01 00:00 UTC.
///
/// Time only ever arrives inside events; nothing in the core asks a clock. Reaches from 1677 to 2262.
public struct Timestamp: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// Nanoseconds since 1970-01-01 00:00 UTC.
  public var nanoseconds: Int64

  /// A moment so many nanoseconds after 1970 began.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// A moment a whole number of seconds after 1970 began; traps beyond 2262.
  @inlinable
  public init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

  /// Whole seconds since 1970-01-01 00:00 UTC, rounded down.
  @inlinable
  public var seconds: Int64 {
    nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -1 - -(nanoseconds + 1) / 1_000_000_000
  }

  /// The UTC day: days since 1970-01-01, rounded down.
  @inlinable
  public var day: Int64 {
    let perDay: Int64 = 86_400_000_000_000
    return nanoseconds >= 0 ? nanoseconds / perDay : -1 - -(nanoseconds + 1) / perDay
  }

  /// Earlier is less.
  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The moment `span` later.
  @inlinable
  public static func + (time: Timestamp, span: TimeSpan) -> Timestamp {
    Timestamp(nanoseconds: time.nanoseconds + span.nanoseconds)
  }

  /// The moment `count` spans later, or the last one there is, where that lies beyond it.
  public func advanced(by span: TimeSpan, times count: Int) -> Timestamp {
    let (length, overflow) = span.nanoseconds.multipliedReportingOverflow(by: Int64(count))
    let (time, overflowed) = nanoseconds.addingReportingOverflow(length)
    return Timestamp(nanoseconds: overflow || overflowed ? .max : time)
  }

  /// How much later `left` is than `right`.
  @inlinable
  public static func - (left: Timestamp, right: Timestamp) -> TimeSpan {
    TimeSpan(nanoseconds: left.nanoseconds - right.nanoseconds)
  }

  /// ISO 8601 in UTC, with a fraction only where there is one: `2025-10-06T00:05:00Z`.
  public var description: String {
    let date = CivilDate(day: day)
    let perDay: Int64 = 86_400_000_000_000
    let rest = nanoseconds % perDay
    let inDay = rest < 0 ? rest + perDay : rest
    let second = inDay / 1_000_000_000
    var text = "\(date)T\(pad(second / 3600)):\(pad(second / 60 % 60)):\(pad(second % 60))"
    let fraction = inDay % 1_000_000_000
    if fraction != 0 {
      let digits = String(fraction)
      text += "." + String(repeating: "0", count: 9 - digits.utf8.count) + digits
      while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    }
    return text + "Z"
  }

  private func pad(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
