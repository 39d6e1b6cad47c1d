import Indicators

/// The formulas once more, as plain loops over whole arrays: slow, and easy to compare with the page.
enum Definitions {
  /// A way to form the mean of a seed, of which only `.oldestToNewest` is the page's.
  enum Mean: Sendable {
    case oldestToNewest
    case newestToOldest
    case running

    func callAsFunction(_ values: some BidirectionalCollection<Double>) -> Double {
      switch self {
      case .oldestToNewest:
        return values.reduce(0, +) / Double(values.count)
      case .newestToOldest:
        return values.reversed().reduce(0, +) / Double(values.count)
      case .running:
        var mean = 0.0
        for (index, value) in values.enumerated() { mean += (value - mean) / Double(index + 1) }
        return mean
      }
    }
  }

  /// SEMANTICS 3.1.
  static func rsi(_ closes: [Double], period: Int) -> [Double?] {
    let changes = zip(closes.dropFirst(), closes).map { $0 - $1 }
    let gains = wilder(changes.map { max($0, 0) }, period: period)
    let losses = wilder(changes.map { max(-$0, 0) }, period: period)
    let values: [Double?] = zip(gains, losses).map { gain, loss in
      guard let gain, let loss else { return nil }
      return gain + loss == 0 ? 50 : (100 * gain) / (gain + loss)
    }
    return [nil] + values
  }

  /// SEMANTICS 3.2.
  static func ema(
    _ values: some BidirectionalCollection<Double>, period: Int, mean: Mean = .oldestToNewest
  ) -> [Double?] {
    guard values.count >= period else { return values.map { _ in nil } }
    let k = 2.0 / Double(period + 1)
    var ema = mean(values.prefix(period))
    var result: [Double?] = Array(repeating: nil, count: period - 1) + [ema]
    for x in values.dropFirst(period) {
      ema = ema + k * (x - ema)
      result.append(ema)
    }
    return result
  }

  /// SEMANTICS 3.3; `closeMean` seeds both averages of the closes, `lineMean` the signal.
  static func macd(
    _ closes: [Double], fast: Int, slow: Int, signal: Int,
    closeMean: Mean = .oldestToNewest, lineMean: Mean = .oldestToNewest
  ) -> [MovingAverageConvergenceDivergence.Output?] {
    let late = ema(closes.dropFirst(slow - fast), period: fast, mean: closeMean)
    let fastValues = Array(repeating: nil, count: slow - fast) + late
    let slowValues = ema(closes, period: slow, mean: closeMean)
    let lines = zip(fastValues, slowValues).compactMap { fast, slow -> Double? in
      guard let fast, let slow else { return nil }
      return fast - slow
    }
    let signals = ema(lines, period: signal, mean: lineMean)
    return Array(repeating: nil, count: closes.count - lines.count)
      + zip(lines, signals).map { .init(line: $0, signal: $1) }
  }

  /// SEMANTICS 3.4.
  static func vwap(_ candles: [SampleCandle]) -> [Double] {
    candles.indices.map { last in
      let first = candles[...last].lastIndex { $0.day != candles[last].day }.map { $0 + 1 } ?? 0
      let day = candles[first...last]
      let typical = day.map { ($0.high + $0.low + $0.close) / 3 }
      let turnover = zip(typical, day).reduce(0) { $0 + $1.0 * $1.1.volume }
      let volume = day.reduce(0) { $0 + $1.volume }
      return volume == 0 ? typical[typical.count - 1] : turnover / volume
    }
  }

  static func atr(_ candles: [SampleCandle], period: Int) -> [Double?] {
    let ranges = zip(candles, candles.dropFirst()).map { previous, candle in
      max(
        candle.high - candle.low, abs(candle.high - previous.close),
        abs(candle.low - previous.close))
    }
    return [nil] + wilder(ranges, period: period)
  }

  /// The mean and the population's deviation of each window, in the two passes of SEMANTICS 1.1.
  static func windows(_ values: [Double], period: Int) -> [(mean: Double, deviation: Double)?] {
    values.indices.map { last in
      guard last + 1 >= period else { return nil }
      let window = values[(last + 1 - period)...last]
      let mean = window.reduce(0, +) / Double(period)
      let squares = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, (squares / Double(period)).squareRoot())
    }
  }

  private static func wilder(_ values: [Double], period: Int) -> [Double?] {
    guard values.count >= period else { return values.map { _ in nil } }
    var average = values.prefix(period).reduce(0, +) / Double(period)
    var result: [Double?] = Array(repeating: nil, count: period - 1) + [average]
    for x in values.dropFirst(period) {
      average = (average * Double(period - 1) + x) / Double(period)
      result.append(average)
    }
    return result
  }
}
