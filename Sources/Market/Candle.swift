/// What traded in one interval: open, high, low, close, volume.
///
/// Valid candles obey SEMANTICS 2.2; feeds check, so that everything behind them need not.
public struct Candle: Hashable, Sendable {
  /// When the interval begins, UTC, a multiple of the interval.
  public var start: Timestamp
  /// The first price.
  public var open: Price
  /// The greatest price.
  public var high: Price
  /// The least price.
  public var low: Price
  /// The last price.
  public var close: Price
  /// What traded, in base units.
  public var volume: Quantity

  /// A candle of these figures; not checked here.
  @inlinable
  public init(
    start: Timestamp, open: Price, high: Price, low: Price, close: Price, volume: Quantity
  ) {
    self.start = start
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }

  /// High, low, close and volume as the doubles nearest to them; SEMANTICS 1.1.
  ///
  /// What `.double` of each gives, with one question for the four whether they are short enough.
  @inlinable @inline(__always)
  public var doubles: SIMD4<Double> {
    let small = Int64(truncatingIfNeeded: volume.steps)
    let bits = UInt64(bitPattern: high.steps | low.steps | close.steps | small)
    guard bits < 1 << 53, Int128(small) == volume.steps else { return wideDoubles }
    let steps = SIMD4(
      Double(high.steps), Double(low.steps), Double(close.steps), Double(small))
    return steps / 1e8
  }

  /// The same where a figure has more bits than a double, or is negative.
  @usableFromInline @inline(never)
  var wideDoubles: SIMD4<Double> { SIMD4(high.double, low.double, close.double, volume.double) }

  /// The rule of SEMANTICS 2.2 that this candle alone breaks, for a message; `nil` where it is valid.
  public func defect(interval: TimeSpan) -> String? {
    if start.nanoseconds % interval.nanoseconds != 0 {
      return "its start \(start) is no multiple of the interval of \(interval.seconds) s"
    }
    for (name, price) in [("open", open), ("high", high), ("low", low), ("close", close)]
    where price.steps <= 0 {
      return "its \(name) of \(price) is not above 0"
    }
    if low > min(open, close) { return "its low \(low) is above its open or close" }
    if high < max(open, close) { return "its high \(high) is below its open or close" }
    if volume.steps < 0 { return "its volume \(volume) is negative" }
    return nil
  }
}
