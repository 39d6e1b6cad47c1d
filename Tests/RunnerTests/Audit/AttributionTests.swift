import Execution
import Foundation
import Market
import Persistence
import Reporting
import Simulator
import TestKit
import Testing

@testable import Runner

@Suite("What a session and its backtest differ in")
struct AttributionTests {
  /// A session, and what the comparison makes of it.
  private func compare(
    seed: UInt64, pairs: Int, _ perturbation: Perturbation, sets: [String] = [],
    withOwnCandles: Bool = true
  ) throws -> (session: PerturbedSession, report: AuditReport) {
    let folder = try TemporaryFolder()
    var session = try PerturbedSession(
      seed: seed, pairs: pairs, count: 300, perturbation, sets: sets, in: folder)
    try session.trade()
    let report = try session.entry.compare(
      session.record,
      AuditPlan(session.plan, candles: withOwnCandles ? nil : session.candles))
    return (session, report)
  }

  /// What holds of every comparison, whatever the cause.
  private func check(_ report: AuditReport, of session: PerturbedSession) throws {
    // Both ends are those of others: the session's own account, and a backtest of its own.
    #expect(report.session.equity == session.equity)
    let outcomes = try session.entry.runPortfolio(session.plan, session.candles, nil)
    let flow = outcomes.map { $0.record.holdings.last?.cashFlow ?? .zero }.reduce(.zero, +)
    let worth = zip(outcomes, session.candles).map { outcome, candles in
      (candles.last?.close ?? .zero) * (outcome.openPosition?.quantity ?? .zero)
    }.reduce(.zero, +)
    #expect(report.backtest.equity == session.plan.cash + flow + worth)
    #expect(report.backtest.fills == outcomes.reduce(0) { $0 + $1.record.fills.count })
    #expect(report.backtest.orders == outcomes.reduce(0) { $0 + $1.record.orders.count })
    // The parts add up, and everything that differs has one of them.
    let sum = report.causes.reduce(Money.zero) { $0 + $1.worth }
    #expect(sum == report.difference)
    for difference in report.differences {
      #expect(report.causes.indices.contains(difference.cause - 1))
      #expect(difference.backtest != difference.session)
    }
  }

  /// The reports of some seeds, each checked.
  private func checkedReports(
    pairs: Int, _ perturbation: Perturbation
  ) throws -> [(seed: UInt64, report: AuditReport)] {
    try Seeds.few.map { seed in
      let (session, report) = try compare(seed: seed, pairs: pairs, perturbation)
      try check(report, of: session)
      return (seed, report)
    }
  }

  @Test("nothing is, where nothing went wrong", arguments: Seeds.few, [1, 3])
  func same(seed: UInt64, pairs: Int) throws {
    for withOwnCandles in [true, false] {
      let (session, report) = try compare(
        seed: seed, pairs: pairs, Perturbation(), withOwnCandles: withOwnCandles)
      let isSame = report.isSame
      #expect(isSame)
      #expect(report.otherCandles == 0)
      try check(report, of: session)
    }
  }

  static let kinds: [(DifferenceCause, Perturbation)] = [
    (.price, Perturbation(prices: 60)), (.fee, Perturbation(takerRate: rate("0.012"))),
    (.fee, Perturbation(fees: 50)), (.partialFill, Perturbation(participation: rate("0.0002"))),
    (.fault, Perturbation(refusals: 40)), (.operator, Perturbation(words: 4)),
    (.replaceWindow, Perturbation(holds: 100)), (.latency, Perturbation(delays: 40)),
    (.unexplained, Perturbation(ghosts: 30)), (.fault, Perturbation(endings: 30)),
  ]

  /// What a kind may bring about beside itself: news that are late leave a position bare.
  static func company(of cause: DifferenceCause) -> Set<DifferenceCause> {
    switch cause {
    case .latency: [.latency, .replaceWindow]
    case .replaceWindow: [.replaceWindow, .latency]
    // Behind the last trade that a session saw, nobody can say that nothing traded.
    case .unexplained: [.unexplained, .latency, .data]
    default: [cause]
    }
  }

  @Test("is named by its cause, all of it", arguments: Self.kinds, [1, 3])
  func named(kind: (cause: DifferenceCause, perturbation: Perturbation), pairs: Int) throws {
    var found = 0
    for (seed, report) in try checkedReports(pairs: pairs, kind.perturbation) {
      let causes = Set(report.causes.map(\.cause))
      let others = report.causes.filter { !Self.company(of: kind.cause).contains($0.cause) }
      #expect(others.isEmpty, "SEED=\(seed)")
      let isExplained = report.isExplained
      #expect(isExplained == !causes.contains(.unexplained), "SEED=\(seed)")
      if causes.contains(kind.cause) { found += 1 }
    }
    #expect(found > 0)
  }

