import Indicators
import Testing

/// SEMANTICS 3.5: agreement with TA-Lib over 600 candles and four days.
@Suite("Against TA-Lib")
struct ReferenceTests {
  let reference: Reference
  let closes: [Double]

  init() throws {
    reference = try Reference.file.get()
    closes = reference.closes
  }

  @Test("the file holds several days, a quiet start of a day, and 600 candles")
  func file() {
    #expect(reference.candles.count == 600)
    #expect(Set(reference.candles.map(\.day)).count == 4)
    let starts = zip(reference.candles, reference.candles.dropFirst()).filter { $0.day != $1.day }
    #expect(starts.contains { $0.1.volume == 0 })
  }

  @Test func `RSI agrees to 1e-9`() throws {
    try expect(RelativeStrengthIndex(period: 14).values(of: closes), agreesWith: "rsi14")
  }

  @Test func `EMA agrees to 1e-9`() throws {
    try expect(ExponentialMovingAverage(period: 12).values(of: closes), agreesWith: "ema12")
  }

  @Test func `MACD, signal and histogram agree to 1e-9 of the close`() throws {
    let macd = MovingAverageConvergenceDivergence(fast: 12, slow: 26, signal: 9)
    // TA-Lib holds the line back until the signal exists.
    let values = macd.values(of: closes).map { $0?.signal == nil ? nil : $0 }
    try expect(values.map { $0?.line }, agreesWith: "macd", per: closes)
    try expect(values.map { $0?.signal }, agreesWith: "signal", per: closes)
    try expect(values.map { $0?.histogram }, agreesWith: "histogram", per: closes)
  }

  @Test func `VWAP agrees to 1e-9 with numpy`() throws {
    let values = VolumeWeightedAveragePrice().values(of: reference.candles.map(\.forVWAP))
    try expect(values, agreesWith: "vwap")
  }

  @Test func `SMA agrees to 1e-9`() throws {
    try expect(SimpleMovingAverage(period: 20).values(of: closes), agreesWith: "sma20")
  }

  @Test func `ATR agrees to 1e-9`() throws {
    let values = AverageTrueRange(period: 14).values(of: reference.candles.map(\.forATR))
    try expect(values, agreesWith: "atr14")
  }

  @Test func `Bollinger bands agree to 1e-9`() throws {
    let values = BollingerBands(period: 20, width: 2).values(of: closes)
    try expect(values.map { $0?.lower }, agreesWith: "lower20")
    try expect(values.map { $0?.middle }, agreesWith: "middle20")
    try expect(values.map { $0?.upper }, agreesWith: "upper20")
  }

  /// Both exist at the same candles, and differ by at most 1e-9 of `scale`, or of the column.
  private func expect(
    _ values: [Double?], agreesWith column: String, per scale: [Double]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try reference.column(column)
    #expect(values.map { $0 == nil } == expected.map { $0 == nil }, sourceLocation: sourceLocation)
    for (row, (value, other)) in zip(values, expected).enumerated() {
      guard let value, let other else { continue }
      let limit = 1e-9 * abs(scale?[row] ?? other)
      #expect(
        abs(value - other) <= limit, "\(column) at candle \(row + 1)",
        sourceLocation: sourceLocation)
    }
  }
}
