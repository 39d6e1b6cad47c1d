import Market
import Simulator
import TestKit
import Testing
import Throttling

@testable import LiveBroker

@Suite("Rate limits")
struct RateLimiterTests {
  private static let start = Timestamp(seconds: 1000)

  private static func after(_ milliseconds: Int64) -> Timestamp {
    start + TimeSpan(nanoseconds: milliseconds * 1_000_000)
  }

  @Test("In no window more than burst and rate allow", arguments: Seeds.ofThisRun)
  func windows(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let limit = RateLimit(
      perSecond: Int.random(in: 1...20, using: &random),
      burst: Int.random(in: 1...12, using: &random))
    var limiter = RateLimiter(
      RateLimitPolicy(limits: [.privateData: limit], maxWait: TimeSpan(seconds: 5)),
      now: Self.start)
    var sent: [Timestamp] = []
    var waits: [RateLimiter.Ticket: (since: Timestamp, priority: RequestPriority)] = [:]
    var ended: Set<RateLimiter.Ticket> = []
    var now = Self.start
    func settle(_ outcomes: [RateLimiter.Outcome]) {
      for outcome in outcomes {
        switch outcome {
        case .send(let ticket):
          sent.append(now)
          #expect(ended.insert(ticket).inserted, "once")
          if let wait = waits[ticket] {
            #expect(now - wait.since <= limiter.policy.maxWait, "SEED=\(seed)")
          }
        case .giveUp(let ticket):
          #expect(ended.insert(ticket).inserted, "once")
          if let wait = waits[ticket] {
            #expect(now - wait.since >= limiter.policy.maxWait, "SEED=\(seed)")
          }
        }
      }
    }
    for _ in 0..<300 {
      let next = now + TimeSpan(nanoseconds: Int64.random(in: 0...400_000_000, using: &random))
      while let wakeUp = limiter.wakeUp, wakeUp <= next {
        #expect(wakeUp >= now)
        now = max(now, wakeUp)
        let outcomes = limiter.advance(to: now)
        #expect(!outcomes.isEmpty, "a wake-up for nothing, SEED=\(seed)")
        settle(outcomes)
      }
      now = next
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let priority = RequestPriority.allCases.randomElement(using: &random) ?? .query
        let group = EndpointGroup.allCases.randomElement(using: &random) ?? .fills
        waits[limiter.enqueue(group, priority, now: now)] = (now, priority)
      }
      settle(limiter.advance(to: now))
    }
    while let wakeUp = limiter.wakeUp {
      now = max(now, wakeUp)
      settle(limiter.advance(to: now))
    }
    #expect(ended.count == waits.count && limiter.waitingCount == 0)
    for (first, begin) in sent.enumerated() {
      for (last, end) in sent.enumerated().dropFirst(first) {
        let allowed =
          Int64(limit.burst) + (end - begin).nanoseconds / limit.interval.nanoseconds
        #expect(Int64(last - first + 1) <= allowed, "SEED=\(seed)")
      }
    }
    #expect(limiter.counts.sent == UInt64(sent.count))
    #expect(limiter.counts.sent + limiter.counts.givenUp == UInt64(waits.count))
    #expect(limiter.counts.longestWait <= limiter.policy.maxWait)
  }

  @Test("However many queries wait, what protects goes first", arguments: Seeds.ofThisRun)
  func protective(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var limiter = RateLimiter(.standard(.advancedTrade), now: Self.start)
    var now = Self.start
    var queries: Set<RateLimiter.Ticket> = []
    for _ in 0..<40 {
      for _ in 0..<20 { queries.insert(limiter.enqueue(.privateData, .query, now: now)) }
      for _ in 0..<5 { _ = limiter.enqueue(.privateData, .entry, now: now) }
      _ = limiter.advance(to: now)
      // A stop and the cancel before it, every two seconds: the reserve has both at once.
      let stop = limiter.enqueue(.privateData, .protective, now: now)
      let cancel = limiter.enqueue(.privateData, .protective, now: now)
      let outcomes = limiter.advance(to: now)
      #expect(outcomes.contains(.send(stop)) && outcomes.contains(.send(cancel)), "SEED=\(seed)")
      let next =
        now + TimeSpan(nanoseconds: Int64.random(in: 2_000_000_000...3_000_000_000, using: &random))
      while let wakeUp = limiter.wakeUp, wakeUp <= next {
        now = max(now, wakeUp)
        _ = limiter.advance(to: now)
      }
      now = next
    }
    #expect(limiter.counts.givenUp > 0, "the queries were too many")
  }

  @Test func `entries go before queries, and the earlier first`() {
    var limiter = RateLimiter(
      RateLimitPolicy(limits: [.privateData: RateLimit(perSecond: 1, burst: 1)]), now: Self.start)
    let first = limiter.enqueue(.privateData, .query, now: Self.start)
    #expect(limiter.advance(to: Self.start) == [.send(first)])
    let query = limiter.enqueue(.privateData, .query, now: Self.start)
    let entry = limiter.enqueue(.fills, .entry, now: Self.start)
    let second = limiter.enqueue(.privateData, .entry, now: Self.start)
    let stop = limiter.enqueue(.privateData, .protective, now: Self.start)
    var order: [RateLimiter.Outcome] = []
    while let wakeUp = limiter.wakeUp { order += limiter.advance(to: wakeUp) }
    #expect(order == [stop, entry, second, query].map { .send($0) })
    #expect(limiter.counts.delayed == 4 && limiter.counts.longestWait == TimeSpan(seconds: 4))
  }

  @Test func `a group with a limit of its own does not wait for the others`() {
    var limiter = RateLimiter(.standard(.exchange), now: Self.start)
    for _ in 0..<40 { _ = limiter.enqueue(.privateData, .query, now: Self.start) }
    let fills = limiter.enqueue(.fills, .query, now: Self.start)
    #expect(limiter.advance(to: Self.start).contains(.send(fills)))
  }

  private static func error(_ status: Int, _ body: String, wait: String? = nil) -> ExchangeError? {
    do {
      _ = try AdvancedTrade.serverTime().answer(
        to: Samples.answer(
          body, status: status, headers: wait.map { [.init("Retry-After", $0)] } ?? []))
      return nil
    } catch { return error }
  }

  static let refusals: [(Int, String, String?, ClosedRange<Int64>)] = [
    (
      429, #"{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}"#, nil,
      125...250
    ),
    (429, "<html>Too many requests</html>", nil, 125...250),
    (401, "Unauthorized\n", nil, 125...250),
    (401, #"{"message":"rate limit exceeded"}"#, nil, 125...250), (429, "", "3", 3000...3000),
    (429, "", "0", 125...250),
  ]

  @Test(
    "Too many requests, in each of its shapes, stop the bucket for a while", arguments: refusals)
  func shapes(status: Int, body: String, wait: String?, pause: ClosedRange<Int64>) throws {
    var random = SplitMix64(seed: 1)
    var limiter = RateLimiter(.standard(.advancedTrade), now: Self.start)
    let error = try #require(Self.error(status, body, wait: wait))
    limiter.failed(.privateData, error, now: Self.start, using: &random)
    let stop = limiter.enqueue(.privateData, .protective, now: Self.start)
    let other = limiter.enqueue(.publicData, .query, now: Self.start)
    #expect(limiter.advance(to: Self.start) == [.send(other)])
    let wakeUp = try #require(limiter.wakeUp)
    #expect(pause.contains((wakeUp - Self.start).nanoseconds / 1_000_000))
    #expect(limiter.advance(to: wakeUp) == [.send(stop)] && limiter.counts.limited == 1)
  }

  @Test func `what was under way together is refused once, however many answers say so`() throws {
    var random = SplitMix64(seed: 1)
    var limiter = RateLimiter(.standard(.advancedTrade), now: Self.start)
    let error = try #require(Self.error(429, ""))
    var now = Self.start
    for most: Int64 in [250, 500, 1000] {
      for _ in 0..<5 { limiter.failed(.privateData, error, now: now, using: &random) }
      let stop = limiter.enqueue(.privateData, .protective, now: now)
      let wakeUp = try #require(limiter.wakeUp)
      #expect((most / 2...most).contains((wakeUp - now).nanoseconds / 1_000_000))
      #expect(limiter.advance(to: wakeUp) == [.send(stop)])
      now = wakeUp
    }
    #expect(limiter.counts.limited == 15)
    // How long the exchange asks to wait counts in each of them.
    limiter.failed(.privateData, error, now: now, using: &random)
    let asked = try #require(Self.error(429, "", wait: "3"))
    limiter.failed(.privateData, asked, now: now, using: &random)
    limiter.failed(.privateData, error, now: now, using: &random)
    _ = limiter.enqueue(.privateData, .protective, now: now)
    #expect(limiter.wakeUp == now + TimeSpan(seconds: 3))
  }

  @Test func `other errors stop nothing`() throws {
    var random = SplitMix64(seed: 1)
    var limiter = RateLimiter(.standard(.advancedTrade), now: Self.start)
    for status in [400, 403, 404, 500, 503] {
      let error = try #require(Self.error(status, ""))
      limiter.failed(.privateData, error, now: Self.start, using: &random)
    }
    let ticket = limiter.enqueue(.privateData, .query, now: Self.start)
    #expect(limiter.advance(to: Self.start) == [.send(ticket)] && limiter.counts.limited == 0)
  }

  @Test func `an exchange that asks for an hour is asked again after half a minute`() throws {
    var random = SplitMix64(seed: 1)
    var policy = RateLimitPolicy.standard(.advancedTrade)
    policy.maxWait = TimeSpan(seconds: 4000)
    var limiter = RateLimiter(policy, now: Self.start)
    let error = try #require(Self.error(429, "", wait: "3600"))
    limiter.failed(.privateData, error, now: Self.start, using: &random)
    _ = limiter.enqueue(.privateData, .protective, now: Self.start)
    #expect(limiter.wakeUp == Self.after(30_000))
  }

  @Test func `a pause that is longer than anybody may wait ends in giving up`() throws {
    var random = SplitMix64(seed: 1)
    var limiter = RateLimiter(.standard(.advancedTrade), now: Self.start)
    let error = try #require(Self.error(429, "", wait: "60"))
    limiter.failed(.privateData, error, now: Self.start, using: &random)
    let ticket = limiter.enqueue(.privateData, .protective, now: Self.start)
    let withdrawn = limiter.enqueue(.privateData, .protective, now: Self.start)
    limiter.withdraw(withdrawn)
    let wakeUp = try #require(limiter.wakeUp)
    #expect(wakeUp == Self.after(10_000))
    #expect(limiter.advance(to: wakeUp) == [.giveUp(ticket)] && limiter.wakeUp == nil)
    #expect(limiter.counts.named.first { $0.name == "requests_given_up" }?.value == 1)
  }

  @Test("Waits double up to a bound, with jitter from the seed", arguments: Seeds.ofThisRun)
  func backoff(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var backoff = Backoff()
    var bound: Int64 = 250_000_000
    for _ in 0..<80 {
      let wait = backoff.fail(using: &random)
      #expect((bound / 2...bound).contains(wait.nanoseconds))
      bound = min(bound * 2, 30_000_000_000)
    }
    backoff.succeed()
    let wait = backoff.fail(using: &random)
    #expect(wait.nanoseconds <= 250_000_000 && backoff.failures == 1)
    var (left, right) = (SplitMix64(seed: seed), SplitMix64(seed: seed))
    var (one, two) = (Backoff(), Backoff())
    let waits = (0..<5).map { _ in (one.fail(using: &left), two.fail(using: &right)) }
    #expect(waits.allSatisfy { $0.0 == $0.1 })
  }
}
