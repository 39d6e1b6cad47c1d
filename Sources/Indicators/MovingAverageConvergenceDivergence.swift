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
  public struct Output: Hashable, Sendable {
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

  @usableFromInline var fastAverage: ExponentialMovingAverage
  @usableFromInline var slowAverage: ExponentialMovingAverage
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
    fastAverage = ExponentialMovingAverage(period: fast)
    slowAverage = ExponentialMovingAverage(period: slow)
    signalAverage = ExponentialMovingAverage(period: signal)
  }

  /// Takes the next close, and returns the figures at it, or `nil` before the `slow`-th.
  @inlinable
  public mutating func update(_ close: Double) -> Output? {
    if signalAverage.missing == 0 {  // Then all three are warm: one branch instead of three.
      let line = fastAverage.advance(close) - slowAverage.advance(close)
      return Output(line: line, signal: signalAverage.advance(line))
    }
    return seed(close)
  }

  @inlinable
  mutating func seed(_ close: Double) -> Output? {
    // The fast average starts late, so that both have their first value at the same close.
    let fastValue = slowAverage.missing <= fast ? fastAverage.update(close) : nil
    guard let slowValue = slowAverage.update(close), let fastValue else { return nil }
    let line = fastValue - slowValue
    return Output(line: line, signal: signalAverage.update(line))
  }
}
