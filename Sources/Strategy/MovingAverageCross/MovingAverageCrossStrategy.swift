public import Indicators
public import Market

/// Buys when a fast moving average crosses above a slow one, and leaves by a chandelier stop.
///
/// As small as a strategy can be: it is here to be read, and to keep the protocol honest.
public struct MovingAverageCrossStrategy: TradingStrategy {
  /// `sma_cross`.
  public static let name = "sma_cross"
  /// One line for `--help`.
  public static let summary =
    "limit buys at the close when a fast average crosses a slow one; a stop 3 ATR below the top"

  /// The keys of the `strategy` section.
  public static let parameters = [
    Parameter(
      "fast", .integer(Bounds(1...100_000)), default: "20", help: "candles in the fast average"),
    Parameter(
      "slow", .integer(Bounds(2...100_000)), default: "100", help: "candles in the slow average"),
  ]

  @usableFromInline var fast: SimpleMovingAverage
  @usableFromInline var slow: SimpleMovingAverage
  @usableFromInline var range: AverageTrueRange
  /// fast − slow at the latest candle; `nil` before both exist.
  @usableFromInline var lead: Double?
  /// The rule for a position that opens now.
  public private(set) var exit: ChandelierExit

  /// The strategy with these values, before its first candle.
  ///
  /// - Throws: `ParameterError` if the fast average is not shorter than the slow one.
  public init(_ parameters: Parameters, exit: ChandelierExit) throws(ParameterError) {
    let (fast, slow) = (parameters.integer("fast"), parameters.integer("slow"))
    guard fast < slow else {
      throw .contradiction(key: "fast", rule: "\(fast) must be less than slow, which is \(slow)")
    }
    self.fast = SimpleMovingAverage(period: fast)
    self.slow = SimpleMovingAverage(period: slow)
    range = AverageTrueRange(period: exit.period)
    self.exit = exit
  }

  /// A limit buy at a close at which the fast average has just crossed the slow one.
  public mutating func candleClosed(_ candle: Candle) -> EntrySignal? {
    let close = candle.close.double
    let before = lead
    if let fast = fast.update(close), let slow = slow.update(close) { lead = fast - slow }
    guard
      let range = range.update(
        .init(high: candle.high.double, low: candle.low.double, close: close))
    else { return nil }
    exit.distance = Price(nearest: range * exit.multiple)
    guard let before, let now = lead, before <= 0, now > 0, exit.distance > .zero else {
      return nil
    }
    return EntrySignal(reference: candle.close)
  }

  /// The distance of the averages and of the stop.
  public var readings: [Reading] {
    [Reading("lead", lead), Reading("stop_distance", exit.distance.double)]
  }
}
