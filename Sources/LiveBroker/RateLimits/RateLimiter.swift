package import Market
import Throttling

/// Lets requests through in the order of their importance, and no more of them than the exchange allows.
///
/// A value without a clock. The shell says what it wants to send (`enqueue`), asks at `wakeUp` and after
/// each change what may go (`advance`), and tells what the answers were (`answered`). Entries and queries
/// leave tokens in the bucket, so that a stop never waits behind them; nothing waits longer than the
/// policy's `maxWait`.
package struct RateLimiter: Sendable {
  /// A request that waits, or waited.
  package struct Ticket: Hashable, Comparable, Sendable {
    fileprivate var number: UInt64

    /// The earlier is less.
    package static func < (left: Ticket, right: Ticket) -> Bool { left.number < right.number }
  }

  /// What became of a ticket.
  package enum Outcome: Hashable, Sendable {
    /// Send it now.
    case send(Ticket)
    /// It has waited for too long: it is not sent.
    case giveUp(Ticket)
  }

  private struct Waiting {
    var ticket: Ticket
    var priority: RequestPriority
    var bucket: EndpointGroup
    var since: Timestamp
  }

  /// The limits.
  package let policy: RateLimitPolicy
  /// What has happened so far.
  package private(set) var counts = RateLimitCounts()
  private var buckets: [EndpointGroup: TokenBucket] = [:]
  private var pausedUntil: [EndpointGroup: Timestamp] = [:]
  private var backoffs: [EndpointGroup: Backoff] = [:]
  /// In the order of their turn.
  private var waiting: [Waiting] = []
  private var tickets: UInt64 = 0

  /// A limiter with full buckets.
  package init(_ policy: RateLimitPolicy, now: Timestamp) {
    self.policy = policy
    for group in EndpointGroup.allCases {
      guard let limit = policy.limits[group] else { continue }
      buckets[group] = TokenBucket(limit, now: now)
    }
  }

  /// How many requests wait.
  package var waitingCount: Int { waiting.count }

  /// Queues a request; `advance` says when it may go.
  package mutating func enqueue(
    _ group: EndpointGroup, _ priority: RequestPriority, now: Timestamp
  ) -> Ticket {
    tickets += 1
    let ticket = Ticket(number: tickets)
    let place = waiting.firstIndex { $0.priority > priority } ?? waiting.count
    waiting.insert(
      Waiting(
        ticket: ticket, priority: priority, bucket: policy.bucket(of: group), since: now),
      at: place)
    return ticket
  }

  /// Takes a request back, if it still waits.
  package mutating func withdraw(_ ticket: Ticket) {
    waiting.removeAll { $0.ticket == ticket }
  }

  /// Everything that may be sent now, and everything that has waited for too long.
  package mutating func advance(to now: Timestamp) -> [Outcome] {
    var outcomes: [Outcome] = []
    var left: [Waiting] = []
    /// Buckets in which somebody more important waits.
    var closed: Set<EndpointGroup> = []
    for request in waiting {
      let isInTime = now <= deadline(of: request)
      if isInTime, !closed.contains(request.bucket), take(for: request, now: now) {
        counts.sent += 1
        if request.since < now {
          counts.delayed += 1
          counts.longestWait = max(counts.longestWait, now - request.since)
        }
        outcomes.append(.send(request.ticket))
      } else if now >= deadline(of: request) {
        counts.givenUp += 1
        outcomes.append(.giveUp(request.ticket))
      } else {
        closed.insert(request.bucket)
        left.append(request)
      }
    }
    waiting = left
    return outcomes
  }

  /// When `advance` has something to say next; `nil` where nothing waits.
  package var wakeUp: Timestamp? {
    waiting.map { min(opening(for: $0), deadline(of: $0)) }.min()
  }

  /// An answer came that says nothing about limits.
  package mutating func succeeded(_ group: EndpointGroup) {
    backoffs[policy.bucket(of: group)]?.succeed()
  }

  /// An answer came that is an error.
  ///
  /// Too many requests, in any of its shapes, stop the whole bucket for as long as the exchange asks, or
  /// as the backoff says. So does a 401, which Coinbase also sends in its place. What was on its way when
  /// that began is answered in the same way, and is no second time.
  package mutating func failed(
    _ group: EndpointGroup, _ error: ExchangeError, now: Timestamp,
    using random: inout some RandomNumberGenerator
  ) {
    let asked: TimeSpan?
    switch error.problem {
    // No longer: what protects a position is behind it, and who asks twice a minute does no harm.
    case .rateLimited(let wait): asked = wait.map { min($0, Self.longestPause) }
    case .unauthorized: asked = nil
    case .refused(let refusal) where refusal.kind == .rateLimited: asked = nil
    case .refused, .invalid, .forbidden, .notFound, .unavailable, .unreadable, .lost, .unexpected:
      return
    }
    counts.limited += 1
    let bucket = policy.bucket(of: group)
    if let pause = pausedUntil[bucket], now < pause {
      // Nothing has been sent since: counted again, one refusal would be as many as requests under way.
      pausedUntil[bucket] = asked.map { max(pause, now + $0) } ?? pause
      return
    }
    let wait = backoffs[bucket, default: Backoff()].fail(using: &random)
    pausedUntil[bucket] = now + max(asked ?? wait, wait)
  }

  /// The longest pause for which an exchange is obeyed.
  private static var longestPause: TimeSpan { TimeSpan(seconds: 30) }

  private func deadline(of request: Waiting) -> Timestamp { request.since + policy.maxWait }

  private func reserve(for request: Waiting) -> Int {
    let burst = buckets[request.bucket]?.limit.burst ?? 1
    let share =
      switch request.priority {
      case .protective: 0
      case .entry: (burst + 3) / 4
      case .query: (burst + 1) / 2
      }
    return min(share, burst - 1)
  }

  private func opening(for request: Waiting) -> Timestamp {
    let pause = pausedUntil[request.bucket] ?? request.since
    return max(pause, buckets[request.bucket]?.opening(reserve: reserve(for: request)) ?? pause)
  }

  private mutating func take(for request: Waiting, now: Timestamp) -> Bool {
    if let pause = pausedUntil[request.bucket], now < pause { return false }
    let reserve = reserve(for: request)
    return buckets[request.bucket]?.take(now: now, reserve: reserve) ?? false
  }
}

/// What a limiter has done, for the counters of a session.
package struct RateLimitCounts: Hashable, Sendable {
  /// Requests let through.
  package var sent: UInt64 = 0
  /// Those of them that had to wait.
  package var delayed: UInt64 = 0
  /// Requests that waited for too long.
  package var givenUp: UInt64 = 0
  /// Answers that said: too many; and those of 401, which may have meant it.
  package var limited: UInt64 = 0
  /// The longest wait of a request that was let through.
  package var longestWait = TimeSpan(nanoseconds: 0)

  /// All of them by the names of their counters.
  package var named: [(name: String, value: UInt64)] {
    [
      ("requests_sent", sent), ("requests_delayed", delayed), ("requests_given_up", givenUp),
      ("rate_limit_answers", limited),
      ("longest_wait_ms", UInt64(clamping: longestWait.nanoseconds / 1_000_000)),
    ]
  }
}
