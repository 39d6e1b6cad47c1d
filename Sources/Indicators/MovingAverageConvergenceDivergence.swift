/// Compares a fast with a slow average, and the difference with its own average.
///
///     line = EMA(fast) − EMA(slow)     of the closes
///     signal = EMA(signal)             of the line
///     histogram = line − signal
///
/// Both averages of the closes give their first value at the `slow`-th candle, so the fast one is
/// seeded with the mean of closes `slow − fast + 1 … slow` and lets the earlier ones pass. The
/// signal is seeded with the mean of the first `signal` values of the line.
///
/// - Input: one close per candle, oldest first, in the quote currency; finite.
/// - Output: `nil` for the first `slow − 1` candles, then the line, in the quote currency; signal
///   and histogram join it at candle `slow + signal − 1`. TA-Lib prints no line before that.
/// - Warm-up: `slow` candles to the line, `signalWarmUp` to the signal.
/// - Complexity: O(1) time and memory per candle, no allocation.
/// - Source: SEMANTICS 3.3; G. Appel, *Technical Analysis* (2005); the alignment is TA-Lib's.
public struct MovingAverageConvergenceDivergence: Indicator {
  /// The figures at one candle, all in the quote currency.
  public struct Output: Hashable, Sendable, Codable {
    /// The fast average less the slow one.
    public var line: Double

    /// The line's average, once `signal` lines exist.
    public var signal: Double?

    /// The line less its average, once that exists.
    @inlinable public var histogram: Double? {
      if let signal { line - signal } else { nil }
    }

    /// Makes a value from its parts.
    @inlinable
    public init(line: Double, signal: Double?) {
      self.line = line
      self.signal = signal
    }
  }

  /// The period of the fast average.
  public let fast: Int

  /// The period of the slow average, and the candle at which the line begins.
  public let slow: Int

  /// The period of the line's average.
  public let signal: Int

  /// The first line comes with the `slow`-th close.
  public var warmUp: Int { slow }

  /// The first signal and histogram come with the `slow + signal − 1`-th close.
  public var signalWarmUp: Int { slow + signal - 1 }

  // Fast and slow share a vector: the lanes take the same steps, each rounded as in EMA, and
  // memory sees one store and one load of 16 bytes. As scalars, the optimiser loaded them wide after
  // storing them narrow, which stalls: 10 ns a candle instead of 6.
  @usableFromInline let smoothing: SIMD2<Double>
  @usableFromInline var averages = SIMD2<Double>.zero  // Sums before the `slow`-th close.
  @usableFromInline var missing: Int  // Closes still to come before the first signal is out.
  @usableFromInline var signalAverage: ExponentialMovingAverage

  /// Makes an indicator from its three periods.
  ///
  /// - Parameters:
  ///   - fast: At least 1; 12 by custom.
  ///   - slow: Greater than `fast`; 26 by custom.
  ///   - signal: At least 1; 9 by custom.
  public init(fast: Int, slow: Int, signal: Int) {
    precondition(fast >= 1, "MACD fast period must be at least 1, was \(fast)")
    precondition(
      slow > fast, "MACD slow period must be greater than the fast period \(fast), was \(slow)")
    precondition(signal >= 1, "MACD signal period must be at least 1, was \(signal)")
    self.fast = fast
    self.slow = slow
    self.signal = signal
    smoothing = SIMD2(2 / Double(fast + 1), 2 / Double(slow + 1))
    missing = slow + signal - 1
    signalAverage = ExponentialMovingAverage(period: signal)
  }

  /// Takes the next close, and returns the figures at it, or `nil` before the `slow`-th.
  @inlinable
  public mutating func update(_ close: Double) -> Output? {
    if missing == 0 {
      let (line, signal) = advance(close)
      return Output(line: line, signal: signal)
    }
    return seed(close)
  }

  /// Takes the next close once the signal exists.
  @inlinable @inline(__always)
  package mutating func advance(_ close: Double) -> (line: Double, signal: Double) {
    let line = advanceLine(close)
    return (line, signalAverage.advance(line))
  }

  /// Takes the next close once the line exists, and returns the line at it.
  @inlinable @inline(__always)
  mutating func advanceLine(_ close: Double) -> Double {
    averages += smoothing * (close - averages)
    return averages.x - averages.y
  }

  @inlinable
  mutating func seed(_ close: Double) -> Output? {
    missing -= 1
    let missingToLine = missing - (signal - 1)  // Negative from the second line on.
    if missingToLine < 0 {
      let line = advanceLine(close)
      return Output(line: line, signal: signalAverage.update(line))
    }
    // The fast average starts late, so that both have their first value at the same close.
    if missingToLine < fast { averages.x += close }
    averages.y += close
    if missingToLine > 0 { return nil }
    averages /= SIMD2(Double(fast), Double(slow))
    let line = averages.x - averages.y
    return Output(line: line, signal: signalAverage.update(line))
  }
}
