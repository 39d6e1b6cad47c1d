import Execution
import Market
import Persistence
import TestKit
import Testing

@testable import Simulator

@Suite("The candles and trades of a record")
struct RecordedCandlesTests {
  private func at(_ seconds: Int64, _ nanoseconds: Int64 = 0) -> Timestamp {
    .testStart + TimeSpan(nanoseconds: seconds * 1_000_000_000 + nanoseconds)
  }

  private func trade(_ price: String, at time: Timestamp) -> Event {
    .trade(price: TestKit.price(price), time: time)
  }

  /// A candle without any way back.
  private func close(_ index: Int, _ open: String, _ close: String) -> Event {
    .candleClosed(Candle(index, open: open, high: close, low: open, close: close))
  }

  private func record(_ events: [(pair: Int, event: Event)], pairs: Int = 1) -> RecordedCandles {
    let steps = events.enumerated().map { index, step in
      RecordedStep(
        seq: Int64(index + 1), pair: step.pair, time: step.event.time ?? .testStart,
        event: step.event, isRequested: false)
    }
    return RecordedCandles(
      steps, intervals: Array(repeating: TimeSpan(seconds: 300), count: pairs))
  }

  @Test func `a trade that is told after its candle's end and before its close is its last`() {
    // The session's clock was ahead of the trade by then.
    let record = record([
      (0, trade("100", at: at(10))), (0, trade("101", at: at(300, 100_000_000))),
      (0, close(0, "100", "101")), (0, trade("102", at: at(301))), (0, trade("103", at: at(400))),
      (0, close(1, "102", "103")),
    ])
    #expect(record.path(of: 0, from: at(0)).map(\.price) == [price("100"), price("101")])
    #expect(record.path(of: 0, from: at(300)).map(\.price) == [price("102"), price("103")])
  }

  @Test func `a trade of the next candle stays there, however late the close is`() {
    let record = record([
      (0, trade("100", at: at(10))), (0, trade("101", at: at(290))),
      (0, trade("102", at: at(301))), (0, close(0, "100", "101")), (0, trade("103", at: at(400))),
      (0, close(1, "102", "103")),
    ])
    #expect(record.path(of: 0, from: at(0)).map(\.price) == [price("100"), price("101")])
    #expect(record.path(of: 0, from: at(300)).map(\.price) == [price("102"), price("103")])
  }

  @Test func `a candle of which a session saw no trade is unseen, if it had any`() throws {
    let record = record(
      [
        (0, trade("100", at: at(10))), (0, close(0, "100", "100")), (0, close(1, "100", "101")),
        (1, close(0, "100", "100")),
      ], pairs: 2)
    let candles = record.candles[0]
    let (seen, unseen) = (try #require(candles[at(0)]), try #require(candles[at(300)]))
    #expect(!record.isUnseen(seen, of: 0))
    #expect(record.isUnseen(unseen, of: 0))
    let quiet = Candle(1, open: "100", high: "101", low: "100", close: "101", volume: "0")
    #expect(!record.isUnseen(quiet, of: 0))
    // No trade of that pair at all: it is fed by candles.
    #expect(!record.isUnseen(unseen, of: 1))
  }

  @Test func `trades behind the last close are those of an open candle, whenever they were`() {
    let record = record([
      (0, trade("100", at: at(10))), (0, close(0, "100", "100")),
      // Nothing traded for more than five minutes.
      (0, trade("110", at: at(660))), (0, trade("105", at: at(661))),
    ])
    var round = AuditRound(
      start: at(300), files: [nil], recorded: [nil], paths: [[]], open: [nil])
    record.addOpenCandles(to: &round, within: 2..<4)
    #expect(round.paths[0].map(\.price) == [price("110"), price("105")])
    #expect(round.open[0]?.high == price("110") && round.open[0]?.low == price("105"))
    // As much as before is to be had.
    #expect(round.open[0]?.volume == quantity("1000"))
    // The candle goes on, and nobody knows how far.
    let tail = AuditBlock(rounds: [round], steps: 2..<4, isTail: true)
    #expect(tail.range(of: 0) == nil)
    #expect(tail.seenRange(of: 0) == price("105")...price("110"))
  }

  @Test func `a session that ends between the closes of one time leaves candles open`() {
    let record = record(
      [
        (0, trade("100", at: at(10))), (1, trade("50", at: at(20))), (1, trade("55", at: at(30))),
        (0, close(0, "100", "100")), (1, trade("56", at: at(301))),
      ], pairs: 2)
    let block = record.blocks(comparedWith: nil).last
    let round = block?.rounds.last
    #expect(round?.recorded[0] != nil && round?.open[0] == nil)
    #expect(round?.recorded[1] == nil)
    // The last one comes behind the close: it is what goes on after the last candle.
    #expect(round?.paths[1].map(\.price) == [price("50"), price("55")])
    #expect(block?.range(of: 0) == price("100")...price("100"))
    #expect(block?.range(of: 1) == nil)
    #expect(block?.seenRange(of: 1) == price("50")...price("55"))
  }
}
