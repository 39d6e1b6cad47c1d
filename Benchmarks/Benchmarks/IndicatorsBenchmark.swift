import Indicators
import Market
import Reference

/// Each indicator over all candles, beside a plain loop in C of the same arithmetic.
struct IndicatorsBenchmark {
  let candles: [Candle]
  let rounds: Int

  /// Prints a pair of lines for each indicator whose name contains `wanted`.
  func run(only wanted: String, _ report: inout Report) throws {
    report.heading(
      "indicators: \(candles.count) candles, \(rounds) rounds", unit: "ns", extra: ["M/s"])
    try candles.map(reference_candle.init).withUnsafeBufferPointer { candles in
      for (name, reference, indicator) in Self.pairs where wanted.isEmpty || name.contains(wanted) {
        let subjects = [
          Subject(name: "C: \(name)", units: candles.count) {
            Int(reference(candles.baseAddress, candles.count))
          },
          Subject(name: name, units: candles.count) { Int(indicator(candles)) },
        ]
        let found = try Measurement.all(subjects, rounds: rounds)
        for one in found {
          report.add(
            Figure(
              suite: "indicators", group: name, name: one.name, unit: "ns/candle", rounds: rounds,
              minimum: one.minimum, median: one.median, ratio: one.ratio(to: found[0])),
            extra: ["\(Int(1e3 / one.minimum))"])
        }
      }
    }
  }

  private typealias Candles = UnsafeBufferPointer<reference_candle>
  private typealias Pair = (
    name: String, reference: @Sendable (UnsafePointer<reference_candle>?, Int) -> Double,
    indicator: @Sendable (Candles) -> Double
  )

  private static let pairs: [Pair] = [
    (
      "RSI(14)", reference_rsi,
      { sum($0, RelativeStrengthIndex(period: 14)) { $0.update($1.close) } }
    ),
    (
      "EMA(20)", reference_ema,
      { sum($0, ExponentialMovingAverage(period: 20)) { $0.update($1.close) } }
    ),
    (
      "MACD(12, 26, 9)", reference_macd,
      {
        sum($0, MovingAverageConvergenceDivergence(fast: 12, slow: 26, signal: 9)) {
          $0.update($1.close)?.histogram
        }
      }
    ),
    (
      "VWAP", reference_vwap,
      { sum($0, VolumeWeightedAveragePrice()) { $0.update(.init($1)) } }
    ),
    (
      "SMA(20)", reference_sma,
      { sum($0, SimpleMovingAverage(period: 20)) { $0.update($1.close) } }
    ),
    (
      "ATR(14)", reference_atr,
      {
        sum($0, AverageTrueRange(period: 14)) {
          $0.update(.init(high: $1.high, low: $1.low, close: $1.close))
        }
      }
    ),
    (
      "Bollinger(20, 2)", reference_bollinger,
      { sum($0, BollingerBands(period: 20)) { $0.update($1.close)?.lower } }
    ),
    ("RSI + MACD + VWAP", reference_indicators, { confluence($0) }),
  ]

  @inline(__always)
  private static func sum<I: Indicator>(
    _ candles: Candles, _ indicator: I, _ update: (inout I, reference_candle) -> Double?
  ) -> Double {
    var indicator = indicator
    var sum = 0.0
    for candle in candles { sum += update(&indicator, candle) ?? 0 }
    return sum
  }

  private static func confluence(_ candles: Candles) -> Double {
    var rsi = RelativeStrengthIndex(period: 14)
    var macd = MovingAverageConvergenceDivergence(fast: 12, slow: 26, signal: 9)
    var vwap = VolumeWeightedAveragePrice()
    var sum = 0.0
    for candle in candles {
      sum += rsi.update(candle.close) ?? 0
      sum += macd.update(candle.close)?.histogram ?? 0
      sum += vwap.update(.init(candle)) ?? 0
    }
    return sum
  }
}

extension reference_candle {
  init(_ candle: Candle) {
    self.init(
      high: candle.high.double, low: candle.low.double, close: candle.close.double,
      volume: candle.volume.double, day: Int(candle.start.day))
  }
}

extension VolumeWeightedAveragePrice.Input {
  fileprivate init(_ candle: reference_candle) {
    self.init(
      day: Int64(candle.day), high: candle.high, low: candle.low, close: candle.close,
      volume: candle.volume)
  }
}
