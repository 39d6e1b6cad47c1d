/// A length of time in nanoseconds.
///
/// The standard library's `Duration` counts attoseconds in 128 bits; this one adds to a `Timestamp`
/// in one instruction.
public struct TimeSpan: Hashable, Comparable, Sendable, Codable {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  /// A span of so many nanoseconds.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// A span of whole seconds; traps beyond 292 years.
  @inlinable
  public init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

  /// A span of the standard library's, rounded towards zero; traps beyond 292 years.
  public init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// Whole seconds, rounded towards zero.
  @inlinable
  public var seconds: Int64 { nanoseconds / 1_000_000_000 }

  /// Shorter is less.
  @inlinable
  public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The span taken `count` times.
  @inlinable
  public static func * (span: TimeSpan, count: Int) -> TimeSpan {
    TimeSpan(nanoseconds: span.nanoseconds * Int64(count))
  }
}