  @Test("is a fault where candles went by without the session", arguments: [1, 3])
  func absent(pairs: Int) throws {
    var found = 0
    for (seed, report) in try checkedReports(pairs: pairs, Perturbation(absences: 8)) {
      #expect(report.isExplained, "SEED=\(seed)")
      let faults = report.causes.filter { $0.cause == .fault }
      #expect(faults.allSatisfy { $0.words.contains("the session was away") }, "SEED=\(seed)")
      found += faults.count
    }
    #expect(found > 0)
  }

  @Test("is the operator's where he halts what is halted already", arguments: [1, 3])
  func haltedTwice(pairs: Int) throws {
    var found = 0
    for (seed, report) in try checkedReports(pairs: pairs, Perturbation(holdings: 4)) {
      // Until the end of the candle in which he asks the session's own halt comes first.
      let others = report.causes.filter { $0.cause != .operator && $0.cause != .fault }
      #expect(others.isEmpty, "SEED=\(seed)")
      if report.causes.contains(where: { $0.cause == .operator }) { found += 1 }
    }
    #expect(found > 0)
  }

  @Test("is data where the session ends within a candle", arguments: Seeds.few, [1, 3])
  func cutShort(seed: UInt64, pairs: Int) throws {
    let (session, report) = try compare(
      seed: seed, pairs: pairs, Perturbation(endsAtExpiry: true),
      sets: ["strategy.entry_offset=0.01"])
    try #require(session.isOver)
    #expect(report.session.equity == session.equity)
    #expect(!report.causes.isEmpty && report.causes.allSatisfy { $0.cause == .data })
    #expect(report.causes.reduce(Money.zero) { $0 + $1.worth } == report.difference)
  }

  @Test(
    "is the operator's where an entry that he takes back at the end is filled all the same",
    arguments: Seeds.few)
  func filledAfterAll(seed: UInt64) throws {
    let (session, report) = try compare(
      seed: seed, pairs: 1, Perturbation(endsWithEntry: true),
      sets: ["strategy.entry_offset=0.01"])
    try #require(session.isOver)
    #expect(report.session.equity == session.equity)
    // Below all that the session saw: how far the price has gone, its open candle does not say.
    #expect(report.causes.contains { $0.words.contains("after the last trade that the session") })
    #expect(report.causes.allSatisfy { $0.cause == .operator })
    let isExplained = report.isExplained
    #expect(isExplained)
  }

  @Test("adds up whatever goes wrong at once", arguments: Seeds.ofThisRun)
  func everything(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func some(_ most: Int) -> Int {
      Bool.random(using: &random) ? Int.random(in: 1...most, using: &random) : 0
    }
    let perturbation = Perturbation(
      prices: some(80), takerRate: some(1) > 0 ? rate("0.007") : nil, fees: some(50),
      participation: some(1) > 0 ? rate("0.0004") : nil, delays: some(40), holds: some(100),
      refusals: some(30), words: some(4))
    let pairs = Int.random(in: 1...3, using: &random)
    let (session, report) = try compare(seed: seed, pairs: pairs, perturbation)
    try check(report, of: session)
    let unexplained = report.causes.filter { $0.cause == .unexplained }
    #expect(unexplained.isEmpty)
  }

  @Test("is what the candles are worth that the backtest has otherwise", arguments: Seeds.few)
  func data(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var session = try PerturbedSession(
      seed: seed, pairs: 2, count: 300, Perturbation(), in: folder)
    try session.trade()
    var random = SplitMix64(seed: seed)
    var candles = session.candles
    for _ in 0..<40 {
      let pair = Int.random(in: 0..<2, using: &random)
      let index = Int.random(in: 1..<candles[pair].count - 1, using: &random)
      if Bool.random(using: &random) {
        candles[pair].remove(at: index)
      } else {
        candles[pair][index].high = Price(steps: candles[pair][index].high.steps / 100 * 103)
        candles[pair][index].low = Price(steps: candles[pair][index].low.steps / 100 * 97)
      }
    }
    let report = try session.entry.compare(
      session.record, AuditPlan(session.plan, candles: candles))
    #expect(report.otherCandles > 0)
    #expect(!report.causes.isEmpty && report.causes.allSatisfy { $0.cause == .data })
    #expect(report.causes.reduce(Money.zero) { $0 + $1.worth } == report.difference)
    #expect(report.isExplained)
    #expect(report.session.equity == session.equity)
  }
}
