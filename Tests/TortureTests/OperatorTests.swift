import Market
import Persistence
import Testing

@testable import Torture

@Suite("What operators do")
struct OperatorTests {
  static let commands: [(OperatorRequest.Action, [String])] = [
    (.halt(pair: nil), ["halt"]), (.halt(pair: 1), ["halt", "--pair", "ETH-USD"]),
    (.resume(pair: nil), ["resume"]), (.resume(pair: 0), ["resume", "--pair", "BTC-USD"]),
    (
      .forceExit(pair: 1, position: 3, price: 99),
      ["positions", "force-exit", "ETH-USD-p3", "--price", "99"]
    ), (.cancelOrder(pair: 0, number: 18), ["orders", "cancel", "BTC-USD-18"]),
    (.resetBreaker, ["breaker", "reset"]),
  ]

  @Test("are the runner's own commands", arguments: commands)
  func words(_ action: OperatorRequest.Action, _ words: [String]) {
    #expect(action.words(["BTC-USD", "ETH-USD"]) == words)
  }

  static let moments: [(OperatorAct, Witness.Count, Bool)] = [
    (OperatorAct(.halt(pair: nil), .atEvent(7)), .init(events: 6), false),
    (OperatorAct(.halt(pair: nil), .atEvent(7)), .init(events: 7), true),
    (OperatorAct(.halt(pair: nil), .afterEnd(7)), .init(events: 7), false),
    (OperatorAct(.forceExit(choice: 0, distance: 0), .atEvent(7)), .init(events: 8), false),
    (
      OperatorAct(.forceExit(choice: 0, distance: 0), .atEvent(7)),
      .init(events: 8, isHolding: true), true
    ),
    (OperatorAct(.cancelEntry(choice: 0), .atEvent(7)), .init(events: 8, isHolding: true), false),
    (OperatorAct(.cancelEntry(choice: 0), .atEvent(7)), .init(events: 8, isEntering: true), true),
  ]

  @Test("wait for their time, and for something to do it to", arguments: moments)
  func due(_ act: OperatorAct, at count: Witness.Count, isDue: Bool) {
    #expect(act.isDue(at: count) == isDue)
  }
}
