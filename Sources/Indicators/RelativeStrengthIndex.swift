/// Measures how much of the recent price movement was upward.
///
///     U = max(close − previous, 0)     D = max(previous − close, 0)
///     first averages                   Ū, D̄ = the plain means of the first `period` changes
///     then                             Ū ← (Ū·(period − 1) + U) / period, and D̄ likewise
///     RSI = (100·Ū) / (Ū + D̄)          50 where Ū + D̄ = 0
///
/// - Input: one close per candle, oldest first, in the quote currency; finite.
/// - Output: `nil` for the first `period` candles, then a value from 0 to 100, without a unit.
///   A dead market (`Ū + D̄ = 0`) gives 50, since neither side moved; TA-Lib gives 0 there.
///   With `D̄ = 0` the prescribed `(100·Ū) / Ū` rounds twice and may miss 100 by one unit in the
///   last place, on either side: do not test for `== 100`.
/// - Warm-up: `period + 1` candles, since the first close has no change.
/// - Complexity: O(1) time and memory per candle, no allocation.
/// - Source: SEMANTICS 3.1; J. W. Wilder, *New Concepts in Technical Trading Systems* (1978).
public struct RelativeStrengthIndex: Indicator {
  /// The number of changes in the first averages, and the inertia of the later ones.
  public let period: Int

  /// The first value comes with the `period + 1`-th close.
  public var warmUp: Int { period + 1 }

  @usableFromInline let divisor: Double
  @usableFromInline let weight: Double
  @usableFromInline var missing: Int  // Closes still to come before the first value is out.
  @usableFromInline var previous = 0.0
  // Gain and loss: sums while closes are missing, then averages. The lanes of a vector take the
  // same steps, each rounded as written, and share the one slow division.
  @usableFromInline var averages = SIMD2<Double>.zero

  /// Makes an index over `period` changes.
  ///
  /// - Parameter period: At least 1; Wilder used 14.
  public init(period: Int) {
    precondition(period >= 1, "RSI period must be at least 1, was \(period)")
    self.period = period
    divisor = Double(period)
    weight = Double(period - 1)
    missing = period + 1
  }

  /// Takes the next close, and returns the index at it, or `nil` for the first `period` closes.
  @inlinable
  public mutating func update(_ close: Double) -> Double? {
    missing == 0 ? advance(close) : seed(movement(to: close))
  }

  /// Takes the next close of an index that is already warm.
  @inlinable @inline(__always)
  package mutating func advance(_ close: Double) -> Double {
    averages = (averages * weight + movement(to: close)) / divisor
    return value
  }

  /// Gain and loss from the last close to this one.
  @inlinable @inline(__always)
  mutating func movement(to close: Double) -> SIMD2<Double> {
    let change = close - previous
    previous = close
    let gain = max(change, 0)
    return SIMD2(gain, gain - change)  // Exact: of gain and loss one is 0.
  }

  @inlinable
  mutating func seed(_ movement: SIMD2<Double>) -> Double? {
    missing -= 1
    if missing == period { return nil }  // The first close: `previous` was not a price.
    averages += movement
    if missing > 0 { return nil }
    averages /= divisor
    return value
  }

  @inlinable @inline(__always)
  var value: Double {
    let gain = averages.x
    let movement = gain + averages.y
    return movement == 0 ? 50 : (100 * gain) / movement
  }
}
