import Market
import Simulator
import TestKit
import Testing

@Suite("Longer candles from shorter ones")
struct CandleResamplerTests {
  private static let minutes = TimeSpan(seconds: 300)

  /// All that a resampler makes of candles, and what it counted.
  private func resample(
    _ candles: [Candle], from source: Int64 = 300, to interval: Int64, wholeOnly: Bool = false
  ) throws -> (candles: [Candle], counts: CandleResampler.Counts) {
    var resampler = CandleResampler(
      from: TimeSpan(seconds: source), to: TimeSpan(seconds: interval), wholeOnly: wholeOnly)
    var longer: [Candle] = []
    for candle in candles {
      if let done = try resampler.add(candle) { longer.append(done) }
    }
    if let done = resampler.finish() { longer.append(done) }
    #expect(resampler.finish() == nil, "it ends once")
    return (longer, resampler.counts)
  }

  private static let hour: Int64 = 1_704_067_200

  private static let three = [
    candle(hour + 300, 10, 12, 9, 11, 5), candle(hour + 600, 11, 15, 11, 14, 2),
    candle(hour + 3600, 14, 14, 8, 9, 1),
  ]

  @Test func `a bucket opens with its first candle, closes with its last, and adds up`() throws {
    let (candles, counts) = try resample(Self.three, to: 3600)
    #expect(
      candles == [candle(Self.hour, 10, 15, 9, 14, 7), candle(Self.hour + 3600, 14, 14, 8, 9, 1)])
    #expect(counts.read == 3)
    #expect(counts.written == 2)
    #expect(counts.incomplete == 2)
    #expect(counts.dropped == 0)
  }

  @Test func `whole candles only leaves the others out`() throws {
    let all = (0..<30).map { candle(Self.hour + 300 * $0, 10, 12, 9, 11, 5) }
    var missing = all
    missing.remove(at: 14)
    let (candles, counts) = try resample(missing, to: 3600, wholeOnly: true)
    #expect(candles.map(\.start.seconds) == [Self.hour])
    #expect(counts.written == 1)
    #expect(counts.incomplete == 2, "one has a gap, one ends early")
    #expect(counts.dropped == 2)
  }

  @Test func `a bucket without a candle gives none and is counted`() throws {
    let far = Self.three + [candle(Self.hour + 36_000, 1, 1, 1, 1, 1)]
    let (candles, counts) = try resample(far, to: 3600)
    #expect(candles.count == 3)
    #expect(counts.empty == 8)
  }

  @Test func `buckets are counted from 1970, before it too`() throws {
    let (candles, _) = try resample(
      [candle(-600, 1, 1, 1, 1, 1), candle(-300, 2, 2, 2, 2, 1), candle(0, 3, 3, 3, 3, 1)], to: 900)
    #expect(candles.map(\.start.seconds) == [-900, 0])
  }

  @Test func `a sum that no quantity holds is an error and no trap`() throws {
    let start = Timestamp(seconds: Self.hour)
    var huge = candle(Self.hour, 1, 1, 1, 1, .greatest)
    #expect(throws: CandleResampler.Overflow(bucket: start)) {
      try resample([huge, candle(Self.hour + 300, 1, 1, 1, 1, 1)], to: 3600)
    }
    huge.volume -= 1
    #expect(
      try resample([huge, candle(Self.hour + 300, 1, 1, 1, 1, 1)], to: 3600).candles[0].volume
        == .greatest)
  }

  @Test("What comes out is valid, and nothing is lost or made up", arguments: Seeds.ofThisRun)
  func invariants(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(400, using: &random)
    let interval: Int64 = [600, 900, 3600, 7200, 86_400].randomElement(using: &random) ?? 600
    let (longer, counts) = try resample(candles, to: interval)
    for candle in longer {
      #expect(candle.defect(interval: TimeSpan(seconds: interval)) == nil, "SEED=\(seed)")
    }
    for (last, next) in zip(longer, longer.dropFirst()) { #expect(last.start < next.start) }
    #expect(
      longer.reduce(Quantity.zero) { $0 + $1.volume }
        == candles.reduce(Quantity.zero) { $0 + $1.volume }, "SEED=\(seed)")
    #expect(longer.first?.open == candles.first?.open)
    #expect(longer.last?.close == candles.last?.close)
    #expect(longer.map(\.high).max() == candles.map(\.high).max())
    #expect(longer.map(\.low).min() == candles.map(\.low).min())
    // Each against all candles that lie in it, looked up afresh.
    for candle in longer {
      let end = candle.start + TimeSpan(seconds: interval)
      let parts = candles.filter { $0.start >= candle.start && $0.start < end }
      #expect(candle.open == parts.first?.open, "SEED=\(seed)")
      #expect(candle.close == parts.last?.close, "SEED=\(seed)")
      #expect(candle.high == parts.map(\.high).max(), "SEED=\(seed)")
      #expect(candle.low == parts.map(\.low).min(), "SEED=\(seed)")
    }
    let span = (longer.last?.start ?? .testStart) - (longer.first?.start ?? .testStart)
    #expect(counts.written + counts.empty == Int(span.seconds / interval) + 1, "SEED=\(seed)")
    #expect(counts.read == candles.count)
  }

  @Test("Twice is once", arguments: Seeds.ofThisRun)
  func composes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let candles = randomCandles(400, using: &random)
    for (first, second) in [(900, 3600), (600, 86_400), (3600, 7200), (300, 600)]
      as [(Int64, Int64)]
    {
      let once = try resample(candles, to: second).candles
      let half = try resample(candles, to: first).candles
      let twice = try resample(half, from: first, to: second).candles
      #expect(once == twice, "\(first), \(second), replay with SEED=\(seed)")
    }
  }
}
