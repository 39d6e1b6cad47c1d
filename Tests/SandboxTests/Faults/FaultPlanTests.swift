import Configuration
import Foundation
import Market
import Testing

@testable import Sandbox

@Suite("A plan of faults as a file")
struct FaultPlanTests {
  private func plan(_ text: String) throws -> FaultPlan {
    try FaultPlan(ConfigurationFile(name: "faults.yaml", bytes: Array(text.utf8)))
  }

  /// What is said of a bad file.
  private func complaint(_ text: String) -> String {
    do {
      _ = try plan(text)
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test func `each rule has its kind's standard values, and what is written`() throws {
    let plan = try plan(
      """
      seed: 7
      away: 2..40
      patience: 500ms
      faults:
        - kind: latency
          chance: 0.25
          requests: place, cancel
          effect: before
          delay: 0.5s..3m
        - kind: server_error
          as: [html, text]
          most: 3
        - kind: clock_skew
          at: 6h, 1.5d
          by: -40s
          for: 20m
        - kind: balance_moved
          every: 8h
          currency: USD
          amount: -250.5..100
        - kind: stop_refused
          as: unknown
        - kind: stop_refused
          as: too_far
          beyond: 0.05
        - kind: stop_failed
          delay: 2s..1m
        - kind: fills_late
          seen: 3
        - kind: candles_late
          chance: 0.5
        - kind: latency
          delay: {median: 50ms, p99: 2s}
      """)
    #expect(plan.seed == 7 && plan.away == 2...40)
    #expect(plan.patience == TimeSpan(nanoseconds: 500_000_000))
    var latency = FaultRule(.latency)
    latency.chance = try Rate("0.25")
    latency.requests = [.place, .cancel]
    latency.effect = .before
    latency.delay = .seconds(0.5, 180)
    var error = FaultRule(.serverError)
    error.forms = [.html, .text]
    error.most = 3
    var skew = FaultRule(.clockSkew)
    skew.at = [TimeSpan(seconds: 21_600), TimeSpan(seconds: 129_600)]
    skew.skew = .seconds(-40, -40)
    skew.span = .seconds(1200, 1200)
    var moved = FaultRule(.balanceMoved)
    moved.every = TimeSpan(seconds: 28_800)
    moved.currency = "USD"
    moved.amount = try Money("-250.5")...100
    var refused = FaultRule(.stopRefused)
    #expect(refused.forms == [.through])
    refused.forms = [.unknown]
    var far = FaultRule(.stopRefused)
    #expect(far.beyond == (try Rate("0.1")))
    (far.forms, far.beyond) = ([.tooFar], try Rate("0.05"))
    var failed = FaultRule(.stopFailed)
    failed.delay = .seconds(2, 60)
    var fills = FaultRule(.fillsLate)
    fills.seen = 3...3
    var candles = FaultRule(.candlesLate)
    candles.chance = try Rate("0.5")
    var tail = FaultRule(.latency)
    tail.setDelay(
      try #require(
        FaultTail(median: TimeSpan(nanoseconds: 50_000_000), p99: TimeSpan(seconds: 2))))
    #expect(
      plan.rules == [latency, error, skew, moved, refused, far, failed, fills, candles, tail])
    #expect(try self.plan(plan.yaml) == plan)
  }

