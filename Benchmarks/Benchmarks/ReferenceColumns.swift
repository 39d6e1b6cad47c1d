import Market
import Reference

/// Candles as the reference engine wants them: one column behind the other.
struct ReferenceColumns {
  private let values: [Int64]
  private let count: Int

  init(_ candles: [Candle]) {
    count = candles.count
    values =
      candles.map(\.start.seconds) + candles.map(\.open.steps) + candles.map(\.high.steps)
      + candles.map(\.low.steps) + candles.map(\.close.steps)
      + candles.map { Int64($0.volume.steps) }
  }

  func run() -> reference_outcome {
    values.withUnsafeBufferPointer { values in
      let column = (0..<6).map { index in values.baseAddress.map { $0 + index * count } }
      return reference_engine(
        reference_columns(
          start: column[0], open: column[1], high: column[2], low: column[3], close: column[4],
          volume: column[5]),
        count)
    }
  }
}
