/// Averages the day's prices, weighing each candle by its volume.
///
///     tp = (high + low + close) / 3
///     VWAP = Σ(tp·volume) / Σ(volume)     over the candles of the day so far
///     VWAP = tp                           while Σ(volume) = 0
///
/// - Input: one candle, oldest first, with the number of its day. Prices are finite, in the quote
///   currency; volume is finite and not negative, in base units. Any change of the day starts new
///   sums, a step back too.
/// - Output: the average in the quote currency, from the first candle on.
/// - Warm-up: 1 candle. The first day is that of the first candle, whether or not it began there.
/// - Complexity: O(1) time and memory per candle, no allocation.
/// - Source: SEMANTICS 3.4. TA-Lib has no VWAP.
public struct VolumeWeightedAveragePrice: Indicator {
  /// The parts of a candle that the average needs.
  public struct Input: Hashable, Sendable, Codable {
    /// The day of the candle's start: days since 1970-01-01, UTC.
    public var day: Int64

    /// The highest price.
    public var high: Double

    /// The lowest price.
    public var low: Double

    /// The last price.
    public var close: Double

    /// What was traded, in base units.
    public var volume: Double

    /// Makes an input from a candle's parts.
    @inlinable
    public init(day: Int64, high: Double, low: Double, close: Double, volume: Double) {
      self.day = day
      self.high = high
      self.low = low
      self.close = close
      self.volume = volume
    }
  }

  /// The first candle has a value.
  public var warmUp: Int { 1 }

  // While the sums are 0, no reset can be told from none: any number serves as the first day.
  @usableFromInline var day: Int64 = 0
  @usableFromInline var turnover = 0.0  // Σ(tp·volume) of the day, in the quote currency.
  @usableFromInline var volume = 0.0
  @usableFromInline var typical = 0.0  // tp of the latest candle.

  /// Makes an average that has seen no candle.
  public init() {}

  /// Takes the next candle, and returns the average of its day up to it; never `nil`.
  @inlinable
  public mutating func update(_ candle: Input) -> Double? {
    advance(candle)
    return value
  }

  /// Takes the next candle; who wants the average asks for `value`, which costs a division.
  @inlinable @inline(__always)
  package mutating func advance(_ candle: Input) {
    if candle.day != day {
      day = candle.day
      turnover = 0
      volume = 0
    }
    typical = (candle.high + candle.low + candle.close) / 3
    turnover += typical * candle.volume
    volume += candle.volume
  }

  /// The average of the latest candle's day up to it; 0 before the first candle.
  @inlinable
  package var value: Double { volume == 0 ? typical : turnover / volume }
}
