import Foundation
import JSON
import Market
import Network
import TestKit
import Testing

@testable import Sandbox

@Suite("Delays of which a few are very long")
struct FaultTailTests {
  private static func rule(
    _ median: Double, _ p99: Double, _ kind: FaultKind = .latency
  ) throws -> FaultRule {
    var rule = FaultRule(kind)
    let spans = [median, p99].map { TimeSpan(nanoseconds: Int64($0 * 1e9)) }
    rule.setDelay(try #require(FaultTail(median: spans[0], p99: spans[1])))
    return rule
  }

  private static let count = 20_000

  @Test(arguments: Seeds.ofThisRun, [(0.05, 2.0), (0.2, 0.25), (30, 3600)])
  func `half of them are below the median, and one in a hundred is above the 99th percentile`(
    seed: UInt64, figures: (median: Double, p99: Double)
  ) throws {
    let rule = try Self.rule(figures.median, figures.p99)
    var dice = FaultDice(rule, place: 0, seed: seed)
    var again = dice
    let drawn = (0..<Self.count).map { _ in dice.drawDelay() }
    let tail = try #require(rule.tail)
    // Five standard deviations of such counts: 5·√(n·p·(1 − p)).
    let below = drawn.count { $0 < tail.median }
    #expect(abs(below - Self.count / 2) < 354, "replay with SEED=\(seed)")
    let above = drawn.count { $0 > tail.p99 }
    #expect(abs(above - Self.count / 100) < 70, "replay with SEED=\(seed)")
    // The quantiles between are those of a lognormal distribution: 84.13 % are below a z of 1.
    let one = Double(tail.median.nanoseconds) * pow(figures.p99 / figures.median, 1 / 2.326_347_874)
    #expect(
      abs(drawn.count { Double($0.nanoseconds) < one } - 16_827) < 258, "replay with SEED=\(seed)")
    #expect(drawn.allSatisfy { rule.delay.contains($0) && $0.nanoseconds % 1000 == 0 })
    #expect(drawn == (0..<Self.count).map { _ in again.drawDelay() })
  }

  @Test func `the same figures are one span, and no figures are longer than the longest`() throws {
    let rule = try Self.rule(5, 5)
    var dice = FaultDice(rule, place: 0, seed: 1)
    #expect((0..<100).allSatisfy { _ in dice.drawDelay() == TimeSpan(seconds: 5) })
    #expect(try Self.rule(0.05, 2).tail?.longest == TimeSpan(seconds: 80))
    let years = TimeSpan(seconds: 3_000_000_000)
    let wide = try #require(FaultTail(median: TimeSpan(nanoseconds: 1), p99: years))
    #expect(wide.longest == TimeSpan(nanoseconds: 3_200_000_000_000_000_000))
    var random = FaultRandom(seed: 1)
    for _ in 0..<1000 {
      #expect((.nothing...wide.longest).contains(wide.draw(using: &random)))
    }
    #expect(FaultTail(median: .nothing, p99: years) == nil)
    #expect(FaultTail(median: years, p99: TimeSpan(seconds: 1)) == nil)
  }

  @Test func `a range in its place is a range again`() throws {
    var rule = try Self.rule(0.05, 2)
    rule.delay = .seconds(1, 1)
    var dice = FaultDice(rule, place: 0, seed: 1)
    #expect(dice.drawDelay() == TimeSpan(seconds: 1) && rule.tail == nil)
  }

  @Test func `requests, messages and the book are delayed by it`() throws {
    var plan = FaultPlan()
    plan.rules = [try Self.rule(5, 5), try Self.rule(7, 7, .messageDelayed)]
    var requests = RequestFaults(plan)
    let fate = requests.fate(of: HTTPRequest(.get, "/api/v3/brokerage/time"))
    #expect(
      [fate.delayBefore, fate.delayAfter].compactMap(\.self) == [TimeSpan(seconds: 5)])
    var messages = MessageFaults(plan)
    let message = JSONTree.object([("channel", .string("market_trades"))])
    #expect(messages.fate(of: message)?.fate == .delayed(TimeSpan(seconds: 7)))
    var dice = FaultDice(try Self.rule(9, 9, .holdLate), place: 0, seed: 1)
    #expect(Lag(&dice, from: .testStart).until == .testStart + TimeSpan(seconds: 9))
  }
}
