package import Market

/// So many requests at once, and so many a second in the long run.
package struct RateLimit: Hashable, Sendable {
  /// The time in which one request more is allowed.
  package var interval: TimeSpan
  /// Requests at once, after a pause.
  package var burst: Int

  /// A limit; both above 0.
  package init(interval: TimeSpan, burst: Int) {
    precondition(interval.nanoseconds > 0 && burst > 0, "a limit of 0 lets nothing through")
    self.interval = interval
    self.burst = burst
  }

  /// A limit of whole requests a second; the interval is rounded up.
  package init(perSecond count: Int, burst: Int) {
    let second = 1_000_000_000
    self.init(
      interval: TimeSpan(nanoseconds: Int64((second + count - 1) / count)), burst: burst)
  }
}
