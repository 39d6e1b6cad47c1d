import Execution
import Market
import Reporting
import Testing

@Suite("Metrics")
struct MetricsTests {
  static let day: Int64 = 86_400

  /// The metrics of a curve with one point for each equity, one a day, the first at the end of day 0.
  static func metrics(
    daily equity: [Money], cash: Money = 100, trades: [ClosedTrade] = []
  ) -> Metrics {
    let points = equity.enumerated().map { index, equity in
      EquityPoint(
        time: Timestamp(seconds: Int64(index + 1) * day), equity: equity, isOpen: index == 0)
    }
    return Metrics(
      curve: points, startingCash: cash, interval: TimeSpan(seconds: 300),
      begin: points.isEmpty ? nil : Timestamp(seconds: 0), fills: [], trades: trades)
  }

  static func expect(
    _ value: Double?, _ expected: Double, _ location: SourceLocation = #_sourceLocation
  ) {
    guard let value else {
      Issue.record("nil instead of \(expected)", sourceLocation: location)
      return
    }
    #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected)), sourceLocation: location)
  }

  @Test("Return, growth, drawdown and daily ratios of three days")
  func account() {
    // Daily returns 0.1, −0.1, 0.2.
    let metrics = Self.metrics(daily: [110, 99, Money(steps: 118_800_000_000_000_000_000)])
    Self.expect(metrics.totalReturn, 0.188)
    Self.expect(metrics.maxDrawdown, -0.1)
    #expect(metrics.days == 3)
    let mean = 0.2 / 3
    // Deviations 1/30, −1/6, 2/15: squares 0.04666… / 2.
    Self.expect(metrics.sharpe, mean / (0.14 / 6).squareRoot() * 365.0.squareRoot())
    Self.expect(metrics.sortino, mean / (0.01 / 3).squareRoot() * 365.0.squareRoot())
    Self.expect(metrics.cagr, 1266680091.65862)  // 1.188^(365/3) − 1
    Self.expect(metrics.calmar, (metrics.cagr ?? 0) / 0.1)
    Self.expect(metrics.exposure, 1.0 / 3)
  }

  @Test("A year that doubles grows by 1 a year, two years by √2 − 1")
  func growth() {
    let flat = [Money](repeating: 100, count: 364)
    Self.expect(Self.metrics(daily: flat + [200]).cagr, 1)
    let long = [Money](repeating: 100, count: 729)
    Self.expect(Self.metrics(daily: long + [200]).cagr, 2.0.squareRoot() - 1)
  }

  @Test("The starting cash is the first peak")
  func firstPeak() {
    Self.expect(Self.metrics(daily: [90, 95]).maxDrawdown, -0.1)
    Self.expect(Self.metrics(daily: [110, 120]).maxDrawdown, 0)
    Self.expect(Self.metrics(daily: [200, 150, 250, 175]).maxDrawdown, -0.3)
  }

  @Test("A day is that of a candle's start, and a day without candles gives no return")
  func days() {
    // The close at 24:00 belongs to day 0; day 1 has no candle; day 2 ends at 121.
    let points: [EquityPoint] = [(Self.day, 110), (2 * Self.day + 300, 500), (3 * Self.day, 121)]
      .map { EquityPoint(time: Timestamp(seconds: $0), equity: $1, isOpen: false) }
    let metrics = Metrics(
      curve: points, startingCash: 100, interval: TimeSpan(seconds: 300),
      begin: Timestamp(seconds: 0), fills: [], trades: [])
    #expect(metrics.days == 2)
    // Both returns are 0.1 but for their last bits, so the deviation is next to nothing.
    #expect((metrics.sharpe ?? 0) > 1e6 || metrics.sharpe == nil)
    #expect(metrics.sortino == nil)
  }

  @Test("Without candles nothing of the account exists but the return of 0")
  func noCandles() {
    let metrics = Self.metrics(daily: [])
    #expect(metrics.totalReturn == 0)
    #expect(metrics.cagr == nil)
    #expect(metrics.maxDrawdown == 0)
    #expect(metrics.days == 0)
    #expect(metrics.exposure == nil)
    #expect(metrics.sharpe == nil && metrics.sortino == nil && metrics.calmar == nil)
  }