  @Test func `the example is a plan, and the one of the page`() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "Examples/faults.yaml"), encoding: .utf8)
    #expect(try plan(text).rules.count == 5)
    let page = try String(
      contentsOf: root.appending(path: "Documentation/faults.md"), encoding: .utf8)
    #expect(page.contains("```yaml\n\(text)```"))
    for kind in FaultKind.allCases { #expect(page.contains("| `\(kind.rawValue)` |")) }
  }

  @Test func `an empty file is a plan without faults`() throws {
    #expect(try plan("").isEmpty)
    #expect(try plan("# nothing yet\nfaults: []").isEmpty)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a plan by chance is the same each time, and the same when written and read`(
    seed: UInt64
  ) throws {
    let drawn = FaultPlan.random(seed: seed)
    #expect(drawn == FaultPlan.random(seed: seed))
    #expect(try plan(drawn.yaml) == drawn, "\(drawn.yaml)")
  }

  @Test func `plans by chance switch each kind on and off`() {
    let plans = (0..<200 as Range<UInt64>).map { FaultPlan.random(seed: $0) }
    for kind in FaultKind.allCases {
      let count = plans.count { $0.rules.contains { $0.kind == kind } }
      #expect((10...190).contains(count), "\(kind) in \(count) of 200")
    }
    #expect(plans.contains { $0.rules.isEmpty })
    let few = FaultPlan.random(seed: 3, of: [.latency])
    #expect(few.rules.allSatisfy { $0.kind == .latency })
  }

  @Test(arguments: [
    ("faults: 5", "faults.yaml:1:9: faults is '5', expected a list"),
    ("- kind: latency", "faults.yaml:1:1: the file holds a list instead of keys"),
    ("sed: 5", "faults.yaml:1:1: a file of faults has no key 'sed'; did you mean 'seed'?"),
    ("seed: x", "faults.yaml:1:7: seed is 'x', expected a number from 0"),
    ("away: 5..2", "faults.yaml:1:7: away is '5..2', expected a number of points"),
    ("patience: 0s", "faults.yaml:1:11: patience is '0s', expected a span such as 30s"),
    (
      "faults:\n  - kind: latancy",
      "faults.yaml:2:11: a fault has no kind 'latancy'; did you mean 'latency'?"
    ),
    ("faults:\n  - latency", "faults.yaml:2:5: this item of faults is a single value"),
    ("faults:\n  - chance: 1", "faults.yaml:2:5: this fault has no kind"),
    (
      "faults:\n  - kind: latency\n    chanse: 0.5",
      "faults.yaml:3:5: latency has no key 'chanse'; did you mean 'chance'?"
    ),
    (
      "faults:\n  - kind: lost_answer\n    delay: 5s",
      "faults.yaml:3:5: lost_answer has no key 'delay'; known: chance, most, requests, effect"
    ),
    (
      "faults:\n  - kind: latency\n    chance: 1.5",
      "faults.yaml:3:13: chance is '1.5', expected a share of the occasions from 0 to 1"
    ),
    (
      "faults:\n  - kind: latency\n    delay: 5s..1s",
      "faults.yaml:3:12: delay is '5s..1s', expected a span of the data's time such as 5s"
    ),
    (
      "faults:\n  - kind: latency\n    delay: soon",
      "faults.yaml:3:12: delay is 'soon', expected a span of the data's time such as 5s, a range "
        + "such as 0.5s..3s, or {median: 50ms, p99: 2s}"
    ),
    (
      "faults:\n  - kind: latency\n    delay: {median: 50ms, p95: 2s}",
      "faults.yaml:3:27: delay has no key 'p95'; did you mean 'p99'?"
    ),
    (
      "faults:\n  - kind: latency\n    delay:\n      median: 50ms",
      "faults.yaml:4:7: delay has no p99; write {median: 50ms, p99: 2s}, for example"
    ),
    (
      "faults:\n  - kind: latency\n    delay: {p99: 2s}",
      "faults.yaml:3:12: delay has no median; write {median: 50ms, p99: 2s}, for example"
    ),
    (
      "faults:\n  - kind: latency\n    delay: {median: 0s, p99: 2s}",
      "faults.yaml:3:21: delay.median is '0s', expected a span of the data's time above 0 such as 50ms"
    ),
    (
      "faults:\n  - kind: latency\n    delay: {median: 50, p99: 2s}",
      "faults.yaml:3:21: delay.median is '50', expected a span of the data's time above 0 such as 50ms"
    ),
    (
      "faults:\n  - kind: hold_late\n    delay: {median: 5s, p99: 2s}",
      "faults.yaml:3:30: delay.p99 is '2s', expected a span from the median's, 5s: what one delay "
        + "in a hundred is above"
    ),
    (
      "faults:\n  - kind: hold_late\n    delay: {median: 5s, p99: {}}",
      "faults.yaml:3:30: delay.p99 is a mapping, expected a span"
    ),
    (
      "faults:\n  - kind: restart\n    for: {median: 5s, p99: 7s}",
      "faults.yaml:3:10: for is a mapping, expected a span of the data's time such as 5s"
    ),
    (
      "faults:\n  - kind: latency\n    requests: place, plaice",
      "faults.yaml:3:15: requests is 'place, plaice', expected some of place, cancel"
    ),
    (
      "faults:\n  - kind: rate_limited\n    as: closed",
      "faults.yaml:3:9: as is 'closed', expected some of json, html, unauthorized"
    ),
    (
      "faults:\n  - kind: stop_refused\n    as: through, text",
      "faults.yaml:3:9: as is 'through, text', expected some of through, unknown, too_far"
    ),
    (
      "faults:\n  - kind: restart\n    every: 0.5s",
      "faults.yaml:3:12: every is '0.5s', expected a span from 1s such as 8h"
    ),
    (
      "faults:\n  - kind: cancel_filled\n    portion: -0.5..1",
      "faults.yaml:3:14: portion is '-0.5..1', expected a share from 0 to 1 such as 0.5"
    ),
    (
      "faults:\n  - kind: balance_moved\n    portion: -1.5",
      "faults.yaml:3:14: portion is '-1.5', expected a share from -1 to 1 such as 0.5"
    ),
    (
      "faults:\n  - kind: balance_moved\n    amount: 1000000000001",
      "faults.yaml:3:13: amount is '1000000000001', expected an amount such as -250"
    ),
    (
      "faults:\n  - kind: stop_refused\n    beyond: 5",
      "faults.yaml:3:13: beyond is '5', expected a share of the market's price such as 0.1"
    ),
    (
      "faults:\n  - kind: restart\n    for: 5m",
      "faults.yaml:2:5: restart has neither 'at' nor 'every'"
    ),
    ("faults: &a []", "faults.yaml:1:9: anchors such as '&a' are not read"),
  ]) func `a bad file is told where it is bad and what would be good`(
    text: String, start: String
  ) {
    #expect(complaint(text).hasPrefix(start), "\(complaint(text))")
  }

  @Test func `a balance moves as often as once a second, by all of it or by very much`() throws {
    let plan = try plan(
      """
      faults:
        - { kind: balance_moved, every: 1s, portion: -1..1 }
        - { kind: balance_moved, every: 1s, amount: -1000000000000..1000000000000 }
      """)
    #expect(plan.rules.allSatisfy { $0.every == TimeSpan(seconds: 1) })
    #expect(plan.rules[0].portion == (-1)...1)
    #expect(plan.rules[1].amount == (-1_000_000_000_000)...1_000_000_000_000)
  }

  @Test(arguments: [("USD", true), ("BTC", true), ("USDC", true), ("XRP", false)])
  func `money is moved of those currencies alone that the exchange has`(
    currency: String, isKnown: Bool
  ) throws {
    var settings = SandboxSettings(listings: [Listing(Product(id: "BTC-USD"))])
    settings.balances["USDC"] = 5
    let plan = try plan("faults:\n  - { kind: balance_moved, at: 1h, currency: \(currency) }")
    guard !isKnown else { return try plan.check(against: settings) }
    #expect(
      throws: FaultPlanError(
        "--faults: balance_moved has the currency 'XRP', which the exchange does not have; known: "
          + "USD, BTC, USDC")
    ) {
      try plan.check(against: settings)
    }
  }

  @Test func `a file that is not there is named`() {
    #expect(
      throws: FaultPlanError(
        "--faults: cannot read '/nowhere': No such file or directory; check the path")
    ) {
      try FaultPlan(path: "/nowhere")
    }
  }
}
