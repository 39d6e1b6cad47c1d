import Foundation
import Market
import Reporting
import Simulator
import TestKit
import Testing

/// The CSV that `CandleWriter` makes.
func bytes(of candles: some Sequence<Candle>) -> [UInt8] {
  var bytes: [UInt8] = []
  CandleWriter.write(candles) { bytes.append(contentsOf: $0) }
  return bytes
}

@Suite("Synthetic candles")
struct SyntheticCandlesTests {
  static func settings(seed: UInt64) -> SyntheticCandles.Settings {
    var random = SplitMix64(seed: seed)
    let tick = Price(steps: [1, 100, 1_000_000, 50_000_000].randomElement(using: &random) ?? 1)
    return SyntheticCandles.Settings(
      seed: seed, count: 2000,
      interval: TimeSpan(seconds: [60, 300, 3600].randomElement(using: &random) ?? 60),
      startPrice: Price(steps: tick.steps * .random(in: 1...1_000_000, using: &random)), tick: tick,
      volatility: .random(in: 0...0.05, using: &random),
      drift: .random(in: -0.01...0.01, using: &random),
      meanVolume: Quantity(steps: .random(in: 0...1_000_000_000_000, using: &random)),
      gapProbability: .random(in: 0...0.1, using: &random),
      zeroVolumeProbability: .random(in: 0...0.1, using: &random))
  }

  @Test("SplitMix64 gives the published sequence of a seed")
  func splitMix64() {
    var random = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    #expect((0..<3).map { _ in random.next() } == expected)
  }

  @Test("Candles are valid, on the tick, and increase", arguments: Seeds.ofThisRun)
  func valid(seed: UInt64) {
    let settings = Self.settings(seed: seed)
    let candles = Array(SyntheticCandles(settings))
    #expect(candles.count == settings.count, "replay with SEED=\(seed)")
    #expect(candles.first?.open == settings.startPrice)
    for candle in candles {
      #expect(candle.defect(interval: settings.interval) == nil, "replay with SEED=\(seed)")
      for price in [candle.open, candle.high, candle.low, candle.close] {
        #expect(price.steps % settings.tick.steps == 0, "replay with SEED=\(seed)")
      }
    }
    for (earlier, later) in zip(candles, candles.dropFirst()) {
      #expect(earlier.start < later.start, "replay with SEED=\(seed)")
    }
    #expect(Array(SyntheticCandles(settings)) == candles)
  }

  @Test("What is written is read back the same", arguments: Seeds.ofThisRun)
  func roundTrip(seed: UInt64) throws {
    let settings = Self.settings(seed: seed)
    let candles = Array(SyntheticCandles(settings))
    let file = try CandleFile.read(
      from: ScriptedSource(bytes(of: candles)), name: "synthetic.csv",
      options: CandleFileOptions(interval: settings.interval))
    #expect(file.candles == candles, "replay with SEED=\(seed)")
    #expect(file.quality.badRows == 0 && file.quality.roundedVolumes == 0)
  }

  @Test("A seed means these candles, on every platform")
  func golden() {
    let settings = SyntheticCandles.Settings(seed: 42, count: 20_000)
    #expect(
      String(decoding: bytes(of: SyntheticCandles(settings).prefix(3)), as: UTF8.self) == """
        timestamp,open,high,low,close,volume
        1704067200,40000,40000,39858.25,39862.59,6.71135666
        1704067500,39862.59,39862.59,39812.56,39860.49,2.21970883
        1704067800,39860.49,39877.03,39819.68,39848.55,10.36330397

        """)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in bytes(of: SyntheticCandles(settings)) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    #expect(hash == 8_385_780_844_582_038_722)
  }

  @Test("Settings act: no gaps, no zero volumes, mean volume, volatility")
  func settingsAct() {
    var settings = SyntheticCandles.Settings(seed: 7, count: 20_000)
    settings.gapProbability = 0
    settings.zeroVolumeProbability = 0
    let candles = Array(SyntheticCandles(settings))
    let last = settings.start + settings.interval * (settings.count - 1)
    #expect(candles.last?.start == last)
    let mean = candles.reduce(0) { $0 + $1.volume.double } / Double(candles.count)
    #expect(abs(mean - 10) < 0.2)
    let changes = candles.map { $0.close.double / $0.open.double - 1 }
    let deviation = (changes.reduce(0) { $0 + $1 * $1 } / Double(changes.count)).squareRoot()
    #expect((0.0018...0.0024).contains(deviation))
    settings.zeroVolumeProbability = 1
    #expect(SyntheticCandles(settings).allSatisfy { $0.volume == .zero && $0.high == $0.low })
    settings.count = 0
    #expect(Array(SyntheticCandles(settings)).isEmpty)
  }

  @Test("Dips go far below what came before, and recover")
  func dips() {
    let closes = SyntheticCandles(.init(seed: 3)).map(\.close.double)
    var dips = 0
    var index = 12
    while index + 12 < closes.count {
      if closes[index] < closes[index - 12] * 0.985, closes[index + 12] > closes[index] * 1.01 {
        dips += 1
        index += 24
      } else {
        index += 1
      }
    }
    #expect(dips > 20)
  }

  @Test("Absurd drifts end at a tick, or at the greatest price, not in a trap")
  func absurdDrift() {
    for drift in [-1.0, 1.0] {
      let settings = SyntheticCandles.Settings(count: 5000, volatility: 1, drift: drift)
      #expect(
        SyntheticCandles(settings).allSatisfy { $0.defect(interval: settings.interval) == nil })
    }
    let late = SyntheticCandles.Settings(start: Timestamp(seconds: 4_102_444_500))
    #expect(Array(SyntheticCandles(late)).count <= 1)
  }

  @Test("Files are written, and a target that cannot be is named")
  func files() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/synthetic.csv"
      let candles = Array(SyntheticCandles(.init(count: 5000)))
      try CandleWriter.write(candles, toPath: path)
      #expect(try CandleFile.read(path: path).candles == candles)
      try CandleWriter.write(candles.prefix(1), toPath: path)
      #expect(try CandleFile.read(path: path).candles == [candles[0]])
      #expect(throws: CandleWriteError(target: folder, code: EISDIR)) {
        try CandleWriter.write(candles, toPath: folder)
      }
      let full = #expect(throws: CandleWriteError.self) {
        try CandleWriter.write(candles, toPath: "/dev/full")
      }
      #expect(full?.code == ENOSPC)
    }
  }
}
