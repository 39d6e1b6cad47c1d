/// Eleven candles, and the indicators at them: worked by hand from SEMANTICS 3, exact doubles.
///
/// The periods make the smoothing factors powers of two (3 gives 1/2, 7 gives 1/4), so nearly all
/// steps are exact, and where one is not, the quotient is written out.
enum Golden {
  static let candles = [
    SampleCandle(day: 5, high: 9, low: 7, close: 8, volume: 0),
    SampleCandle(day: 5, high: 10, low: 8, close: 9, volume: 1),
    SampleCandle(day: 5, high: 11, low: 9, close: 10, volume: 3),
    SampleCandle(day: 5, high: 13, low: 11, close: 12, volume: 0),
    SampleCandle(day: 6, high: 14, low: 12, close: 13, volume: 0),
    SampleCandle(day: 6, high: 15, low: 13, close: 14, volume: 2),
    SampleCandle(day: 6, high: 19, low: 13, close: 18, volume: 0),
    SampleCandle(day: 6, high: 17, low: 15, close: 16, volume: 2),
    SampleCandle(day: 4, high: 16, low: 9, close: 10, volume: 0),
    SampleCandle(day: 4, high: 21, low: 12, close: 20, volume: 0),
    SampleCandle(day: 4, high: 15, low: 13, close: 14, volume: 5),
  ]

  /// Changes 1 1 2 1 1 4 −2 −6 10 −6; averages of two.
  static let rsi2: [[Double?]] = [
    [100], [100], [100], [100], [100],
    [128.125 / 2.28125],  // 1.28125 gained, 1 lost.
    [64.0625 / 4.140625],
    [532.03125 / 7.0703125],
    [266.015625 / 6.53515625],
  ]

  /// Seed (8 + 9 + 10) / 3, then halfway to each close.
  static let ema3: [[Double?]] = [
    [9], [10.5], [11.75], [12.875], [15.4375], [15.71875], [12.859375], [16.4296875], [15.21484375],
  ]

  /// Seeds at the 7th candle: slow 84 / 7 = 12, fast (13 + 14 + 18) / 3 = 15; signal 6 / 3 = 2.
  static let macd373: [[Double?]] = [
    [3, nil, nil],
    [2.5, nil, nil],  // 15.5 − 13
    [0.5, 2, -1.5],  // 12.75 − 12.25
    [2.1875, 2.09375, 0.09375],  // 16.375 − 14.1875
    [1.046875, 1.5703125, -0.5234375],  // 15.1875 − 14.140625
  ]

  /// Two days of which each begins without volume, then a step back without any but at its end.
  static let vwap: [[Double?]] = [
    [8], [9], [9.75], [9.75],
    [13], [14], [14], [15],
    [35.0 / 3], [53.0 / 3], [14],
  ]

  static let sma4: [[Double?]] = [[9.75], [11], [12.25], [14.25], [15.25], [14.5], [16], [15]]

  /// True ranges, from the second candle: 2 2 3 2 2 6 3 7 11 7.
  static let atr2: [[Double?]] = [
    [2], [2.5], [2.25], [2.125], [4.0625], [3.53125], [5.265625], [8.1328125], [7.56640625],
  ]

  /// Of two values the deviation is half their distance.
  static let bollinger2: [[Double?]] = [
    [7.5, 8.5, 9.5, 0.5],
    [8.5, 9.5, 10.5, 0.5],
    [9, 11, 13, 1],
    [11.5, 12.5, 13.5, 0.5],
    [12.5, 13.5, 14.5, 0.5],
    [12, 16, 20, 2],
    [15, 17, 19, 1],
    [7, 13, 19, 3],
    [5, 15, 25, 5],
    [11, 17, 23, 3],
  ]
}
