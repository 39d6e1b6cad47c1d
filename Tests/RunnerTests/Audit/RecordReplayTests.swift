import Execution
import Market
import Persistence
import Strategy
import TestKit
import Testing

@testable import Simulator

@Suite("What a record says of a pair's orders")
struct RecordReplayTests {
  private func at(_ seconds: Int64) -> Timestamp { .testStart + TimeSpan(seconds: seconds) }

  private func report(
    _ number: UInt64, _ news: OrderReport.News, at seconds: Int64
  ) -> Event {
    .report(
      OrderReport(
        order: ClientOrderID(session: 0, pair: 0, number: number), time: at(seconds), news: news))
  }

  private func fill(
    _ number: UInt64, _ side: Side, _ quantity: String, at seconds: Int64, id: UInt64 = 1
  ) -> Event {
    report(
      number,
      .filled(
        Fill(
          order: ClientOrderID(session: 0, pair: 0, number: number), id: id, time: at(seconds),
          side: side, price: price("100"), quantity: TestKit.quantity(quantity), fee: .zero,
          liquidity: .maker)), at: seconds)
  }

  /// An entry of 10 units, and that the exchange has it.
  private var entry: [Event] {
    [.enter(EntrySignal(reference: price("100")), time: at(0)), report(1, .accepted, at: 1)]
  }

  /// What events of one pair leave behind.
  private func evidence(of events: [Event]) throws -> PairEvidence {
    let engine = ExecutionEngine(strategy: try ScriptedStrategy(signals: []), settings: .test)
    var replay = RecordReplay(
      TradingState(engines: [engine], portfolio: Portfolio(cash: money("10000"))))
    let steps = events.enumerated().map { index, event in
      RecordedStep(
        seq: Int64(index + 1), pair: 0, time: event.time ?? .testStart, event: event,
        isRequested: false)
    }
    _ = replay.play(steps[...])
    return replay.evidence[0]
  }

  @Test func `a stop that is refused takes no other's place`() throws {
    let first = try evidence(
      of: entry + [fill(1, .buy, "10", at: 2), report(2, .rejected(.tooSmall), at: 3)])
    #expect(first.gaps.map(\.isReplacement) == [false])
    // Here one is cancelled for a larger one.
    let second = try evidence(
      of: entry + [
        fill(1, .buy, "4", at: 2), report(2, .accepted, at: 3),
        fill(1, .buy, "6", at: 4, id: 2), report(2, .cancelled, at: 5),
      ])
    #expect(second.gaps.map(\.isReplacement) == [false, true])
    #expect(second.endedUnasked.isEmpty)
  }

  @Test func `an order ends unasked where it was at work and nobody here has ended it`() throws {
    let held = entry + [fill(1, .buy, "10", at: 2), report(2, .accepted, at: 3)]
    #expect(try evidence(of: entry + [report(1, .cancelled, at: 9)]).endedUnasked == [1])
    #expect(try evidence(of: held + [report(2, .cancelled, at: 9)]).endedUnasked == [2])
    #expect(try evidence(of: held + [report(2, .expired, at: 9)]).endedUnasked == [2])
    let asked: [Event] = [.cancelEntry(.requested, time: at(8)), report(1, .cancelled, at: 9)]
    #expect(try evidence(of: entry + asked).endedUnasked.isEmpty)
  }

  @Test func `nor does one that was given up, sent smaller, or over by its own time`() throws {
    let held = entry + [fill(1, .buy, "10", at: 2), report(2, .accepted, at: 3)]
    let smaller = [fill(2, .sell, "4", at: 8, id: 2), report(2, .cancelled, at: 9)]
    #expect(try evidence(of: held + smaller).endedUnasked.isEmpty)
    // The exchange had never said that it has it.
    #expect(try evidence(of: [entry[0], report(1, .cancelled, at: 9)]).endedUnasked.isEmpty)
    #expect(try evidence(of: entry + [report(1, .expired, at: 899)]).endedUnasked == [1])
    #expect(try evidence(of: entry + [report(1, .expired, at: 900)]).endedUnasked.isEmpty)
  }
}
