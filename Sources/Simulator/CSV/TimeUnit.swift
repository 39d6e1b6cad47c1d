/// What an integer time counts since 1970-01-01 00:00 UTC.
public enum TimeUnit: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// Seconds.
  case seconds = "s"
  /// Thousandths.
  case milliseconds = "ms"
  /// Millionths.
  case microseconds = "us"
  /// Billionths.
  case nanoseconds = "ns"

  /// Its name, as `--time-unit` takes it.
  public var description: String { rawValue }

  /// How many nanoseconds one is.
  package var length: Int64 {
    switch self {
    case .seconds: 1_000_000_000
    case .milliseconds: 1_000_000
    case .microseconds: 1000
    case .nanoseconds: 1
    }
  }

  /// The counts that are times of our days.
  ///
  /// 1e8 seconds after 1970 is 1973, and 1e11 is the year 5138, which is 1973 in milliseconds.
  package var magnitude: ClosedRange<Int64> {
    switch self {
    case .seconds: 100_000_000...99_999_999_999
    case .milliseconds: 100_000_000_000...99_999_999_999_999
    case .microseconds: 100_000_000_000_000...99_999_999_999_999_999
    case .nanoseconds: 100_000_000_000_000_000...Int64.max
    }
  }

  /// The unit in which a time of our days has the magnitude of `count`; `nil` below 1e8.
  package init?(magnitudeOf count: Int64) {
    guard let unit = Self.allCases.first(where: { $0.magnitude.contains(count) }) else {
      return nil
    }
    self = unit
  }
}
