public import Indicators
public import Market

/// Buys when RSI, MACD and VWAP agree at a candle's close; SEMANTICS 4.2.
///
///     (a) some RSI of the last `window` candles ≤ oversold, RSI rises, the close rises
///     (b) histogram > 0, having crossed from ≤ 0 within the last `window` candles
///     (c) close ≤ VWAP · (1 − vwap_discount)
///
/// Values that do not exist yet satisfy nothing. Candles count by arrival, not by the clock. The
/// part that decides, without terms of an order: strategies of your own may ask it too.
///
/// - Complexity: O(1) time and memory per candle, whatever the window; no allocation.
public struct ConfluenceEntry: Sendable, Codable {
  @usableFromInline var rsi: RelativeStrengthIndex
  @usableFromInline var macd: MovingAverageConvergenceDivergence
  @usableFromInline var vwap = VolumeWeightedAveragePrice()
  @usableFromInline let oversold: Double
  @usableFromInline let window: Int
  /// 1 − vwap_discount, formed exactly and rounded once.
  @usableFromInline let discountFactor: Double

  /// Candles seen so far, the current one included.
  @usableFromInline var count = 0
  /// The candle from which on every indicator has a value.
  @usableFromInline let warmUp: Int
  @usableFromInline var lastClose = Price.zero
  /// The latest values; not a number before they exist, and so neither above nor below anything.
  @usableFromInline var lastRSI = Double.nan
  @usableFromInline var lastLine = Double.nan
  @usableFromInline var lastSignal = Double.nan
  /// The `count` after which a dip or a crossing is too old: an event at candle j serves up to
  /// candle j + window − 1.
  @usableFromInline var dipServesUntil = 0
  @usableFromInline var crossServesUntil = 0

  /// The keys of SEMANTICS 4.1 that belong to the decision.
  public static let parameters = [
    Parameter(
      "rsi_period", .integer(Bounds(1...100_000)), default: "14",
      help: "candles in the averages of the RSI"),
    Parameter(
      "rsi_oversold", .number(Bounds(0...100)), default: "30",
      help: "the RSI at or below which the market counts as oversold, 0 to 100"),
    Parameter(
      "macd_fast", .integer(Bounds(1...100_000)), default: "12",
      help: "candles in the fast average of the MACD"),
    Parameter(
      "macd_slow", .integer(Bounds(2...100_000)), default: "26",
      help: "candles in the slow average of the MACD"),
    Parameter(
      "macd_signal", .integer(Bounds(1...100_000)), default: "9",
      help: "candles in the average of the MACD line"),
    Parameter(
      "window", .integer(Bounds(1...1_000_000)), default: "12",
      help: "candles within which the dip of the RSI and the crossing of the MACD may lie"),
    Parameter(
      "vwap_discount", .rate(Bounds(.excluded(-1), .excluded(1))), default: "0",
      help: "how far below the day's VWAP the close must be, as a fraction"),
  ]

  /// A rule with these values, before its first candle.
  ///
  /// - Throws: `ParameterError` if the fast average is not shorter than the slow one.
  public init(_ parameters: Parameters) throws(ParameterError) {
    let fast = parameters.integer("macd_fast")
    let slow = parameters.integer("macd_slow")
    guard fast < slow else {
      throw .contradiction(
        key: "macd_fast", rule: "\(fast) must be less than macd_slow, which is \(slow)")
    }
    rsi = RelativeStrengthIndex(period: parameters.integer("rsi_period"))
    macd = MovingAverageConvergenceDivergence(
      fast: fast, slow: slow, signal: parameters.integer("macd_signal"))
    warmUp = max(rsi.warmUp, macd.signalWarmUp)
    oversold = parameters.number("rsi_oversold")
    window = parameters.integer("window")
    discountFactor = parameters.rate("vwap_discount").complement.double
  }

  /// Takes the next closed candle and says whether the three agree.
  @inlinable @inline(__always)
  public mutating func candleClosed(_ candle: Candle) -> Bool {
    count += 1
    let (rsiBefore, histogramBefore) = (lastRSI, lastLine - lastSignal)
    let prices = candle.doubles
    let close = prices.z
    vwap.advance(
      .init(
        day: candle.start.day, high: prices.x, low: prices.y, close: close, volume: prices.w))
    if count > warmUp {
      lastRSI = rsi.advance(close)
      (lastLine, lastSignal) = macd.advance(close)
    } else {
      warm(close)
    }
    let histogram = lastLine - lastSignal
    let rises = candle.close > lastClose
    lastClose = candle.close

    if lastRSI <= oversold { dipServesUntil = count + window }
    if histogramBefore <= 0, histogram > 0 { crossServesUntil = count + window }
    // Mostly one of the two is too old: the branch that spares the others and their divisions.
    guard count < min(dipServesUntil, crossServesUntil) else { return false }
    guard rises, histogram > 0, lastRSI > rsiBefore else { return false }
    return close <= vwap.value * discountFactor
  }

  @usableFromInline
  mutating func warm(_ close: Double) {
    lastRSI = rsi.update(close) ?? .nan
    let output = macd.update(close)
    lastLine = output?.line ?? .nan
    lastSignal = output?.signal ?? .nan
  }

  /// RSI, MACD and VWAP at the latest candle.
  public var readings: [Reading] {
    func value(_ number: Double) -> Double? { number.isNaN ? nil : number }
    return [
      Reading("rsi", value(lastRSI)), Reading("macd", value(lastLine)),
      Reading("signal", value(lastSignal)), Reading("histogram", value(lastLine - lastSignal)),
      Reading("vwap", count == 0 ? nil : vwap.value),
    ]
  }
}
