import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy
import TestKit
import Testing

@Suite("The history of a position's stop")
struct StopHistoryTests {
  @Test("A stop, its raise and its rescue belong to the trade; the open position has none yet")
  func sample() {
    let histories = StopHistory.all(of: SampleRun.make().record)
    #expect(histories.count == 2)
    let closed = histories[0]
    #expect(closed.entryOrder == 1 && closed.fills == 0..<3)
    #expect(closed.legs.map(\.number) == [2, 3, 4])
    #expect(closed.legs.map(\.role) == [.stop, .stop, .escalation])
    #expect(closed.legs.map(\.trigger) == [98, 101, nil])
    #expect(closed.legs.map(\.limit) == [97, 99, 90])
    #expect(closed.legs.map(\.cancelReason) == [.ratchet, .escalation, nil])
    #expect(closed.legs.map(\.filled) == [.zero, 1, quantity("1.5")])
    let begin = closed.opened
    #expect(closed.legs.map { ($0.from - begin).seconds } == [0, 900, 1100])
    #expect(closed.legs.map { $0.to.map { ($0 - begin).seconds } } == [900, 1100, 1100])
    #expect(closed.closing?.price == 95 && closed.escalations == 1)
    let open = histories[1]
    #expect(open.entryOrder == 5 && open.fills == 3..<4)
    #expect(open.legs.isEmpty && open.closing == nil)
  }

  @Test(
    "A fill that overtakes the cancel closes the position; the order behind it is still its leg")
  func race() {
    var run = RunBuilder()
    let time = { Timestamp(seconds: $0) }
    let entry = run.submit(.entry, limit: 100, quantity: 1, at: time(0))
    run.fill(entry, price: 100, quantity: 1, candle: 0, at: time(1))
    let stop = run.submit(.stop, limit: 97, trigger: 98, quantity: 1, at: time(1))
    run.cancel(stop, .ratchet, at: time(2))
    let raised = run.submit(.stop, limit: 98, trigger: 99, quantity: 1, at: time(2))
    run.fill(stop, price: 98, quantity: 1, candle: 0, at: time(3))
    run.cancel(raised, .flat, at: time(3))
    let again = run.submit(.entry, limit: 90, quantity: 1, at: time(4))
    run.fill(again, price: 90, quantity: 1, candle: 0, at: time(5))
    let last = run.submit(.stop, limit: 80, trigger: 81, quantity: 1, at: time(5))
    let histories = StopHistory.all(of: run.record)
    #expect(histories.map { $0.legs.map(\.number) } == [[stop, raised], [last]])
    #expect(histories.map(\.entryOrder) == [entry, again])
    #expect(histories[1].legs[0].to == nil)
  }

  @Test("One entry order that fills again after its position was sold opens a second one")
  func twoPositions() {
    var run = RunBuilder()
    let time = { Timestamp(seconds: $0) }
    let entry = run.submit(.entry, limit: 100, quantity: 2, at: time(0))
    run.fill(entry, price: 100, quantity: 1, candle: 0, at: time(1))
    let stop = run.submit(.stop, limit: 97, trigger: 98, quantity: 1, at: time(1))
    run.fill(stop, price: 98, quantity: 1, candle: 0, at: time(2))
    run.fill(entry, price: 100, quantity: 1, candle: 0, at: time(2))
    let second = run.submit(.stop, limit: 97, trigger: 98, quantity: 1, at: time(2))
    let histories = StopHistory.all(of: run.record)
    #expect(histories.map { $0.legs.map(\.number) } == [[stop], [second]])
    #expect(histories.map(\.entryOrder) == [entry, entry])
    #expect(histories.map(\.fills) == [0..<2, 2..<3])
  }

  @Test("Nothing happened: no history")
  func empty() { #expect(StopHistory.all(of: RunRecord()).isEmpty) }

  @Test(
    "In any run, histories match trades, share out the exits, and never lower a trigger",
    arguments: Seeds.ofThisRun)
  func runs(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(600, using: &random)
    let strategy = try ScriptedStrategy(
      signals: Set((0..<600).filter { _ in Int.random(in: 0..<4, using: &random) == 0 }),
      timeToLive: 3, exit: ["min_ratchet": "0", "escalate_after": "300"])
    var backtest = Backtest(
      engine: ExecutionEngine(strategy: strategy, settings: .test), cash: 10_000, model: .free,
      journal: RunRecord())
    for candle in candles { try backtest.play(candle) }
    let record = backtest.loop.journal
    let histories = StopHistory.all(of: record)
    #expect(!record.trades.isEmpty, "SEED=\(seed)")
    let exits = record.orders.filter { $0.role != .entry }
    #expect(histories.flatMap { $0.legs.map(\.number) } == exits.map(\.order.id.number))
    for (history, trade) in zip(histories, record.trades) {
      #expect(history.entryOrder == trade.entryOrder && history.opened == trade.entryTime)
      #expect(history.closing?.time == trade.exitTime && history.escalations == trade.escalations)
      let sold = record.fills[history.fills].filter { $0.side == .sell }
      #expect(sold.reduce(Money.zero) { $0 + $1.notional } == trade.exitNotional, "SEED=\(seed)")
    }
    #expect(histories.count - record.trades.count == (histories.last?.closing == nil ? 1 : 0))
    for history in histories {
      let triggers = history.legs.compactMap(\.trigger)
      #expect(zip(triggers, triggers.dropFirst()).allSatisfy { $0 <= $1 }, "SEED=\(seed)")
    }
  }
}
