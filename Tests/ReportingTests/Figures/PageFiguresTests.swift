import Execution
import Market
import Reporting
import Simulator
import TestKit
import Testing

@Suite("Figures of the page: drawdown, months, histogram, buy and hold")
struct PageFiguresTests {
  @Test("The deepest point of the drawdown is the metric, and none is above 0")
  func drawdown() {
    let result = SampleRun.make()
    let curve = Array(DrawdownCurve(result))
    #expect(curve.count == result.candles.count && curve.min() == Metrics(result).maxDrawdown)
    #expect(curve.allSatisfy { $0 <= 0 } && curve.contains { $0 < 0 })
    let poor = RunBuilder(cash: 0).result(candles: result.candles)
    #expect(DrawdownCurve(poor).allSatisfy { $0 == 0 })
  }

  @Test("Months stand in the row of their year; the year's return spans its months")
  func months() {
    // November 2023, January and February 2024.
    let days: [Int64] = [19_675, 19_730, 19_760]
    let result = RunBuilder().result(
      candles: days.map { Candle(start: $0 * 86_400, flat: 100) })
    let grid = MonthGrid(result)
    #expect(grid.years.map(\.year) == [2023, 2024])
    #expect(
      grid.years.map { year in year.months.indices.filter { year.months[$0] != nil } }
        == [[10], [0, 1]])
    #expect(grid.years.map(\.totalReturn) == [0, 0])
    #expect(MonthGrid(RunBuilder().result(candles: [])).years.isEmpty)
    let sample = SampleRun.make()
    #expect(MonthGrid(sample).years.map(\.totalReturn) == [Metrics(sample).totalReturn])
  }

  @Test("Bins are round, one edge is 0, and 0 counts upwards")
  func histogram() {
    let histogram = ReturnHistogram([-4, -1, 0, 1, 9].map { ClosedTrade(realised: $0) }, bins: 8)
    #expect(abs(histogram.width - 0.02) < 1e-12 && histogram.first == -2)
    #expect(histogram.counts == [1, 1, 2, 0, 0, 0, 1])
    #expect(histogram.lowerEdge(of: 2) == 0)
    #expect(ReturnHistogram([]).counts.isEmpty)
  }

  @Test(
    "Every trade is in one bin, and there are not many more bins than wanted",
    arguments: Seeds.ofThisRun)
  func histogramOfAny(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let scale = Int64(10) << Int64.random(in: 0...20, using: &random)
    let trades = (0..<200).map { _ in
      ClosedTrade(realised: Money(integerLiteral: .random(in: (-scale)...scale, using: &random)))
    }
    let histogram = ReturnHistogram(trades)
    #expect(histogram.counts.reduce(0, +) == 200, "SEED=\(seed)")
    #expect(histogram.counts.count <= 26 && histogram.counts.last != 0, "SEED=\(seed)")
  }

  @Test("Bought at the first open, the cash grows with the price")
  func buyAndHold() {
    let result = RunBuilder(cash: 500).result(
      candles: [Candle(start: 0, flat: 100), Candle(start: 300, flat: 130)])
    #expect(result.buyAndHoldWorth(at: 120) == 600)
    #expect(RunBuilder().result(candles: []).buyAndHoldWorth(at: 120) == nil)
  }
}
