import Indicators
import Simulator

/// All that any indicator may want of a candle.
struct SampleCandle: Hashable, Sendable {
  var day: Int64 = 0
  var high: Double
  var low: Double
  var close: Double
  var volume = 1.0

  var forVWAP: VolumeWeightedAveragePrice.Input {
    VolumeWeightedAveragePrice.Input(day: day, high: high, low: low, close: close, volume: volume)
  }

  var forATR: AverageTrueRange.Input {
    AverageTrueRange.Input(high: high, low: low, close: close)
  }

  /// The candle with its prices multiplied by `factor`.
  func scaled(by factor: Double) -> SampleCandle {
    SampleCandle(
      day: day, high: high * factor, low: low * factor, close: close * factor, volume: volume)
  }

  /// A candle that stands at `price`.
  static func flat(at price: Double, day: Int64 = 0, volume: Double = 1) -> SampleCandle {
    SampleCandle(day: day, high: price, low: price, close: price, volume: volume)
  }

  /// A walk in cents with calm stretches, days that change, and candles without volume.
  static func walk(count: Int, seed: UInt64) -> [SampleCandle] {
    var random = SplitMix64(seed: seed)
    var cents = Int.random(in: 1_000...10_000_000, using: &random)
    var day: Int64 = 19_782
    return (0..<count).map { _ in
      if Int.random(in: 0..<40, using: &random) == 0 { day += 1 }
      let step = cents / 200 + 1
      let start = cents
      if Int.random(in: 0..<4, using: &random) > 0 {
        cents = max(1, cents + Int.random(in: -step...step, using: &random))
      }
      let high = max(start, cents) + Int.random(in: 0...step, using: &random)
      let low = max(1, min(start, cents) - Int.random(in: 0...step, using: &random))
      let isQuiet = Int.random(in: 0..<5, using: &random) == 0
      return SampleCandle(
        day: day, high: Double(high) / 100, low: Double(low) / 100, close: Double(cents) / 100,
        volume: isQuiet ? 0 : Double(Int.random(in: 1...1_000_000, using: &random)) / 1e4)
    }
  }

  /// The least and the greatest price that the tests try.
  static let extremePrices = 1e-8...9e10

  /// Flat candles at `extremes`.
  static func extremeCandles(count: Int, seed: UInt64) -> [SampleCandle] {
    extremes(count: count, seed: seed).map { .flat(at: $0) }
  }

  /// Stretches of prices, each near a level of any magnitude from 1e-8 to 9e10.
  static func extremes(count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    var prices: [Double] = []
    while prices.count < count {
      let doublings = Int.random(in: 0...63, using: &random)  // 1e-8 · 2^63 is 9.2e10.
      let level = 1e-8 * Double(sign: .plus, exponent: doublings, significand: 1)
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        let price = level * Double.random(in: 0.95...1.05, using: &random)
        prices.append(min(max(price, extremePrices.lowerBound), extremePrices.upperBound))
      }
    }
    return Array(prices.prefix(count))
  }
}
