import Execution
import Market
import TestKit
import Testing

@testable import Sandbox
@testable import Torture

@Suite("What is looked at on the way")
struct EventCheckTests {
  @Test func `a position with its stop, which only rises, is fine`() throws {
    var stage = Stage(balances: ["BTC": 3])
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    stage.next()
    try stage.cancel(stop)
    try stage.place(.sell, 2, at: 94, trigger: 95)
    stage.next()
    #expect(stage.violated == [])
    #expect(stage.violatedAtEnd() == [])
  }

  @Test func `I1: a trigger that falls within a position`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.cancel(stage.place(.sell, 2, at: 89, trigger: 90))
    try stage.place(.sell, 2, at: 88, trigger: 89)
    #expect(stage.violated == [.triggers])
  }

  @Test func `I1: the next position begins anew`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.cancel(stage.place(.sell, 2, at: 89, trigger: 90))
    try stage.place(.sell, 2, at: 90)
    try stage.place(.buy, 1, at: 101)
    try stage.place(.sell, 1, at: 79, trigger: 80)
    #expect(stage.violated == [])
  }

  @Test func `I3: told to end, a session leaves no stop cancelled without another`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    // What is bought in the last moment is not its fault.
    try stage.place(.buy, 1, at: 101, isLate: true)
    stage.happenings.append(.ended(1, code: 143))
    #expect(stage.violated == [])
    try stage.cancel(stop)
    // Killed, it cannot do anything about it.
    stage.happenings.append(.ended(2, code: -9))
    #expect(stage.violated == [])
    // Nor can one that has not begun, unless it was that one that cancelled it.
    stage.happenings += [.started(3), .ended(3, code: 143), .started(4)]
    #expect(stage.violated == [])
    var other = stage
    try other.cancel(try other.place(.sell, 3, at: 89, trigger: 90))
    other.happenings.append(.ended(4, code: 143))
    #expect(other.violated == [.cover])
    stage.next()
    #expect(stage.violated == [.cover], "that the market goes on")
    stage.happenings.append(.ended(4, code: 143))
    #expect(stage.violated == [.cover, .cover])
  }

  @Test func `I2: more for sale than the session's fills have left`() throws {
    // The account's own coins are none of the session's.
    var stage = Stage(balances: ["BTC": 3])
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 3, at: 89, trigger: 90)
    #expect(stage.violated == [.sells])
  }

  @Test func `I3: a market that goes on without the stop`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 1, at: 89, trigger: 90)
    stage.next()
    #expect(stage.violated == [.cover])
  }

  @Test func `I3: while the session is away nobody can do anything about it`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    stage.isFollowed = false
    stage.next()
    #expect(stage.violated == [])
    stage.isFollowed = true
    stage.next()
    #expect(stage.violated == [.cover])
  }

  @Test(
    "I3: only what leaves a session in the dark explains a missing stop",
    arguments: [FaultKind.messageDropped, .rateLimited])
  func explained(by kind: FaultKind) throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    stage.exchange.log(kind, "a fault")
    stage.next()
    #expect(stage.violated == (kind == .messageDropped ? [] : [.cover]))
    // For a while.
    for _ in 0..<4 { stage.next() }
    #expect(stage.violated == [.cover])
  }

  @Test func `I3: a halt explains a missing stop as long as it lasts`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    stage.exchange.log(
      .productHalted, "BTC-USD cancel_only", until: stage.exchange.now + TimeSpan(seconds: 1500))
    for _ in 0..<7 { stage.next() }
    #expect(stage.violated == [])
    for _ in 0..<3 { stage.next() }
    #expect(stage.violated == [.cover])
  }

  @Test func `I3: kills and absences explain no missing stop while the session follows`() throws {
    var plan = FaultPlan()
    plan.away = 0...60
    var stage = Stage(faults: plan)
    try stage.place(.buy, 2, at: 101)
    stage.next()
    #expect(stage.violated == [.cover])
  }

  @Test(
    "I3: coins that others took cannot be offered, the others can, and the account's own go first",
    arguments: [("0", "1.9", false), ("0", "2", true), ("3", "2", false), ("3", "5", true)])
  func taken(own: String, amount: String, isExplained: Bool) throws {
    var stage = Stage(balances: ["BTC": money(own)])
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    stage.exchange.log(.balanceMoved, "-\(amount) BTC")
    try stage.cancel(stop)
    // Out of the time in which it may explain anything.
    for _ in 0..<5 { stage.next() }
    stage.happenings.append(.ended(1, code: 143))
    #expect(stage.violated == (isExplained ? [] : [.cover, .cover]))
  }

  @Test("I3: what goes wrong with one product explains nothing of another", arguments: [0, 1])
  func explained(with market: Int) throws {
    var stage = Stage(pairs: 2)
    try stage.place(.buy, 2, at: 101)
    stage.exchange.log(.cancelLate, "a fault", of: market)
    stage.next()
    #expect(stage.violated == (market == 0 ? [] : [.cover]))
  }

  @Test func `a process that has followed the market does not end itself`() throws {
    var stage = Stage()
    stage.next()
    stage.next()
    // One that cannot begin says so; the feed of the one before may still count for a trade.
    stage.happenings += [.ended(1, code: -9), .started(2), .ended(2, code: 1), .started(3)]
    stage.next()
    stage.happenings += [.ended(3, code: 1), .started(4)]
    #expect(stage.violated == [])
    stage.next()
    stage.next()
    var other = stage
    stage.happenings.append(.ended(4, code: 143))
    #expect(stage.violated == [])
    other.happenings.append(.ended(4, code: 1))
    #expect(other.violated == [.life])
  }

  @Test func `an entry whose time is over is cancelled by a session that is there`() throws {
    var stage = Stage()
    stage.entryLives = [3]
    try stage.place(.buy, 2, at: 50)
    for _ in 0..<7 { stage.next() }
    #expect(stage.violated == [])
    var (disturbed, away) = (stage, stage)
    stage.next()
    #expect(stage.violated == [], "it may be about to end")
    stage.clock = 1
    for _ in 0..<2 { stage.next() }
    #expect(stage.violated == [.life])
    disturbed.exchange.log(.rateLimited, "a fault")
    for _ in 0..<2 { disturbed.next() }
    disturbed.clock = 1
    disturbed.next()
    #expect(disturbed.violated == [])
    away.isFollowed = false
    away.next()
    away.isFollowed = true
    away.next()
    away.clock = 1
    away.next()
    #expect(away.violated == [])
  }

  @Test func `what is amiss makes uneasy until it is mended or explained`() throws {
    var stage = Stage(faults: faultyPlan())
    try stage.place(.buy, 2, at: 101)
    #expect(!stage.isUneasy)
    stage.next()
    #expect(stage.isUneasy && stage.violated == [])
    var dark = stage
    dark.exchange.log(.latency, "a fault")
    #expect(!dark.isUneasy)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    #expect(!stage.isUneasy)
  }

  @Test func `an entry that is over its time makes uneasy until it is gone`() throws {
    var stage = Stage(faults: faultyPlan())
    stage.entryLives = [1]
    let entry = try stage.place(.buy, 2, at: 50)
    for _ in 0..<6 { stage.next() }
    #expect(stage.isUneasy && stage.violated == [])
    try stage.cancel(entry)
    #expect(!stage.isUneasy)
  }

  @Test func `the market waits for what is amiss, and not for ever`() throws {
    var stage = Stage(faults: faultyPlan())
    try stage.place(.buy, 2, at: 101)
    stage.next()
    let witness = Witness(of: stage.testimony)
    let news = stage.happenings.compactMap(\.news)
    let waits = news.map { witness.hear($0, isFollowed: true, []).wait }
    #expect(waits.last == Witness.wait && waits.dropLast().allSatisfy { $0 == .zero })
    let trade = try #require(news.last)
    #expect(witness.hear(trade, isFollowed: false, []).wait == .zero)
    let others = (0..<400).count { _ in witness.hear(trade, isFollowed: true, []).wait > .zero }
    #expect(others == Witness.mostWaits - 1)
  }

  @Test func `I7: one position more than there may be`() throws {
    var stage = Stage(pairs: 2)
    stage.limits.maxPositions = 1
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    #expect(stage.violated == [])
    try stage.place(.buy, 1, at: 101, market: 1)
    #expect(stage.violated == [.limits])
  }

  @Test func `I7: an entry that is too large`() throws {
    var stage = Stage()
    stage.limits.maxPositionSize = 5
    stage.limits.maxCorrelatedExposure = 5
    stage.next()
    var other = stage
    try stage.place(.buy, 2, at: 101)
    #expect(stage.violated == [])
    try other.place(.buy, 8, at: 101)
    #expect(Set(other.violated) == [.limits])
  }
}

extension Happening {
  /// What the exchange told; `nil` of what became of a process.
  fileprivate var news: ExchangeNews? {
    switch self {
    case .order(let order, let step): .order(order, step)
    case .trade(let trade, _, _): .trade(trade)
    case .heartbeat(let time): .heartbeat(time)
    case .started, .parting, .ended, .asked, .answered: nil
    }
  }
}
