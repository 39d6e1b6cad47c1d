import Indicators
import TestKit
import Testing

@Suite("MACD")
struct MovingAverageConvergenceDivergenceTests {
  static let periods = [(12, 26, 9), (1, 2, 1), (3, 7, 3), (5, 6, 1)]

  @Test("is the page's formula to the bit", arguments: periods, Seeds.ofThisRun)
  func definition(periods: (fast: Int, slow: Int, signal: Int), seed: UInt64) {
    let (fast, slow, signal) = periods
    let closes = SampleCandle.walk(count: 400, seed: seed).map(\.close)
    #expect(
      MovingAverageConvergenceDivergence(fast: fast, slow: slow, signal: signal).values(of: closes)
        == Definitions.macd(closes, fast: fast, slow: slow, signal: signal),
      "replay with SEED=\(seed)")
  }

  @Test("has a line from candle s, a signal and a histogram from s + g − 1", arguments: periods)
  func alignment(fast: Int, slow: Int, signal: Int) {
    let macd = MovingAverageConvergenceDivergence(fast: fast, slow: slow, signal: signal)
    #expect(macd.warmUp == slow)
    #expect(macd.signalWarmUp == slow + signal - 1)
    let values = macd.values(of: SampleCandle.walk(count: 60, seed: 1).map(\.close))
    #expect(values.map { $0 != nil } == (1...60).map { $0 >= slow })
    #expect(values.map { $0?.signal != nil } == (1...60).map { $0 >= slow + signal - 1 })
    #expect(values.map { $0?.histogram != nil } == (1...60).map { $0 >= slow + signal - 1 })
  }

  @Test func `the fast average is seeded with the closes just before the first line`() {
    // Slow (1 + 1 + 1 + 5) / 4 = 2; fast (1 + 5) / 2 = 3. Seeded with the first two closes and
    // carried on, the fast one would be 1, 1, 11/3.
    let macd = MovingAverageConvergenceDivergence(fast: 2, slow: 4, signal: 1)
    #expect(macd.values(of: [1, 1, 1, 5]).last == .init(line: 1, signal: 1))
  }

  /// A ramp of closes in cents whose MACD(12, 26, 9) histogram is a rounding error.
  ///
  /// On a ramp both averages lag by their constant amounts, the line stands still and the histogram
  /// is 0 but for the last bits. At `candle` they carry it from `before` ≤ 0 to `after` > 0, a
  /// buy signal under SEMANTICS 4.2 (b); with a seed formed in another way, they do not. Found by a
  /// seeded search over starts and steps.
  struct Ramp: Sendable, CustomTestStringConvertible {
    var start: Int
    var step: Int
    var candle: Int
    var before: Double
    var after: Double
    var closeMean = Definitions.Mean.oldestToNewest
    var lineMean = Definitions.Mean.oldestToNewest

    var testDescription: String { "\(start) + \(step)·i cents at candle \(candle)" }
    var closes: [Double] { (0..<candle).map { Double(start + step * $0) / 100 } }
  }

  static let ramps = [
    // Closes summed newest to oldest.
    Ramp(
      start: 586_089, step: 124, candle: 38, before: 0, after: 0x1.9ap-41,
      closeMean: .newestToOldest),
    Ramp(
      start: 390_863, step: 286, candle: 35, before: 0, after: 0x1.98p-42,
      closeMean: .newestToOldest),
    Ramp(
      start: 3_516_093, step: 74, candle: 36, before: 0, after: 0x1.99ap-38,
      closeMean: .newestToOldest),
    // A running mean of the closes.
    Ramp(
      start: 4_256_779, step: 110, candle: 35, before: 0, after: 0x1.99ap-38, closeMean: .running),
    Ramp(
      start: 586_089, step: 124, candle: 38, before: 0, after: 0x1.9ap-41, closeMean: .running),
    Ramp(
      start: 1_038_626, step: 115, candle: 35, before: 0, after: 0x1.998p-40, closeMean: .running),
    // The signal's seed, summed newest to oldest.
    Ramp(
      start: 1_938, step: 148, candle: 37, before: 0, after: 0x1.8p-48, lineMean: .newestToOldest),
    Ramp(
      start: 1_080, step: 206, candle: 37, before: -0x1.8p-48, after: 0x1p-49,
      lineMean: .newestToOldest),
    // A running mean of the line.
    Ramp(start: 2_792, step: 180, candle: 40, before: 0, after: 0x1.8p-47, lineMean: .running),
    Ramp(start: 1_299, step: 257, candle: 37, before: 0, after: 0x1.8p-47, lineMean: .running),
  ]

  @Test("a histogram whose sign hangs on the seed's last bit has the page's sign", arguments: ramps)
  func seedsLastBit(ramp: Ramp) {
    let macd = MovingAverageConvergenceDivergence(fast: 12, slow: 26, signal: 9)
    let histograms = macd.values(of: ramp.closes).suffix(2).map { $0?.histogram }
    #expect(histograms == [ramp.before, ramp.after])
    #expect(crosses(histograms))
  }

  @Test("the ramps tell the page's seed from another", arguments: ramps)
  func rampsDiscriminate(ramp: Ramp) {
    let values = Definitions.macd(
      ramp.closes, fast: 12, slow: 26, signal: 9, closeMean: ramp.closeMean,
      lineMean: ramp.lineMean)
    #expect(!crosses(values.suffix(2).map { $0?.histogram }))
  }

  private func crosses(_ histograms: [Double?]) -> Bool {
    guard histograms.count == 2, let before = histograms[0], let after = histograms[1] else {
      return false
    }
    return before <= 0 && after > 0
  }

  /// Periods of which one breaks a rule, and the rule.
  static let mistakes: [(fast: Int, slow: Int, signal: Int, message: String)] = [
    (0, 26, 9, "MACD fast period must be at least 1, was 0"),
    (12, 12, 9, "MACD slow period must be greater than the fast period 12, was 12"),
    (26, 12, 9, "MACD slow period must be greater than the fast period 26, was 12"),
    (12, 26, 0, "MACD signal period must be at least 1, was 0"),
  ]

  @Test("refuses periods that make no MACD", arguments: mistakes)
  func refusesPeriods(fast: Int, slow: Int, signal: Int, message: String) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [fast, slow, signal] in
      _ = MovingAverageConvergenceDivergence(fast: fast, slow: slow, signal: signal)
    }
    expectMessage(message, in: result)
  }
}
