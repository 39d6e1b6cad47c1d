import Execution
import Market
import Testing

@testable import Sandbox
@testable import Torture

@Suite("Entries, one at a time")
struct EntryCheckTests {
  @Test func `I6: a pair that has an entry, or holds something, makes no other`() throws {
    var stage = Stage()
    let entry = try stage.place(.buy, 1, at: 50)
    var other = stage
    try other.place(.buy, 1, at: 51)
    #expect(other.violated == [.orders])
    try stage.cancel(entry)
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    #expect(stage.violated == [])
    try stage.place(.buy, 1, at: 50)
    #expect(stage.violated == [.orders])
  }

  @Test(
    "I6: one that was given up may arrive behind a request that broke off",
    arguments: [
      (.lostAnswer, true), (.cutAnswer, true), (.latency, true), (.serverError, true),
      (.messageDropped, false), (.rateLimited, false),
    ] as [(FaultKind, Bool)])
  func brokenOff(_ kind: FaultKind, isExplained: Bool) throws {
    var stage = Stage()
    try stage.place(.buy, 1, at: 50)
    stage.exchange.log(kind, "a fault")
    try stage.place(.buy, 1, at: 51)
    #expect(stage.violated == (isExplained ? [] : [.orders]))
  }

  @Test func `I6: but not long after it, nor long after a start`() throws {
    var stage = Stage()
    stage.exchange.log(.lostAnswer, "a fault")
    stage.next()
    stage.happenings.append(.started(2))
    for _ in 0..<12 { stage.next() }
    var other = stage
    try stage.place(.buy, 1, at: 50)
    try stage.place(.buy, 1, at: 51)
    #expect(stage.violated == [])
    other.next()
    try other.place(.buy, 1, at: 50)
    try other.place(.buy, 1, at: 51)
    #expect(other.violated == [.orders])
  }

  @Test func `I6: what comes later than the record says was given up`() throws {
    var stage = Stage()
    try stage.place(.buy, 1, at: 50)
    try stage.place(.buy, 1, at: 51, isLate: true)
    // Nor has anybody found it when the next one is made.
    try stage.place(.buy, 1, at: 52)
    #expect(stage.violated == [])
  }

  @Test func `I7: an entry that was given up counts for nobody`() throws {
    var stage = Stage(pairs: 2)
    stage.limits.maxPositions = 1
    var other = stage
    try stage.place(.buy, 1, at: 50)
    try stage.place(.buy, 1, at: 50, market: 1, isLate: true)
    #expect(stage.violated == [])
    let late = try other.place(.buy, 1, at: 50, isLate: true)
    try other.place(.buy, 1, at: 50, market: 1)
    #expect(other.violated == [])
    // Until nothing of it is left.
    try other.cancel(late)
    try other.place(.buy, 1, at: 50)
    #expect(other.violated == [.limits])
  }
}
