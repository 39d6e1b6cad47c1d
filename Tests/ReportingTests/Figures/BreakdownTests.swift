import Execution
import Market
import Matching
import Reporting
import Simulator
import Strategy
import TestKit
import Testing

@Suite("Breakdown")
struct BreakdownTests {
  private static let day: Int64 = 86_400

  @Test(
    "A moment lies in one day, week and month of the calendar",
    arguments: [
      // 2024-02-29 was a Thursday.
      (1_709_164_800, 1_709_164_800, 1_708_905_600, 1_706_745_600),
      (1_709_251_199, 1_709_164_800, 1_708_905_600, 1_706_745_600),
      // Monday, 1 January 2024, begins all three; the Sunday before none of the others.
      (1_704_067_200, 1_704_067_200, 1_704_067_200, 1_704_067_200),
      (1_704_067_199, 1_703_980_800, 1_703_462_400, 1_701_388_800),
      // 1970 began on a Thursday, and there were days before.
      (0, 0, -259_200, 0), (-1, -86_400, -259_200, -2_678_400),
      (-259_201, -345_600, -864_000, -2_678_400),
    ] as [(Int64, Int64, Int64, Int64)])
  func calendar(_ time: Int64, day: Int64, week: Int64, month: Int64) {
    let time = Timestamp(seconds: time)
    #expect(CalendarPeriod.day.start(of: time).seconds == day)
    #expect(CalendarPeriod.week.start(of: time).seconds == week)
    #expect(CalendarPeriod.month.start(of: time).seconds == month)
  }

  @Test("What happens at midnight belongs to the candle in which it happens")
  func midnight() {
    // Closes of 23:50, 23:55, 00:00, 00:05, and of a day later; the stop sells in the second
    // candle's last move, at midnight, and the next entry takes at the third's open, at midnight.
    var run = RunBuilder(cash: 1000)
    let midnight = Timestamp(seconds: Self.day)
    let first = run.submit(.entry, limit: 100, quantity: 2, at: Timestamp(seconds: 85_800))
    run.fill(first, price: 100, quantity: 2, fee: 1, candle: 0, at: Timestamp(seconds: 85_900))
    let stop = run.submit(.stop, limit: 90, quantity: 2, at: Timestamp(seconds: 85_900))
    run.fill(stop, price: 120, quantity: 2, fee: 2, candle: 1, at: midnight)
    run.close(trade(realised: 37, exit: midnight))
    let second = run.submit(.entry, limit: 130, quantity: 1, at: midnight)
    run.fill(second, price: 130, quantity: 1, fee: 4, candle: 2, at: midnight)
    let last = run.submit(.stop, limit: 90, quantity: 1, at: Timestamp(seconds: Self.day + 400))
    run.fill(
      last, price: 126, quantity: 1, fee: 4, candle: 3, at: Timestamp(seconds: Self.day + 500))
    run.close(trade(realised: -12, exit: Timestamp(seconds: Self.day + 500)))
    let candles =
      [(85_800, 105), (86_100, 120), (86_400, 128), (86_700, 126), (3 * 86_400, 126)]
      as [(Int64, Price)]
    let result = run.result(candles: candles.map { Candle(start: $0, flat: $1) })

    let rows = Breakdown(result, by: .day).rows
    #expect(rows.map(\.start.seconds) == [0, Self.day, 3 * Self.day], "no row without a candle")
    #expect(rows.map(\.startEquity) == [1000, 1037, 1025])
    #expect(rows.map(\.endEquity) == [1037, 1025, 1025])
    #expect(rows.map(\.realised) == [37, -12, 0])
    #expect(rows.map(\.fees) == [3, 8, 0])
    #expect(rows.map(\.trades) == [1, 1, 0])
    #expect(rows.map(\.wins) == [1, 0, 0])
    #expect(rows.map(\.losses) == [0, 1, 0])
    #expect(rows[0].totalReturn == 1037.0 / 1000 - 1)
    #expect(Breakdown(result, by: .week).rows.count == 1)
  }

  @Test func `no candles give no rows, no cash no return`() {
    #expect(Breakdown(RunBuilder().result(candles: []), by: .month).rows == [])
    let poor = RunBuilder(cash: 0).result(candles: [Candle(start: 0, flat: 100)])
    #expect(Breakdown(poor, by: .day).rows.map(\.totalReturn) == [nil])
  }

  @Test("Rows add up to the run, to the last unit", arguments: Seeds.ofThisRun)
  func addsUp(seed: UInt64) throws {
    let result = try randomRun(seed: seed)
    let metrics = Metrics(result)
    #expect(metrics.trades > 0, "seed \(seed) is worth nothing")
    for period in CalendarPeriod.allCases {
      let rows = Breakdown(result, by: period).rows
      var equity = result.startingCash
      for row in rows {
        #expect(row.startEquity == equity, "replay with SEED=\(seed)")
        equity = row.endEquity
      }
      #expect(equity == result.finalEquity)
      #expect(rows.reduce(0) { $0 + $1.trades } == metrics.trades)
      #expect(rows.reduce(0) { $0 + $1.wins } == metrics.wins)
      #expect(rows.reduce(0) { $0 + $1.losses } == metrics.losses)
      #expect(rows.reduce(Money.zero) { $0 + $1.fees }.double == metrics.fees)
      // From one close without a position to another, equity moves by what was realised.
      var isOpen: [Timestamp: Bool] = [:]
      for (point, candle) in zip(EquityCurve(result), result.candles) {
        isOpen[period.start(of: candle.start)] = point.isOpen
      }
      var wasOpen = false
      for row in rows {
        let isOpenAtEnd = isOpen[row.start] == true
        if !wasOpen, !isOpenAtEnd {
          #expect(
            row.endEquity - row.startEquity == row.realised, "replay with SEED=\(seed): \(row)")
        }
        wasOpen = isOpenAtEnd
      }
    }
  }

  private func trade(realised: Money, exit: Timestamp) -> ClosedTrade {
    ClosedTrade(realised: realised, to: exit.seconds)
  }

  /// Candles of a month, so that every period occurs, and a strategy that buys often.
  private func randomRun(seed: UInt64) throws -> RunResult {
    var random = SplitMix64(seed: seed)
    let interval = TimeSpan(seconds: 14_400)
    let candles = randomCandles(400, using: &random).map { candle in
      var candle = candle
      let index = (candle.start - .testStart).seconds / 300
      candle.start = .testStart + interval * Int(index)
      candle.volume = 1000
      return candle
    }
    let entry = StrategyEntry(MovingAverageCrossStrategy.self)
    var strategy = Parameters(MovingAverageCrossStrategy.parameters)
    try strategy.set("fast", to: "2")
    try strategy.set("slow", to: "4")
    var settings = EngineSettings.test
    settings.interval = interval
    let plan = BacktestPlan(
      engine: settings, cash: 10_000, model: MarketModel(), strategy: strategy,
      exit: Parameters(MovingAverageCrossStrategy.Exit.parameters))
    let outcome = try entry.run(plan, candles, nil)
    return RunResult(
      source: "", product: Product(), interval: interval, candles: candles, data: DataQuality(),
      settings: [], changed: [], startingCash: 10_000, trail: nil, record: outcome.record,
      openPosition: outcome.openPosition, workingOrders: outcome.workingOrders, indicators: [])
  }
}
