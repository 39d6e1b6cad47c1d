package import Market

/// Counts requests against a limit, without a clock: the time is passed in.
///
/// A bucket of `burst` tokens that gains one each interval, written as one moment, at which the bucket
/// will be full again (the generic cell rate algorithm): exact in integers. In any window of length t no
/// more than burst + t/interval requests pass. Time never runs back; an earlier moment counts as the
/// latest one seen.
/// Source: ITU-T I.371, annex A (virtual scheduling).
package struct TokenBucket: Hashable, Sendable {
  /// What it counts against.
  package let limit: RateLimit
  private var fullAt: Timestamp
  private var latest: Timestamp

  /// A full bucket.
  package init(_ limit: RateLimit, now: Timestamp) {
    self.limit = limit
    fullAt = now
    latest = now
  }

  /// When a request may pass that has to leave so many tokens for others.
  ///
  /// - Parameter reserve: Less than the burst.
  /// - Returns: Never before the latest moment seen.
  package func opening(reserve: Int = 0) -> Timestamp {
    precondition((0..<limit.burst).contains(reserve), "a reserve of all lets nothing through")
    let spare = limit.interval * (limit.burst - 1 - reserve)
    return max(latest, Timestamp(nanoseconds: fullAt.nanoseconds - spare.nanoseconds))
  }

  /// Takes a token, if a request may pass now.
  package mutating func take(now: Timestamp, reserve: Int = 0) -> Bool {
    latest = max(latest, now)
    guard opening(reserve: reserve) <= latest else { return false }
    fullAt = max(fullAt, latest) + limit.interval
    return true
  }
}
