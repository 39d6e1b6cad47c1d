package import Market
package import Throttling

/// How important a request is; the order of the cases is that of their turn.
package enum RequestPriority: Int, Hashable, Comparable, Sendable, CaseIterable {
  /// Stops, other exits, and cancels: what protects a position.
  case protective
  /// What opens one.
  case entry
  /// What only reads.
  case query

  /// The more important is less.
  package static func < (left: RequestPriority, right: RequestPriority) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The limits of an exchange by group of endpoints, and how long anything may wait for its turn.
package struct RateLimitPolicy: Hashable, Sendable {
  /// The groups, each with its limit; a group without one shares that of `privateData`.
  package var limits: [EndpointGroup: RateLimit]
  /// The longest that a request may wait; after that it is not sent at all.
  package var maxWait: TimeSpan

  /// A policy of these parts; `privateData` must have a limit.
  package init(limits: [EndpointGroup: RateLimit], maxWait: TimeSpan = TimeSpan(seconds: 10)) {
    precondition(limits[.privateData] != nil, "the private endpoints need a limit")
    self.limits = limits
    self.maxWait = maxWait
  }

  /// The limits that an exchange documents, or, where it documents none, a budget that nobody was
  /// refused with.
  ///
  /// Advanced Trade publishes no number a second but 10,000 requests an hour; coinbase.md A.11 advises
  /// 2.5 a second and 10 at once. The Exchange's are those of B.2.
  package static func standard(_ api: ExchangeAPI) -> RateLimitPolicy {
    switch api {
    case .advancedTrade:
      RateLimitPolicy(limits: [
        .privateData: RateLimit(interval: TimeSpan(nanoseconds: 400_000_000), burst: 10),
        .publicData: RateLimit(perSecond: 5, burst: 10),
      ])
    case .exchange:
      RateLimitPolicy(limits: [
        .privateData: RateLimit(perSecond: 15, burst: 30),
        .publicData: RateLimit(perSecond: 10, burst: 15),
        .fills: RateLimit(perSecond: 10, burst: 20),
      ])
    }
  }

  /// As good as none: for an exchange inside that waits for us.
  package static var unlimited: RateLimitPolicy {
    RateLimitPolicy(limits: [
      .privateData: RateLimit(interval: TimeSpan(nanoseconds: 1), burst: 1_000_000)
    ])
  }

  /// The group whose limit a group counts against.
  func bucket(of group: EndpointGroup) -> EndpointGroup {
    limits[group] == nil ? .privateData : group
  }
}
