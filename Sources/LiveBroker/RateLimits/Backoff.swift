package import Market

/// How long to wait after each failure in a row: twice as long each time, up to a bound, with jitter.
package struct Backoff: Hashable, Sendable {
  /// The first wait, without jitter.
  package let first: TimeSpan
  /// The longest one.
  package let longest: TimeSpan
  /// Failures in a row.
  package private(set) var failures = 0

  /// No failures yet.
  package init(
    first: TimeSpan = TimeSpan(nanoseconds: 250_000_000),
    longest: TimeSpan = TimeSpan(seconds: 30)
  ) {
    precondition(first.nanoseconds > 0 && longest >= first)
    self.first = first
    self.longest = longest
  }

  /// It failed again.
  ///
  /// - Returns: How long to wait: from half of the bound to all of it, so that many clients that failed
  ///   together do not come back together.
  package mutating func fail(using random: inout some RandomNumberGenerator) -> TimeSpan {
    var bound = first.nanoseconds
    for _ in 0..<min(failures, 62) where bound < longest.nanoseconds {
      bound = bound > longest.nanoseconds / 2 ? longest.nanoseconds : bound * 2
    }
    failures += 1
    return TimeSpan(nanoseconds: Int64.random(in: (bound + 1) / 2...bound, using: &random))
  }

  /// It worked.
  package mutating func succeed() { failures = 0 }
}
