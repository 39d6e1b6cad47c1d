import Market
import Throttling

/// The limits that Coinbase documents, counted by address and by key.
///
/// All clients are on this machine, so there is one address. Advanced Trade publishes no number a second
/// any more; these are those of its older page, and the 10,000 requests an hour that hold for every key
/// (coinbase.md A.11). The Exchange's are those of B.2.
struct RequestLimits: Sendable {
  private struct Counter: Hashable {
    var api: Visitor.API
    var group: RequestKind.Group
    var key: String
  }

  private var buckets: [Counter: [TokenBucket]] = [:]
  private var sockets: TokenBucket?

  /// Nothing counted yet.
  init() {}

  /// The limits of a group of one API; all of them hold.
  static func limits(_ api: Visitor.API, _ group: RequestKind.Group) -> [RateLimit] {
    switch (api, group) {
    case (.advanced, .publicData): [RateLimit(perSecond: 10, burst: 10)]
    case (.advanced, .privateData), (.advanced, .fills):
      [
        RateLimit(perSecond: 30, burst: 30),
        RateLimit(interval: TimeSpan(nanoseconds: 360_000_000), burst: 10_000),
      ]
    case (.exchange, .publicData): [RateLimit(perSecond: 10, burst: 15)]
    case (.exchange, .privateData): [RateLimit(perSecond: 15, burst: 30)]
    case (.exchange, .fills): [RateLimit(perSecond: 10, burst: 20)]
    }
  }

  /// Counts a request.
  ///
  /// - Throws: `DoorRefusal`, where it is one too many; then it does not count.
  mutating func count(
    _ kind: RequestKind, key: String?, now: Timestamp
  ) throws(DoorRefusal) {
    let counter = Counter(api: kind.api, group: kind.group, key: key ?? "")
    var buckets =
      self.buckets[counter]
      ?? Self.limits(kind.api, kind.group).map { TokenBucket($0, now: now) }
    for index in buckets.indices where !buckets[index].take(now: now) {
      switch (kind.api, kind.group) {
      case (.advanced, _): throw .tooManyRequests
      case (.exchange, .publicData): throw .publicLimit
      case (.exchange, .privateData), (.exchange, .fills): throw .privateLimit
      }
    }
    self.buckets[counter] = buckets
  }
}

extension RequestLimits {
  /// Counts a WebSocket that is to be opened: 8 a second, as on both exchanges, and 20 at once.
  ///
  /// - Throws: `DoorRefusal.publicLimit`, where it is one too many.
  mutating func countSocket(now: Timestamp) throws(DoorRefusal) {
    var bucket = sockets ?? TokenBucket(RateLimit(perSecond: 8, burst: 20), now: now)
    guard bucket.take(now: now) else { throw .publicLimit }
    sockets = bucket
  }
}

/// What one WebSocket may say: so many messages a second.
///
/// Advanced Trade allows 8 without a token, the Exchange 100 of any kind.
struct MessageLimits: Sendable {
  private let api: Visitor.API
  private var bucket: TokenBucket

  /// Nothing said yet.
  init(of api: Visitor.API, now: Timestamp) {
    self.api = api
    let limit =
      switch api {
      case .advanced: RateLimit(perSecond: 8, burst: 8)
      case .exchange: RateLimit(perSecond: 100, burst: 100)
      }
    bucket = TokenBucket(limit, now: now)
  }

  /// Counts a message; `false` where it is one too many.
  mutating func count(hasToken: Bool, now: Timestamp) -> Bool {
    api == .advanced && hasToken || bucket.take(now: now)
  }
}
