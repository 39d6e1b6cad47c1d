import Execution
import Market
import Persistence
import TestKit
import Testing

@testable import Sandbox
@testable import Torture

@Suite("That pairs are traded to the end")
struct TradingCheckTests {
  private static let interval = TimeSpan(seconds: 300)

  /// Two pairs that a session has followed for fourteen candles, and was told to end then.
  private func followed() -> Stage {
    var stage = Stage(pairs: 2)
    for _ in 0..<14 {
      stage.next(0)
      stage.next(1)
    }
    stage.happenings.append(.ended(1, code: 143))
    return stage
  }

  /// What is violated where the second pair's last close was after so many candles.
  private func violated(_ stage: Stage, lastClose candles: Int?) -> Set<Violation.Rule> {
    let time = candles.map { Timestamp.testStart + Self.interval * $0 }
    return stage.violatedAtEnd { $0.pairs[1].closeTime = time }
  }

  @Test(
    "A pair whose candles nobody closes is found, but for the last ones",
    arguments: [(14, false), (12, false), (11, true), (1, true), (nil, true)] as [(Int?, Bool)])
  func closes(_ lastClose: Int?, isViolated: Bool) {
    #expect(violated(followed(), lastClose: lastClose) == (isViolated ? [.life] : []))
  }

  @Test("A session that was disturbed, or is not at its end, may be behind", arguments: 0..<6)
  func behind(_ reason: Int) {
    var stage = followed()
    switch reason {
    case 0: stage.exchange.log(.messageDropped, "a fault")
    case 1: stage.happenings.insert(.parting(1), at: 0)
    case 2: stage.happenings[stage.happenings.count - 1] = .ended(1, code: -9)
    case 3: stage.happenings.removeLast()
    case 4: stage.happenings.insert(.started(2), at: stage.happenings.count / 2)
    default:
      stage.isFollowed = false
      stage.happenings.removeLast()
      stage.next(0)
      stage.happenings.append(.ended(1, code: 143))
    }
    #expect(violated(stage, lastClose: nil) == [])
  }

  @Test func `who was told to end before it was noted that it began is told to end`() {
    var stage = followed()
    stage.happenings.insert(contentsOf: [.parting(2), .started(2)], at: 0)
    #expect(violated(stage, lastClose: nil) == [])
    stage.happenings.insert(contentsOf: [.ended(2, code: 143), .started(3)], at: 2)
    #expect(violated(stage, lastClose: nil) == [.life])
  }

  // MARK: - The breaker

  @Test func `I7: with the breaker tripped no stop waits`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    for _ in 0..<14 { stage.next() }
    func violated(tripping candle: Int) -> Set<Violation.Rule> {
      stage.violatedAtEnd { $0.trip = Timestamp.testStart + Self.interval * candle }
    }
    #expect(stage.violatedAtEnd() == [])
    #expect(violated(tripping: 1) == [.limits])
    #expect(violated(tripping: 4) == [], "it has just begun to sell")
    stage.exchange.log(.rateLimited, "a fault")
    #expect(violated(tripping: 1) == [])
  }

  private static func close(_ pair: Int, _ candle: Int) -> RecordedStep {
    let event = Event.candleClosed(
      Candle(candle - 1, open: "100", high: "100", low: "100", close: "100"))
    return step(pair, candle, event)
  }

  private static func step(_ pair: Int?, _ candle: Int, _ event: Event?) -> RecordedStep {
    RecordedStep(
      seq: 1, pair: pair, time: Timestamp.testStart + interval * candle, event: event,
      isRequested: false)
  }

  private static func entry(_ number: UInt64, _ candle: Int) -> OrderRow {
    OrderRow(
      order: Order(
        id: ClientOrderID(session: 7, pair: 0, number: number), side: .buy, limit: 50,
        quantity: 1, submitted: Timestamp.testStart + interval * candle),
      role: .entry, position: nil)
  }

  @Test func `I7: what is bought behind the trip, by the sequence of the record`() throws {
    let pairs = [
      SessionRecord.Pair(product: "BTC-USD", orders: [Self.entry(1, 5), Self.entry(2, 6)]),
      SessionRecord.Pair(product: "ETH-USD"),
    ]
    // The other pair's close of long ago, which becomes known late, trips it.
    var steps = [
      Self.close(0, 5), Self.close(1, 3),
      Self.step(0, 3, .cancelEntry(.breaker, time: Timestamp.testStart + Self.interval * 3)),
      Self.close(0, 6),
    ]
    let found = SessionRecord.entries(of: pairs, whileTripped: steps)
    #expect(found.map(\.number) == [2])
    steps.insert(Self.step(nil, 5, nil), at: 3)
    #expect(SessionRecord.entries(of: pairs, whileTripped: steps) == [])
    #expect(Stage().violatedAtEnd { $0.entriesWhileTripped = found } == [.limits])
  }
}
