import Market
import TestKit
import Testing

@testable import Sandbox
@testable import Torture

@Suite("Exits, for as long as a position lasts")
struct ExitCheckTests {
  // MARK: - Without one

  /// Something was bought, and has no exit for so many candles, in which something goes wrong each time.
  private func bare(for candles: Int, _ plan: FaultPlan) throws -> Stage {
    var stage = Stage(faults: plan)
    try stage.place(.buy, 2, at: 101)
    stage.suffer(plan.rules[0].kind, candles: candles)
    return stage
  }

  @Test(
    "I3: what goes wrong for a moment explains no missing exit for good, however often it comes",
    arguments: [FaultKind.messageDropped, .latency])
  func notForGood(_ kind: FaultKind) throws {
    #expect(try !bare(for: 13, faultyPlan(kind)).isUneasy)
    var stage = try bare(for: 14, faultyPlan(kind))
    #expect(stage.isUneasy && stage.violated == [])
    var quick = stage
    quick.suffer(kind, candles: 1)
    #expect(quick.violated == [], "by the clock it has had no time")
    stage.clock = 20
    stage.suffer(kind, candles: 1)
    #expect(stage.violated == [.cover])
    stage.suffer(kind, candles: 1)
    #expect(stage.violated == [.cover], "it is told once")
  }

  @Test func `I3: a request that is on its way for longer than a candle explains it`() throws {
    var plan = faultyPlan(.latency)
    plan.rules[0].delay = .seconds(1, 400)
    var stage = try bare(for: 14, plan)
    #expect(!stage.isUneasy)
    stage.clock = 20
    stage.suffer(.latency, candles: 1)
    #expect(stage.violated == [])
  }

  @Test(
    "I3: a position is bare anew with another process, and behind what has lasted or has failed",
    arguments: 0..<4)
  func anew(_ reason: Int) throws {
    var stage = try bare(for: 7, faultyPlan(.messageDropped))
    switch reason {
    case 0: stage.happenings.append(.started(2))
    case 1:
      let end = stage.exchange.now + TimeSpan(seconds: 300)
      stage.exchange.log(.productHalted, "BTC-USD closed", until: end, of: 0)
    case 2: try stage.cancel(stage.place(.sell, 2, at: 89, trigger: 90))
    default: stage.happenings.append(.parting(1))
    }
    stage.suffer(.messageDropped, candles: 8)
    #expect(!stage.isUneasy)
    stage.clock = 20
    stage.suffer(.messageDropped, candles: 1)
    #expect(stage.violated == [])
  }

  // MARK: - Left behind

  /// What becomes of exits: their limit is at the trigger, and a rescue comes after a minute.
  private static let terms = Testimony.ExitTerms(
    stopLimitOffset: .zero, escalateAfter: TimeSpan(seconds: 60))

  /// The market has gone on below an exit until a rescue is due, and should have come.
  private func leftBehind() throws -> Stage {
    var stage = Stage()
    stage.exits = [Self.terms]
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 200)
    for _ in 0..<4 { stage.next() }
    #expect(!stage.isUneasy)
    stage.next()
    return stage
  }

  @Test func `I3: an exit that the market has left behind is followed by a rescue`() throws {
    var stage = try leftBehind()
    #expect(stage.isUneasy && stage.violated == [])
    stage.next()
    #expect(stage.violated == [], "by the clock it has had no time")
    stage.clock = 20
    stage.next()
    #expect(stage.violated == [.cover])
    stage.next()
    #expect(stage.violated == [.cover], "it is told once")
  }

  @Test func `I3: a stop that has triggered waits no more`() throws {
    var stage = Stage()
    stage.exits = [Self.terms]
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 90, trigger: 90)
    for _ in 0..<9 { stage.next() }
    try stage.cancel(stop)
    // The market jumps over it, from 109 to 108.
    try stage.place(.sell, 2, at: price("108.5"), trigger: price("108.5"))
    for _ in 0..<5 { stage.next() }
    #expect(stage.isUneasy && stage.violated == [])
    stage.clock = 20
    stage.next()
    #expect(stage.violated == [.cover])
  }

  @Test("I3: a rescue has its own time, and what is in the dark has more", arguments: 0..<4)
  func rescued(_ reason: Int) throws {
    var stage = try leftBehind()
    switch reason {
    case 0:
      try stage.cancel(stage.exchange.orders[1].id)
      try stage.place(.sell, 2, at: 200)
    case 1: stage.exchange.log(.orderPending, "a fault", of: 0)
    case 2: stage.happenings.append(.started(2))
    default: stage.happenings.append(.parting(1))
    }
    stage.clock = 20
    stage.next()
    #expect(stage.violated == [])
    #expect(!stage.isUneasy)
  }

  @Test(
    "I3: a stop's limit is as far below its trigger as the configuration says",
    arguments: [("89.1", true), ("89.09", false), ("89.11", false)])
  func limit(_ limit: String, isRight: Bool) throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: price(limit), trigger: 90)
    #expect(stage.violated == [], "that nobody has said anything of")
    stage.exits = [
      Testimony.ExitTerms(stopLimitOffset: rate("0.01"), escalateAfter: TimeSpan(seconds: 60))
    ]
    #expect(stage.violated == (isRight ? [] : [.cover]))
  }

  // MARK: - In surplus

  @Test("I2: an exit that was given up may arrive behind its successor", arguments: [true, false])
  func givenUp(isLate: Bool) throws {
    var stage = Stage(balances: ["BTC": 3], faults: faultyPlan(.latency))
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    try stage.place(.sell, 2, at: 89, trigger: 90, isLate: isLate)
    #expect(stage.violated == (isLate ? [] : [.sells]))
  }

  @Test func `I2: an exit that was sent again may be there twice, by the Exchange's API`() throws {
    var stage = Stage(balances: ["BTC": 3], faults: faultyPlan(.latency))
    stage.usesExchangeAPI = true
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90, number: 2)
    let twin = try stage.place(.sell, 2, at: 89, trigger: 90, number: 2, repeats: false)
    var other = stage
    other.usesExchangeAPI = false
    #expect(stage.violated == [])
    #expect(other.violated == [.sells])
    // Until it is found.
    #expect(stage.violatedAtEnd().contains(.cover))
    try stage.cancel(twin)
    #expect(stage.violatedAtEnd { $0.pairs[0].orders.removeLast() } == [])
    try other.cancel(twin)
    #expect(other.violatedAtEnd { $0.pairs[0].orders.removeLast() } == [.orders])
  }
}
