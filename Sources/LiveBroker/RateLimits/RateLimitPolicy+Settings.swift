package import Configuration
import Market
import Throttling

extension RateLimitPolicy {
  /// The exchange's limits, with what the user wants in their place.
  ///
  /// A group that shares the limit of another gets one of its own where the user gives it any.
  package init(_ settings: ExchangeSettings, for api: ExchangeAPI) {
    self = .standard(api)
    maxWait = TimeSpan(seconds: Int64(settings.maxWait))
    for group in EndpointGroup.allCases {
      let wanted =
        switch group {
        case .privateData: settings.privateLimit
        case .publicData: settings.publicLimit
        case .fills: settings.fillsLimit
        }
      guard wanted.perMinute != nil || wanted.burst != nil,
        var limit = limits[bucket(of: group)]
      else { continue }
      if let count = wanted.perMinute {
        let minute: Int64 = 60_000_000_000
        limit.interval = TimeSpan(nanoseconds: (minute + Int64(count) - 1) / Int64(count))
      }
      if let burst = wanted.burst { limit.burst = burst }
      limits[group] = limit
    }
  }
}
