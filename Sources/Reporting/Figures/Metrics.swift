public import Execution
public import Market

/// The figures of a report; SEMANTICS 7.2 to 7.4.
///
/// All are doubles by the page's formulas in the page's order. A ratio whose denominator is 0 and
/// any value that is not finite is `nil`. Means and deviations are sums of doubles, oldest to newest
/// (1.1). `fees` and the notional of `turnover` are plain amounts of money: summed exactly and
/// converted once, since exact sums do not depend on an order and money is never a double on the way.
public struct Metrics: Hashable, Sendable {
  /// Last equity / starting cash − 1, as a fraction.
  public var totalReturn: Double?
  /// Growth in a year of 365 days: (last/first)^(365 d / span) − 1, as a fraction.
  public var cagr: Double?
  /// The least equity / running peak − 1: a fraction of at most 0; the first peak is the starting cash.
  public var maxDrawdown: Double?
  /// How many daily returns there are: days with candles.
  public var days: Int
  /// Mean / deviation (n − 1) of the daily returns × √365; `nil` below 2 days.
  public var sharpe: Double?
  /// Mean / √(mean(min(r, 0)²)) of the daily returns × √365; `nil` below 2 days.
  public var sortino: Double?
  /// CAGR / |maximum drawdown|.
  public var calmar: Double?
  /// Closed positions.
  public var trades: Int
  /// Those that realised more than 0.
  public var wins: Int
  /// Those that realised less than 0.
  public var losses: Int
  /// Wins / trades, as a fraction.
  public var winRate: Double?
  /// Σ wins / |Σ losses|.
  public var profitFactor: Double?
  /// The mean realised, in quote currency.
  public var expectancy: Double?
  /// The mean of the wins, in quote currency.
  public var averageWin: Double?
  /// The mean of the losses, in quote currency: below 0.
  public var averageLoss: Double?
  /// The greatest realised, in quote currency.
  public var best: Double?
  /// The least realised, in quote currency.
  public var worst: Double?
  /// The mean time from a trade's first entry fill to its last exit fill, in seconds.
  public var meanHoldingSeconds: Double?
  /// The longest run of losses; a trade that realised 0 ends a run.
  public var maxConsecutiveLosses: Int
  /// What all fills cost in fees, an open position's included, in quote currency.
  public var fees: Double
  /// Σ notional of all fills / starting cash.
  public var turnover: Double?
  /// √n × mean / deviation (n − 1) of realised / entry notional; `nil` below 2 trades.
  public var sqn: Double?
  /// The share of the curve's points at which a position was open.
  public var exposure: Double?

  /// The figures of a run.
  public init(_ result: RunResult) {
    self.init(
      curve: EquityCurve(result), startingCash: result.startingCash, interval: result.interval,
      begin: result.candles.first?.start, fills: result.record.fills, trades: result.record.trades)
  }

