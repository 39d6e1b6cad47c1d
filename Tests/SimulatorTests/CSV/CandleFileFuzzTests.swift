import Market
import Simulator
import TestKit
import Testing

@Suite("CSV: mutated files")
struct CandleFileFuzzTests {
  @Test(
    "A mutated file gives valid candles, or an error at a line of the file",
    arguments: Seeds.ofThisRun)
  func mutated(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let original = bytes(of: SyntheticCandles(.init(seed: seed, count: 30)))
    let spice = Array(",;\"\n\r\t .-+eE0123456789nanT:Z\u{0}\u{FF}".utf8)
    for _ in 0..<100 {
      var mutant = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let position = Int.random(in: 0..<mutant.count, using: &random)
        let byte = spice[Int.random(in: 0..<spice.count, using: &random)]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: mutant[position] = byte
        case 1: mutant.insert(byte, at: position)
        case 2: mutant.remove(at: position)
        case 3: mutant.removeSubrange(position..<min(position + 40, mutant.count))
        default: mutant.insert(contentsOf: mutant[position...].prefix(60), at: position)
        }
        if mutant.isEmpty { mutant = [byte] }
      }
      let sizes = (0..<20).map { _ in Int.random(in: 1...200, using: &random) }
      let options = CandleFileOptions(skipsBadRows: .random(using: &random))
      check(mutant, sizes: sizes, options, seed: seed)
    }
  }

  private func check(_ bytes: [UInt8], sizes: [Int], _ options: CandleFileOptions, seed: UInt64) {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(CandleFileError) {
      let file = try CandleFile.read(
        from: ScriptedSource(bytes, sizes: sizes), name: "mutant.csv", options: options)
      #expect(!file.candles.isEmpty)
      for candle in file.candles {
        #expect(
          candle.defect(interval: options.interval) == nil, "replay with SEED=\(seed)\n\(text)")
      }
      for (earlier, later) in zip(file.candles, file.candles.dropFirst()) {
        #expect(earlier.start < later.start, "replay with SEED=\(seed)\n\(text)")
      }
    } catch {
      let lines = 1 + bytes.filter { $0 == 10 || $0 == 13 }.count
      #expect((1...lines).contains(error.line ?? 1), "replay with SEED=\(seed)\n\(text)")
      #expect(!error.description.contains("\n"), "replay with SEED=\(seed)\n\(text)")
    }
  }

  @Test(
    "The short way to a decimal gives what the long one gives, or leaves it to that",
    arguments: Seeds.ofThisRun)
  func plainDecimals(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("0123456789.0123456789.-e".utf8)
    var taken = 0
    for _ in 0..<1000 {
      let bytes = (0..<Int.random(in: 0...22, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      guard let steps = PlainDecimal.steps(bytes.span) else { continue }
      taken += 1
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(try Price(text).steps == steps, "replay with SEED=\(seed): \(text)")
    }
    #expect(taken > 50)
  }
}
