public import Market

/// How far equity stands below its peak, one point for each candle; SEMANTICS 7.2.
///
///     drawdown_i = equity_i / max(starting cash, equity_0 … equity_i) − 1
///
/// A fraction of at most 0; its least value is `Metrics.maxDrawdown`. 0 throughout where there was
/// no cash to begin with.
public struct DrawdownCurve<Curve: Sequence<EquityPoint> & Sendable>: Sequence, Sendable
where Curve.Iterator: Sendable {
  private let curve: Curve
  private let first: Double

  /// The curve below an account's equity.
  public init(_ curve: Curve, startingCash: Money) {
    self.curve = curve
    first = startingCash.double
  }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator {
    Iterator(points: curve.makeIterator(), peak: first)
  }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    fileprivate var points: Curve.Iterator
    fileprivate var peak: Double

    /// The next point; `nil` after the last.
    public mutating func next() -> Double? {
      guard let equity = points.next()?.equity.double else { return nil }
      peak = Swift.max(peak, equity)
      return peak > 0 ? equity / peak - 1 : 0
    }
  }
}

extension DrawdownCurve<EquityCurve> {
  /// The curve of a run.
  public init(_ result: RunResult) {
    self.init(EquityCurve(result), startingCash: result.startingCash)
  }
}

extension DrawdownCurve<PortfolioCurve> {
  /// The curve of a portfolio's account.
  public init(_ result: PortfolioResult) {
    self.init(PortfolioCurve(result), startingCash: result.startingCash)
  }
}
