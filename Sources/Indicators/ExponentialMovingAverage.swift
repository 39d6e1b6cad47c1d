/// Averages all values so far, weighing recent ones more.
///
///     k = 2 / (period + 1)
///     first value      ema = the mean of the first `period` values
///     then             ema ← ema + k·(x − ema)
///
/// - Input: one value per candle, oldest first, of any unit; finite.
/// - Output: `nil` for the first `period − 1` inputs, then the average, in the unit of the input.
///   A period of 1 (`k = 1`) follows its input, to within a rounding.
/// - Warm-up: `period` inputs. Their sum runs oldest to newest and is divided once: the seed's
///   last bit stays in every later value, and can decide the sign of a difference of averages.
/// - Complexity: O(1) time and memory per input, no allocation.
/// - Source: SEMANTICS 3.2; TA-Lib's `EMA` (its default compatibility).
public struct ExponentialMovingAverage: Indicator {
  /// The number of values in the seed, and the average's nominal length.
  public let period: Int

  /// The first value comes with the `period`-th input.
  public var warmUp: Int { period }

  @usableFromInline let smoothing: Double
  @usableFromInline var missing: Int  // Inputs still to come before the first value is out.
  @usableFromInline var average = 0.0  // A sum while inputs are missing, then the average.

  /// Makes an average with the smoothing factor `2 / (period + 1)`.
  ///
  /// - Parameter period: At least 1.
  public init(period: Int) {
    precondition(period >= 1, "EMA period must be at least 1, was \(period)")
    self.period = period
    smoothing = 2 / Double(period + 1)
    missing = period
  }

  /// Takes the next value, and returns the average at it, or `nil` before the `period`-th.
  @inlinable
  public mutating func update(_ value: Double) -> Double? {
    missing == 0 ? advance(value) : seed(value)
  }

  /// Takes the next value of an average that is already warm.
  @inlinable @inline(__always)
  mutating func advance(_ value: Double) -> Double {
    average += smoothing * (value - average)
    return average
  }

  @inlinable
  mutating func seed(_ value: Double) -> Double? {
    missing -= 1
    average += value
    if missing > 0 { return nil }
    average /= Double(period)
    return average
  }
}
