import Market

/// How far equity stands below its peak, one point for each candle; SEMANTICS 7.2.
///
///     drawdown_i = equity_i / max(starting cash, equity_0 … equity_i) − 1
///
/// A fraction of at most 0; its least value is `Metrics.maxDrawdown`. 0 throughout where there was
/// no cash to begin with.
public struct DrawdownCurve: Sequence, Sendable {
  private let curve: EquityCurve
  private let first: Double

  /// The curve of a run.
  public init(_ result: RunResult) {
    curve = EquityCurve(result)
    first = result.startingCash.double
  }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator {
    Iterator(points: curve.makeIterator(), peak: first)
  }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    fileprivate var points: EquityCurve.Iterator
    fileprivate var peak: Double

    /// The next point; `nil` after the last.
    public mutating func next() -> Double? {
      guard let equity = points.next()?.equity.double else { return nil }
      peak = Swift.max(peak, equity)
      return peak > 0 ? equity / peak - 1 : 0
    }
  }
}
