import Execution
import Market
import Persistence
import TestKit
import Testing

@testable import Sandbox
@testable import Torture

@Suite("What operators may do, and what must come of it")
struct OperatorCheckTests {
  private static let interval = TimeSpan(seconds: 300)

  private func held() throws -> Stage {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    try stage.place(.sell, 2, at: 89, trigger: 90)
    return stage
  }

  // MARK: - Answers

  static let answers: [(Int32, String, Happening.Answer)] = [
    (0, "BTC-USD halted: no entries until 'resume'; exits go on\n", .done),
    (
      0, "no engine runs on store.db. Request 1 is kept, and the next start of 'runner live'", .kept
    ),
    (1, "no answer within 3.0 s; request 1 stays, and the engine still acts on it", .kept),
    (1, "refused: the breaker has not tripped\n", .refused),
    (1, "runner: database is locked", .unknown),
    (-9, "", .unknown),
  ]

  @Test("A command's answer is what it has printed", arguments: answers)
  func answer(_ code: Int32, _ text: String, _ answer: Happening.Answer) {
    #expect(Happening.Answer(code: code, text: text) == answer)
  }

  // MARK: - Halts

  static let halts: [([Happening], Bool)] = [
    ([.answered(.halt(pair: nil), .done)], true), ([.answered(.halt(pair: 0), .kept)], true),
    ([.answered(.halt(pair: 1), .done)], false), ([.answered(.halt(pair: nil), .refused)], false),
    ([.answered(.halt(pair: nil), .unknown)], false), ([.asked(.halt(pair: nil))], false),
    ([.answered(.halt(pair: nil), .done), .asked(.resume(pair: 0))], false),
    ([.answered(.halt(pair: nil), .done), .asked(.resume(pair: 1))], true),
  ]

  @Test("I7: no entry is decided on while an operator's halt holds", arguments: halts)
  func halted(_ commands: [Happening], isViolated: Bool) throws {
    var stage = Stage(pairs: 2)
    stage.next()
    stage.happenings += commands
    // Decided on before, it may have been on its way.
    stage.next()
    let early = try stage.place(.buy, 1, at: 50)
    try stage.cancel(early)
    #expect(stage.violated == [])
    stage.next()
    try stage.place(.buy, 1, at: 50)
    #expect(stage.violated == (isViolated ? [.limits] : []))
  }

  @Test func `a halt outlives everything but a resume`() throws {
    var stage = try held()
    stage.happenings.append(.answered(.halt(pair: nil), .done))
    #expect(stage.violatedAtEnd() == [.limits])
    #expect(stage.violatedAtEnd { $0.pairs[0].isStopped = true } == [])
    // It is the reason why entries wait at the end.
    func waits(_ stage: Stage) -> Set<Violation.Rule> {
      stage.violatedAtEnd { ($0.pairs[0].isStopped, $0.pairs[0].isHalted) = (true, true) }
    }
    #expect(waits(stage) == [])
    stage.happenings.append(.answered(.resume(pair: 0), .unknown))
    #expect(stage.violatedAtEnd() == [] && waits(stage) == [])
    stage.happenings.append(.answered(.resume(pair: 0), .done))
    #expect(stage.violatedAtEnd() == [] && waits(stage) == [.life])
  }

  @Test func `I7: by the record nothing is decided on while a pair is halted`() throws {
    var pair = SessionRecord.Pair(product: "BTC-USD")
    let id = ClientOrderID(session: 7, pair: 0, number: 1)
    let entry = Order(id: id, side: .buy, limit: 100, quantity: 1, submitted: .testStart)
    pair.orders = [OrderRow(order: entry, role: .entry, position: nil)]
    func step(_ event: Event?, after candles: Int = 0) -> RecordedStep {
      RecordedStep(
        seq: 1, pair: 0, time: .testStart + Self.interval * candles, event: event,
        isRequested: false)
    }
    let decide = step(.decide(time: .testStart))
    let (halt, resume) = (step(.halt(time: .testStart)), step(.resume(time: .testStart)))
    func found(_ steps: [RecordedStep]) -> [ClientOrderID] {
      SessionRecord.entries(of: [pair], whileHalted: steps)
    }
    #expect(found([halt, decide, resume]) == [id])
    #expect(found([decide, halt]) == [])
    #expect(found([halt, resume, decide]) == [])
    #expect(found([halt, decide, resume, decide]) == [], "the decision waited")
    #expect(found([halt, step(.decide(time: .testStart), after: 1)]) == [])
    let violated = try held().violatedAtEnd { $0.entriesWhileHalted = [id] }
    #expect(violated == [.limits])
  }

