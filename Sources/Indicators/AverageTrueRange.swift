/// Averages how far the price travels in a candle, the gap before it included.
///
///     TR = max(high − low, |high − previous close|, |low − previous close|)
///     first value      ATR = the mean of the first `period` true ranges
///     then             ATR ← (ATR·(period − 1) + TR) / period
///
/// - Input: high, low and close of one candle, oldest first, in the quote currency; finite.
/// - Output: `nil` for the first `period` candles, then the average, in the quote currency; never
///   negative where no low is above its high, and 0 in a dead market.
/// - Warm-up: `period + 1` candles: the first has no previous close, and hence, as in TA-Lib, no
///   true range. Wilder's worksheet counts that candle's high − low.
/// - Complexity: O(1) time and memory per candle, no allocation.
/// - Source: J. W. Wilder, *New Concepts in Technical Trading Systems* (1978); TA-Lib's `ATR`.
public struct AverageTrueRange: Indicator {
  /// The parts of a candle that the average needs.
  public struct Input: Hashable, Sendable, Codable {
    /// The highest price.
    public var high: Double

    /// The lowest price.
    public var low: Double

    /// The last price.
    public var close: Double

    /// Makes an input from a candle's parts.
    @inlinable
    public init(high: Double, low: Double, close: Double) {
      self.high = high
      self.low = low
      self.close = close
    }
  }

  /// The number of true ranges in the first average, and the inertia of the later ones.
  public let period: Int

  /// The first value comes with the `period + 1`-th candle.
  public var warmUp: Int { period + 1 }

  @usableFromInline let divisor: Double
  @usableFromInline let weight: Double
  @usableFromInline var missing: Int  // Candles still to come before the first value is out.
  @usableFromInline var previous = 0.0
  @usableFromInline var average = 0.0  // A sum while candles are missing, then the average.

  /// Makes an average over `period` true ranges.
  ///
  /// - Parameter period: At least 1; Wilder used 14.
  public init(period: Int) {
    precondition(period >= 1, "ATR period must be at least 1, was \(period)")
    self.period = period
    divisor = Double(period)
    weight = Double(period - 1)
    missing = period + 1
  }

  /// Takes the next candle, and returns the average at it, or `nil` for the first `period`.
  @inlinable
  public mutating func update(_ candle: Input) -> Double? {
    let gap = max(abs(candle.high - previous), abs(candle.low - previous))
    let range = max(candle.high - candle.low, gap)
    previous = candle.close
    if missing == 0 {
      average = (average * weight + range) / divisor
      return average
    }
    return seed(range)
  }

  @inlinable
  mutating func seed(_ range: Double) -> Double? {
    missing -= 1
    if missing == period { return nil }  // The first candle: `previous` was not a price.
    average += range
    if missing > 0 { return nil }
    average /= divisor
    return average
  }
}
