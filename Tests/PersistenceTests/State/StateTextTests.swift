import Execution
import Market
import Matching
import Persistence
import Simulator
import Strategy
import TestKit
import Testing

@Suite("The state of an engine as text")
struct StateTextTests {
  @Test("A restored engine goes on as the other does", arguments: Seeds.ofThisRun)
  func goesOn(seed: UInt64) throws {
    try check(ConfluenceStrategy.self, seed: seed)
    try check(MovingAverageCrossStrategy.self, seed: seed)
  }

  private func check<S: TradingStrategy>(_ type: S.Type, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(600, using: &random)
    var texts = ["rsi_oversold": "60", "window": "60", "fast": "3", "slow": "10"]
    texts = texts.filter { key, _ in S.parameters.contains { $0.name == key } }
    let strategy = try S(
      Parameters(S.parameters, texts), exit: try S.Exit(Parameters(S.Exit.parameters)))
    let engine = ExecutionEngine(strategy: strategy, settings: .test)
    var run = Backtest(engine: engine, cash: 10_000, model: .free, journal: InMemoryJournal())
    for candle in candles { try run.play(candle) }
    let events = run.loop.journal.entries

    // The same events again, the state written and read at random moments in between.
    var (live, portfolio) = (engine, Portfolio(cash: 10_000))
    for entry in events {
      if Int.random(in: 0..<50, using: &random) == 0 {
        let (text, accountText) = (try StateText.encode(live), try StateText.encode(portfolio))
        live = try StateText.decode(ExecutionEngine<S>.self, from: text)
        #expect(try StateText.decode(Portfolio.self, from: accountText) == portfolio)
        portfolio = try StateText.decode(Portfolio.self, from: accountText)
        #expect(try StateText.encode(live) == text, "replay with SEED=\(seed)")
      }
      var outbox = Outbox()
      live.handle(entry.event, portfolio: &portfolio, into: &outbox)
      #expect(outbox == entry.outbox, "replay with SEED=\(seed)")
    }
  }

  static let doubles: [(Double, String)] = [
    (0.1, "0.1"), (-0.0, "-0.0"), (.nan, "\"nan\""), (.infinity, "\"inf\""),
    (-.infinity, "\"-inf\""), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
    (100, "100.0"),
  ]

  @Test("Doubles come back bit by bit", arguments: doubles)
  func double(value: Double, text: String) throws {
    #expect(try StateText.encode(value) == text)
    let read = try StateText.decode(Double.self, from: text)
    #expect(read.bitPattern == value.bitPattern || value.isNaN && read.isNaN)
  }

  @Test("Any double comes back bit by bit", arguments: Seeds.ofThisRun)
  func anyDouble(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let value = Double(bitPattern: random.next())
      guard !value.isNaN else { continue }
      let read = try StateText.decode(Double.self, from: try StateText.encode(value))
      #expect(read.bitPattern == value.bitPattern, "replay with SEED=\(seed)")
    }
  }

  @Test("What is no state of that type is an error, not a crash")
  func refusals() {
    for text in ["", "{", "[]", "{\"settings\":1}", "null", "{\"settings\":{}}"] {
      #expect(throws: (any Error).self) {
        try StateText.decode(ExecutionEngine<ConfluenceStrategy>.self, from: text)
      }
    }
  }
}