  // MARK: - Sales

  private static func sale(_ price: Price) -> OperatorRequest.Action {
    .forceExit(pair: 0, position: 1, price: price)
  }

  /// A position that an operator has sold at a limit.
  private func sold(at limit: Price, answer: Happening.Answer = .done) throws -> Stage {
    var stage = Stage()
    stage.exits = [.init(stopLimitOffset: .zero, escalateAfter: TimeSpan(seconds: 600))]
    try stage.place(.buy, 2, at: 101)
    stage.happenings.append(.asked(Self.sale(105)))
    try stage.place(.sell, 2, at: limit)
    stage.happenings.append(.answered(Self.sale(105), answer))
    return stage
  }

  private func violated(
    _ stage: Stage, _ sales: [(price: Price, candles: Int)] = [(105, 0)]
  ) -> Set<Violation.Rule> {
    stage.violatedAtEnd { record in
      record.pairs[0].orders[1].role = .forced
      record.isWalked = true
      record.sales = sales.map {
        SessionRecord.Sale(
          pair: 0, time: stage.exchange.now + Self.interval * $0.candles, price: $0.price)
      }
    }
  }

  @Test func `an operator's sale was asked for, once, and begins at no worse price`() throws {
    #expect(violated(try sold(at: 105)) == [])
    #expect(violated(try sold(at: 104)) == [.orders])
    #expect(violated(try sold(at: 105), []) == [.orders])
    #expect(violated(try sold(at: 105), [(105, 0), (105, 0)]) == [.orders])
    #expect(violated(try sold(at: 105), [(106, 0)]) == [.orders])
    #expect(violated(try sold(at: 105, answer: .refused)) == [.orders])
    // What does not sell is followed by a rescue.
    #expect(violated(try sold(at: 104), [(105, -1)]) == [.orders])
    #expect(violated(try sold(at: 104), [(105, -2)]) == [])
  }

  @Test func `a position that an operator sells has no stop any more`() throws {
    var stage = try held()
    stage.happenings.append(.answered(Self.sale(89), .refused))
    #expect(stage.violatedAtEnd() == [])
    stage.happenings.append(.answered(Self.sale(89), .done))
    #expect(stage.violatedAtEnd() == [.orders])
    #expect(stage.violatedAtEnd { $0.pairs[0].orders[1].role = .liquidation } == [])
    // That of another position is none of it.
    let other = OperatorRequest.Action.forceExit(pair: 0, position: 2, price: 89)
    stage = try held()
    stage.happenings.append(.answered(other, .done))
    #expect(stage.violatedAtEnd() == [])
  }

  @Test func `I3: an operator's sale may take a moment, and not for ever`() throws {
    var stage = Stage()
    try stage.place(.buy, 2, at: 101)
    let stop = try stage.place(.sell, 2, at: 89, trigger: 90)
    stage.happenings.append(.asked(Self.sale(105)))
    try stage.cancel(stop)
    stage.next()
    #expect(stage.violated == [])
    var other = stage
    other.clock = 11
    other.next()
    #expect(other.violated == [.cover])
    stage.happenings.append(.answered(Self.sale(105), .done))
    for _ in 0..<4 { stage.next() }
    #expect(stage.violated == [.cover], "three candles after the answer")
  }

  @Test func `an entry that an operator ended does not work`() throws {
    var stage = Stage()
    try stage.place(.buy, 1, at: 50)
    stage.happenings.append(.answered(.cancelOrder(pair: 0, number: 1), .refused))
    #expect(stage.violatedAtEnd() == [])
    stage.happenings.append(.answered(.cancelOrder(pair: 0, number: 1), .done))
    #expect(stage.violatedAtEnd() == [.orders])
  }
}
