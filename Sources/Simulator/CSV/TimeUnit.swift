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

  /// The unit in which a time of our days has the magnitude of `count`; `nil` below 1e8.
  ///
  /// 1e8 seconds after 1970 is 1973, and 1e11 is the year 5138, which is 1973 in milliseconds.
  package init?(magnitudeOf count: Int64) {
    switch count {
    case ..<100_000_000: return nil
    case ..<100_000_000_000: self = .seconds
    case ..<100_000_000_000_000: self = .milliseconds
    case ..<100_000_000_000_000_000: self = .microseconds
    default: self = .nanoseconds
    }
  }
}
