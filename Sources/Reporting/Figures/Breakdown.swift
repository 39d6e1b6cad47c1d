import Execution
public import Market

/// A run day by day, week by week or month by month, in UTC.
///
/// A candle belongs to the period in which it starts (SEMANTICS 2.1), and so do its fills and the
/// trades that they close, those at the very moment of its close included. So a period's equity
/// and its trades speak of the same candles, and the rows add up: each begins with the equity with
/// which the one before it ended, `fees` sum to `Metrics.fees`, `trades` to `Metrics.trades`.
public struct Breakdown: Hashable, Sendable {
  /// One period with candles; a period without any has no row.
  public struct Row: Hashable, Sendable {
    /// When the period begins in the calendar, which may be before the run's first candle.
    public var start: Timestamp
    /// Equity before the period's first candle: that at the end of the row before, or the start.
    public var startEquity: Money
    /// Equity at the close of its last candle, an open position at that close included.
    public var endEquity: Money
    /// What the trades that closed in it realised, after fees.
    public var realised = Money.zero
    /// How many trades closed in it.
    public var trades = 0
    /// Those that realised more than 0.
    public var wins = 0
    /// Those that realised less than 0.
    public var losses = 0
    /// What its fills cost, whether their trades closed in it or not.
    public var fees = Money.zero

    /// End equity / start equity − 1, as a fraction; `nil` where there was nothing at the start.
    public var totalReturn: Double? {
      startEquity == .zero ? nil : endEquity.double / startEquity.double - 1
    }
  }

  /// How long a row is.
  public let period: CalendarPeriod
  /// Oldest first.
  public private(set) var rows: [Row] = []

  /// Groups the equity, fills and trades of a run.
  ///
  /// - Complexity: O(candles + fills).
  public init(_ result: RunResult, by period: CalendarPeriod) {
    self.init(EquityCurve(result), result.startingCash, of: [result], by: period)
  }

  /// Groups the equity of an account, and the fills and trades of all its pairs.
  ///
  /// - Complexity: O(pairs × times at which candles close + fills).
  public init(_ result: PortfolioResult, by period: CalendarPeriod) {
    self.init(PortfolioCurve(result), result.startingCash, of: result.pairs, by: period)
  }

  private init(
    _ curve: some Sequence<EquityPoint>, _ startingCash: Money, of pairs: [RunResult],
    by period: CalendarPeriod
  ) {
    self.period = period
    var last = startingCash
    for point in curve {
      let interval = pairs[0].interval.nanoseconds
      let start = period.start(of: Timestamp(nanoseconds: point.time.nanoseconds - interval))
      if rows.last?.start != start {
        rows.append(Row(start: start, startEquity: last, endEquity: last))
      }
      last = point.equity
      rows[rows.count - 1].endEquity = last
    }
    for pair in pairs { add(pair) }
  }

  /// Adds the fills and trades of a pair to the rows.
  private mutating func add(_ pair: RunResult) {
    var row = 0
    var trades = pair.record.trades[...]
    for (fill, holding) in zip(pair.record.fills, pair.record.holdings) {
      let start = period.start(of: pair.candles[holding.candle].start)
      while row < rows.count - 1, rows[row].start < start { row += 1 }
      rows[row].fees += fill.fee
      if holding.position == .zero, let trade = trades.popFirst() { rows[row].add(trade) }
    }
  }
}

extension Breakdown.Row {
  fileprivate mutating func add(_ trade: ClosedTrade) {
    realised += trade.realised
    trades += 1
    if trade.realised > .zero { wins += 1 }
    if trade.realised < .zero { losses += 1 }
  }
}
