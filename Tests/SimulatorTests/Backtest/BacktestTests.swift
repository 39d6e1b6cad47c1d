import Execution
import Market
import Matching
import Simulator
import TestKit
import Testing

/// When what happens in a run; SEMANTICS 4.5 and 6.2.
@Suite struct BacktestTests {
  static func play(
    _ strategy: ScriptedStrategy, _ candles: [Candle]
  ) throws(BacktestError) -> RunRecord {
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: .test), cash: 10_000, model: .free,
      journal: RunRecord())
    for candle in candles { try backtest.play(candle) }
    return backtest.loop.journal
  }

  /// Seconds since the beginning, side, quantity and price of each fill.
  static func fills(_ record: RunRecord) -> [String] {
    record.fills.map {
      "\(($0.time - .testStart).seconds) \($0.side.rawValue) \($0.quantity)@\($0.price)"
    }
  }

  static func quiet(_ index: Int) -> Candle {
    Candle(index, open: "100", high: "100", low: "99.5", close: "100")
  }

  @Test(
    "An entry whose time is over when a candle opens is gone before the jump", arguments: [2, 3])
  func expiryBeforeJump(index: Int) throws {
    // Submitted at 300 for one candle, so over at 600; candle 2 opens then, candle 3 at 900.
    let record = try Self.play(
      ScriptedStrategy(signals: [0], offset: rate("0.01"), timeToLive: 1),
      [Self.quiet(0), Candle(index, open: "90", high: "90", low: "90", close: "90")])
    #expect(record.fills == [])
    #expect(record.orders.map(\.ending) == [.expired])
    #expect(record.orders.first?.done == .testStart + TimeSpan(seconds: 300) * index)
  }

  @Test func `an entry ends at the close that its time reaches, before the decision there`() throws
  {
    let record = try Self.play(
      ScriptedStrategy(signals: [0, 1], offset: rate("0.01"), timeToLive: 1),
      [Self.quiet(0), Self.quiet(1)])
    #expect(record.orders.map(\.ending) == [.expired, nil])
    #expect(record.orders.first?.done == .testStart + TimeSpan(seconds: 600))
    #expect(record.signals.map(\.outcome) == [.entry(1), .entry(2)])
  }

  @Test func `a fill within a move bears the time of the point where the move ends`() throws {
    let record = try Self.play(
      ScriptedStrategy(signals: [0], offset: rate("0.01")),
      [
        Self.quiet(0), Candle(1, open: "100", high: "101", low: "98", close: "99"),
        Candle(2, open: "97.5", high: "99", low: "97", close: "97.5"),
      ])
    // High first: 98 is reached at 2/3 of candle 1. Low first: 97 at 1/3 of candle 2.
    #expect(Self.fills(record) == ["500 buy 10.1010101@99", "700 sell 10.1010101@97.02"])
  }

  @Test func `the market goes first, so a stop that sells by itself needs no rescue`() throws {
    // High first: 95 is reached at 2/3 of candle 2, and 97.02 on the way there.
    let record = try Self.play(
      ScriptedStrategy(
        signals: [0], offset: rate("0.01"), exit: ["escalate_after": "0", "escalate_offset": "0"]),
      [
        Self.quiet(0), Candle(1, open: "100", high: "101", low: "98", close: "99"),
        Candle(2, open: "99", high: "99", low: "95", close: "96"),
      ])
    #expect(Self.fills(record) == ["500 buy 10.1010101@99", "800 sell 10.1010101@97.02"])
    #expect(record.trades.map(\.exitReason) == [.trailingStop])
  }
}