  @Test("Denominators of 0 give null: no cash, one day, no change, no fall")
  func nulls() {
    let noCash = Self.metrics(daily: [0, 0], cash: 0)
    #expect(noCash.totalReturn == nil && noCash.cagr == nil && noCash.maxDrawdown == nil)
    #expect(noCash.turnover == nil)
    #expect(Self.metrics(daily: [90]).sharpe == nil)
    #expect(Self.metrics(daily: [90]).sortino == nil)
    let flat = Self.metrics(daily: [100, 100, 100])
    #expect(flat.sharpe == nil && flat.sortino == nil && flat.calmar == nil)
    #expect(flat.cagr == 0)
    let rising = Self.metrics(daily: [110, 130])
    #expect(rising.sharpe != nil && rising.sortino == nil && rising.calmar == nil)
    // A growth beyond every double.
    #expect(Self.metrics(daily: [Money(steps: .max / 4)], cash: 1).cagr == nil)
  }

  @Test("A lost account has grown by −1 a year")
  func ruin() {
    let metrics = Self.metrics(daily: [50, 0])
    Self.expect(metrics.cagr, -1)
    Self.expect(metrics.maxDrawdown, -1)
    // From 0 nothing can be returned: the ratios that need it are null.
    #expect(Self.metrics(daily: [0, 0, 0]).sharpe == nil)
  }

  @Test("Wins, losses, and a trade of 0 that is neither")
  func trades() {
    let realised: [Money] = [10, -5, -15, 0, -1, 20]
    let trades = realised.enumerated().map {
      ClosedTrade(realised: $1, from: 0, to: Int64($0 + 1) * 10)
    }
    let metrics = Self.metrics(daily: [100], trades: trades)
    #expect(metrics.trades == 6 && metrics.wins == 2 && metrics.losses == 3)
    Self.expect(metrics.winRate, 2.0 / 6)
    Self.expect(metrics.profitFactor, 30.0 / 21)
    Self.expect(metrics.expectancy, 1.5)
    Self.expect(metrics.averageWin, 15)
    Self.expect(metrics.averageLoss, -7)
    #expect(metrics.best == 20 && metrics.worst == -15)
    #expect(metrics.maxConsecutiveLosses == 2)
    Self.expect(metrics.meanHoldingSeconds, 35)
    // r = realised / 100, mean 0.015; Σ(r − mean)² = 0.0751 − 6 · 0.000225 = 0.07375.
    Self.expect(metrics.sqn, 6.0.squareRoot() * 0.015 / (0.07375 / 5).squareRoot())
  }

  @Test("Without trades, or without losses, or with one trade")
  func tradeNulls() {
    let none = Self.metrics(daily: [100])
    #expect(none.winRate == nil && none.profitFactor == nil && none.expectancy == nil)
    #expect(none.averageWin == nil && none.averageLoss == nil && none.sqn == nil)
    #expect(none.best == nil && none.worst == nil && none.meanHoldingSeconds == nil)
    #expect(none.maxConsecutiveLosses == 0)
    let won = Self.metrics(daily: [100], trades: [ClosedTrade(realised: 3)])
    #expect(won.profitFactor == nil && won.averageLoss == nil && won.sqn == nil)
    let lost = Self.metrics(daily: [100], trades: [ClosedTrade(realised: -3)])
    #expect(lost.profitFactor == 0 && lost.averageWin == nil)
    let same = [ClosedTrade](repeating: ClosedTrade(realised: 3), count: 4)
    #expect(Self.metrics(daily: [100], trades: same).sqn == nil)
  }

  @Test("Fees and turnover count the fills of an open position")
  func fees() {
    var run = RunBuilder(cash: 1000)
    let entry = run.submit(.entry, limit: 100, quantity: 2, at: Timestamp(seconds: 0))
    run.fill(entry, price: 100, quantity: 1, fee: 1, candle: 0, at: Timestamp(seconds: 100))
    run.fill(entry, price: 50, quantity: 1, fee: 2, candle: 0, at: Timestamp(seconds: 200))
    let metrics = Metrics(run.result(candles: [Candle(start: 0, flat: 60)]))
    #expect(metrics.fees == 3)
    #expect(metrics.turnover == 0.15)
    #expect(metrics.trades == 0 && metrics.exposure == 1)
  }

  @Test("Every figure has its name once")
  func names() {
    let names = Self.metrics(daily: [100]).named.map(\.name)
    #expect(names.count == 23)
    #expect(Set(names).count == 23)
  }
}
