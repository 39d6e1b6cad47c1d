public import Market

/// The order in which a candle's extremes are visited; SEMANTICS 6.1.
public enum CandlePath: String, Hashable, Sendable, CaseIterable {
  /// The extreme nearer to the open first; at equal distance the low.
  case nearest
  /// The high first.
  case highFirst = "high-first"
  /// The low first.
  case lowFirst = "low-first"

  /// The four prices at 0, 1/3, 2/3 and 3/3 of the interval.
  @inlinable
  public func points(of candle: Candle) -> (Price, Price, Price, Price) {
    let highFirst =
      switch self {
      case .nearest: candle.high - candle.open < candle.open - candle.low
      case .highFirst: true
      case .lowFirst: false
      }
    return highFirst
      ? (candle.open, candle.high, candle.low, candle.close)
      : (candle.open, candle.low, candle.high, candle.close)
  }
}