  /// The figures of these parts, of one pair or of several on one account.
  ///
  /// - Parameters:
  ///   - curve: Oldest first.
  ///   - startingCash: The equity before the first point.
  ///   - interval: The candles' length, by which a point's time follows its candle's start.
  ///   - begin: The start of the first candle; `nil` where there is none.
  ///   - fills: All of them.
  ///   - trades: In the order in which they closed.
  public init(
    curve: some Sequence<EquityPoint>, startingCash: Money, interval: TimeSpan, begin: Timestamp?,
    fills: [Fill], trades: [ClosedTrade]
  ) {
    let walk = CurveWalk(curve, startingCash: startingCash, interval: interval)
    totalReturn = ratio(walk.last, walk.first).flatMap { finite($0 - 1) }
    let cagr = Self.cagr(walk, begin: begin)
    let drawdown = walk.first == 0 ? nil : finite(walk.drawdown)
    days = walk.dailyReturns.count
    let annual = 365.0.squareRoot()
    let daily = Statistics.meanAndDeviation(walk.dailyReturns)
    sharpe = daily.flatMap { ratio($0.mean, $0.deviation) }.flatMap { finite($0 * annual) }
    let downside = Statistics.downsideDeviation(walk.dailyReturns)
    sortino = daily.flatMap { ratio($0.mean, downside) }.flatMap { finite($0 * annual) }
    self.cagr = cagr
    maxDrawdown = drawdown
    calmar = cagr.flatMap { ratio($0, drawdown?.magnitude) }
    exposure = ratio(Double(walk.openPoints), Double(walk.points))

    let realised = trades.map(\.realised.double)
    let won = realised.filter { $0 > 0 }
    let lost = realised.filter { $0 < 0 }
    self.trades = trades.count
    wins = won.count
    losses = lost.count
    winRate = ratio(Double(won.count), Double(trades.count))
    profitFactor = ratio(Statistics.sum(won), Statistics.sum(lost).magnitude)
    expectancy = Statistics.mean(realised).flatMap(finite)
    averageWin = Statistics.mean(won).flatMap(finite)
    averageLoss = Statistics.mean(lost).flatMap(finite)
    best = realised.max()
    worst = realised.min()
    meanHoldingSeconds = Statistics.mean(
      trades.map { Double(($0.exitTime - $0.entryTime).nanoseconds) / 1e9 })
    maxConsecutiveLosses = Self.longestRun(of: realised) { $0 < 0 }
    let returns = trades.map { $0.realised.double / $0.entryNotional.double }
    sqn = Statistics.meanAndDeviation(returns).flatMap {
      ratio(Double(returns.count).squareRoot() * $0.mean, $0.deviation)
    }

    var fees = Money.zero
    var notional = Money.zero
    for fill in fills {
      fees += fill.fee
      notional += fill.notional
    }
    self.fees = fees.double
    turnover = ratio(notional.double, startingCash.double)
  }

  private static func cagr(_ walk: CurveWalk, begin: Timestamp?) -> Double? {
    guard let begin, let end = walk.end, let growth = ratio(walk.last, walk.first) else {
      return nil
    }
    let year = Double(365 * 86_400)
    let span = Double((end - begin).nanoseconds) / 1e9
    return ratio(year, span).flatMap { finite(Statistics.power(growth, $0) - 1) }
  }

  private static func longestRun(of values: [Double], where matches: (Double) -> Bool) -> Int {
    var longest = 0
    var run = 0
    for value in values {
      run = matches(value) ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}

/// What one walk along an equity curve yields.
///
/// Peaks and troughs are found in exact amounts, and only those become doubles: rounding and dividing
/// keep the order, so the least quotient under one peak is that of the least equity. A conversion of
/// 128 bits at every point would take longer than the whole run.
private struct CurveWalk {
  /// The starting cash.
  let first: Double
  /// The last equity; the starting cash where there is no point.
  let last: Double
  /// The time of the last point.
  var end: Timestamp?
  var drawdown = 0.0
  var dailyReturns: [Double] = []
  var points = 0
  var openPoints = 0

  init(_ curve: some Sequence<EquityPoint>, startingCash: Money, interval: TimeSpan) {
    first = startingCash.double
    var latest = startingCash
    var peak = startingCash
    var trough = startingCash
    var day: Int64?
    var previousDayEquity = first
    for point in curve {
      // The candle's day is that of its start; SEMANTICS 2.1.
      let today = Timestamp(nanoseconds: point.time.nanoseconds - interval.nanoseconds).day
      if let day, day != today {
        let equity = latest.double
        dailyReturns.append(equity / previousDayEquity - 1)
        previousDayEquity = equity
      }
      day = today
      points += 1
      if point.isOpen { openPoints += 1 }
      end = point.time
      latest = point.equity
      if latest > peak {
        drawdown = min(drawdown, trough.double / peak.double - 1)
        peak = latest
        trough = latest
      } else if latest < trough {
        trough = latest
      }
    }
    drawdown = min(drawdown, trough.double / peak.double - 1)
    last = latest.double
    if day != nil { dailyReturns.append(last / previousDayEquity - 1) }
  }
}

/// The value, or `nil` where it is not finite.
private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

/// The quotient; `nil` where the denominator is missing or 0, or the result is not finite.
private func ratio(_ numerator: Double, _ denominator: Double?) -> Double? {
  guard let denominator, denominator != 0 else { return nil }
  return finite(numerator / denominator)
}
