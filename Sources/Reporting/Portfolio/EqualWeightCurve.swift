import Execution
import Market

/// The yardstick of a portfolio: the starting cash in equal parts, each spent on its pair at that
/// pair's first open and held to the end, without fees.
///
///     worth = Σ over pairs of part × the pair's latest close / its first open
///
/// A part whose pair has not begun is cash. One point for each time at which candles close, as in
/// `PortfolioCurve`. Parts and worths are rounded down to the last decimal of an amount.
///
/// - Complexity: O(pairs) for each point, without allocation.
public struct EqualWeightCurve: Sequence, Sendable {
  private let candles: [[Candle]]
  private let startingCash: Money
  private let interval: TimeSpan

  /// The curve beside a run.
  public init(_ result: PortfolioResult) {
    candles = result.pairs.map(\.candles)
    startingCash = result.startingCash
    interval = result.interval
  }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    private let curve: EqualWeightCurve
    private let part: Money
    /// What cannot be divided.
    private let rest: Money
    private var places: [Int]
    private var worths: [Money]

    fileprivate init(_ curve: EqualWeightCurve) {
      self.curve = curve
      let count = Int128(curve.candles.count)
      part = Money(steps: curve.startingCash.steps / count)
      rest = curve.startingCash - Money(steps: part.steps * count)
      places = curve.candles.map { _ in 0 }
      worths = curve.candles.map { [part] _ in part }
    }

    /// The next point; `nil` after the last.
    public mutating func next() -> EquityPoint? {
      var earliest: Timestamp?
      for pair in places.indices where places[pair] < curve.candles[pair].count {
        let start = curve.candles[pair][places[pair]].start
        earliest = Swift.min(earliest ?? start, start)
      }
      guard let start = earliest else { return nil }
      var equity = rest
      for pair in places.indices {
        if places[pair] < curve.candles[pair].count,
          curve.candles[pair][places[pair]].start == start
        {
          let close = curve.candles[pair][places[pair]].close
          worths[pair] = part.scaled(by: close, over: curve.candles[pair][0].open)
          places[pair] += 1
        }
        equity += worths[pair]
      }
      return EquityPoint(time: start + curve.interval, equity: equity, isOpen: true)
    }
  }
}

extension Money {
  /// `self × price / base`, rounded down; what no amount can hold is the amount itself.
  fileprivate func scaled(by price: Price, over base: Price) -> Money {
    let product = steps.magnitude.multipliedFullWidth(by: UInt128(price.steps.magnitude))
    let divisor = UInt128(base.steps.magnitude)
    guard product.high < divisor else { return self }
    let quotient = divisor.dividingFullWidth((product.high, product.low)).quotient
    return Int128(exactly: quotient).map(Money.init(steps:)) ?? self
  }
}

extension Metrics {
  /// The figures of `EqualWeightCurve`: those of equity only.
  public static func ofBuyAndHold(_ result: PortfolioResult) -> Metrics? {
    guard let begin = result.begin else { return nil }
    return Metrics(
      curve: EqualWeightCurve(result), startingCash: result.startingCash,
      interval: result.interval, begin: begin, fills: [], trades: [])
  }
}
