import Configuration
import Market
import Strategy
import Testing
import Throttling

@testable import LiveBroker

@Suite("Limits of the exchange and the user's")
struct RateLimitPolicyTests {
  private func policy(_ api: ExchangeAPI, _ assignments: String...) throws -> RateLimitPolicy {
    let settings = try Settings(
      sets: assignments.map { "exchange.\($0)" },
      strategies: [StrategyKeys(ConfluenceStrategy.self)])
    return RateLimitPolicy(settings.exchange, for: api)
  }

  @Test(arguments: [ExchangeAPI.advancedTrade, .exchange])
  func `without a word of the user they are the exchange's`(api: ExchangeAPI) throws {
    #expect(try policy(api) == .standard(api))
  }

  @Test func `those of Advanced Trade stay below 10,000 an hour`() throws {
    let limits = RateLimitPolicy.standard(.advancedTrade).limits
    #expect(limits[.privateData]?.interval == TimeSpan(nanoseconds: 400_000_000))
    let exchange = RateLimitPolicy.standard(.exchange).limits
    #expect(exchange[.privateData]?.interval == TimeSpan(nanoseconds: 66_666_667))
    #expect(exchange[.fills]?.burst == 20)
  }

  @Test(arguments: EndpointGroup.allCases)
  func `what counts without a word of the user is said beside the keys`(
    group: EndpointGroup
  ) throws {
    let limits = [ExchangeAPI.advancedTrade, .exchange].map {
      RateLimitPolicy.standard($0).limits[group]
    }
    func help(_ key: String) throws -> String {
      let name = "\(group.rawValue)_\(key)"
      return try #require(Section.exchange.parameters.first { $0.name == name }).help
    }
    func words(_ number: (RateLimit) -> Int) -> String {
      let numbers = limits.map { $0.map { "\(number($0))" } ?? "part of private" }
      return "; off: \(numbers[0]) on Advanced Trade, \(numbers[1]) on the Exchange API"
    }
    let minute = words { Int((60e9 / Double($0.interval.nanoseconds)).rounded()) }
    #expect(try help("per_minute").hasSuffix(minute))
    #expect(try help("burst").hasSuffix(words(\.burst)))
  }

  @Test func `the user's win, and a group can get a limit of its own`() throws {
    let changed = try policy(
      .advancedTrade, "private_per_minute=90", "fills_burst=2", "max_wait=3")
    #expect(
      changed.limits[.privateData]
        == RateLimit(interval: TimeSpan(nanoseconds: 666_666_667), burst: 10))
    #expect(changed.limits[.fills]?.burst == 2 && changed.maxWait == TimeSpan(seconds: 3))
    #expect(changed.limits[.publicData] == RateLimit(perSecond: 5, burst: 10))
    #expect(changed.bucket(of: .fills) == .fills)
  }
}
