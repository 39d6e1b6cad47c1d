public import Execution
public import Market

/// The account's worth at one candle's close.
public struct EquityPoint: Hashable, Sendable {
  /// The time of the close: the candle's start + the interval.
  public var time: Timestamp
  /// Cash + position × close, exact, after everything that the close led to.
  public var equity: Money
  /// Whether a position was open then.
  public var isOpen: Bool

  /// A point of these figures.
  public init(time: Timestamp, equity: Money, isOpen: Bool) {
    self.time = time
    self.equity = equity
    self.isOpen = isOpen
  }
}

/// Equity over time, one point for each candle; SEMANTICS 7.1.
///
///     equity_i = cash + position × close_i     cash, position: after the last fill up to candle i
///
/// A run keeps the account at its fills only (`RunRecord.holdings`), and this sequence fills in the
/// candles between them as it is walked, so that a run of a million candles stores no curve. Before
/// the first fill the account is the starting cash and nothing else.
///
/// - Complexity: O(1) for each point, without allocation; while nothing is held the cash is the
///   point, without a multiplication.
public struct EquityCurve: Sequence, Sendable {
  private let candles: [Candle]
  private let holdings: [RunRecord.Holding]
  private let startingCash: Money
  private let interval: TimeSpan

  /// The curve of a run.
  public init(_ result: RunResult) {
    self.init(
      candles: result.candles, interval: result.interval, holdings: result.record.holdings,
      startingCash: result.startingCash)
  }

  /// The curve of these candles and holdings, both oldest first.
  public init(
    candles: [Candle], interval: TimeSpan, holdings: [RunRecord.Holding], startingCash: Money
  ) {
    self.candles = candles
    self.interval = interval
    self.holdings = holdings
    self.startingCash = startingCash
  }

  /// How many points there are: one for each candle.
  public var count: Int { candles.count }
  /// As many as there are: known without a walk.
  public var underestimatedCount: Int { candles.count }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    private let curve: EquityCurve
    private var candle = 0
    private var nextHolding = 0
    private var cash: Money
    private var position = Quantity.zero

    fileprivate init(_ curve: EquityCurve) {
      self.curve = curve
      cash = curve.startingCash
    }

    /// The next point; `nil` after the last.
    public mutating func next() -> EquityPoint? {
      guard candle < curve.candles.count else { return nil }
      while nextHolding < curve.holdings.count, curve.holdings[nextHolding].candle <= candle {
        cash = curve.startingCash + curve.holdings[nextHolding].cashFlow
        position = curve.holdings[nextHolding].position
        nextHolding += 1
      }
      let current = curve.candles[candle]
      candle += 1
      let time = current.start + curve.interval
      guard position != .zero else { return EquityPoint(time: time, equity: cash, isOpen: false) }
      return EquityPoint(time: time, equity: cash + current.close * position, isOpen: true)
    }
  }
}
