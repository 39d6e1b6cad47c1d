import Indicators
import Testing

/// An indicator as the shared suite sees it: candles in, a row of doubles out.
struct Specimen: Sendable, CustomTestStringConvertible {
  /// The components of one value, `nil` where one does not exist, all `nil` where the value does.
  typealias Row = [Double?]?

  /// What a component measures, and hence how it answers to a change of the price's unit.
  enum Dimension: Sendable {
    case price
    case pure
  }

  let testDescription: String
  let warmUp: Int
  let dimensions: [Dimension]

  /// What the components settle at where every candle stands at 1.
  let atRest: [Double]

  /// Rows for `Golden.candles`, worked by hand.
  let golden: [Row]

  let stream: @Sendable ([SampleCandle]) -> [Row]
  let batch: @Sendable ([SampleCandle]) -> [Row]

  /// Feeds the first candles, copies, feeds the copy the third and then the original the second.
  let branch:
    @Sendable ([SampleCandle], [SampleCandle], [SampleCandle]) -> (original: [Row], copy: [Row])

  init<I: Indicator>(
    _ name: String, _ make: @autoclosure @escaping @Sendable () -> I,
    input: @escaping @Sendable (SampleCandle) -> I.Input,
    row: @escaping @Sendable (I.Output) -> [Double?],
    dimensions: [Dimension], atRest: [Double], golden: [[Double?]]
  ) {
    testDescription = name
    let fresh = make()
    warmUp = fresh.warmUp
    self.dimensions = dimensions
    self.atRest = atRest
    self.golden = Array(repeating: nil, count: fresh.warmUp - 1) + golden
    stream = { candles in
      var indicator = make()
      return candles.map { indicator.update(input($0)).map(row) }
    }
    batch = { candles in
      make().values(of: candles.lazy.map(input)).map { $0.map(row) }
    }
    branch = { prefix, left, right in
      var original = make()
      for candle in prefix { _ = original.update(input(candle)) }
      var copy = original
      let onCopy = right.map { copy.update(input($0)).map(row) }
      let onOriginal = left.map { original.update(input($0)).map(row) }
      return (onOriginal, onCopy)
    }
  }
}

extension Specimen {
  /// Every indicator of the module, with periods small enough to work by hand.
  static let all: [Specimen] = [
    Specimen(
      "RSI(2)", RelativeStrengthIndex(period: 2), input: \.close, row: { [$0] },
      dimensions: [.pure], atRest: [50], golden: Golden.rsi2),
    Specimen(
      "EMA(3)", ExponentialMovingAverage(period: 3), input: \.close, row: { [$0] },
      dimensions: [.price], atRest: [1], golden: Golden.ema3),
    Specimen(
      "MACD(3, 7, 3)", MovingAverageConvergenceDivergence(fast: 3, slow: 7, signal: 3),
      input: \.close, row: { [$0.line, $0.signal, $0.histogram] },
      dimensions: [.price, .price, .price], atRest: [0, 0, 0], golden: Golden.macd373),
    Specimen(
      "VWAP", VolumeWeightedAveragePrice(), input: \.forVWAP, row: { [$0] },
      dimensions: [.price], atRest: [1], golden: Golden.vwap),
    Specimen(
      "SMA(4)", SimpleMovingAverage(period: 4), input: \.close, row: { [$0] },
      dimensions: [.price], atRest: [1], golden: Golden.sma4),
    Specimen(
      "ATR(2)", AverageTrueRange(period: 2), input: \.forATR, row: { [$0] },
      dimensions: [.price], atRest: [0], golden: Golden.atr2),
    Specimen(
      "Bollinger(2, 2)", BollingerBands(period: 2, width: 2), input: \.close,
      row: { [$0.lower, $0.middle, $0.upper, $0.deviation] },
      dimensions: [.price, .price, .price, .price], atRest: [1, 1, 1, 0],
      golden: Golden.bollinger2),
  ]
}
