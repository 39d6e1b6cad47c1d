import Configuration
import Foundation
import Simulator
import Strategy
import Testing

@Suite("Mutated files")
struct FuzzTests {
  /// `SEED=42` repeats one run; without it, the same few each time.
  static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] }
    ?? Array(1...20)

  @Test("Any mutation of a valid file gives settings or one-line problems", arguments: seeds)
  func neverCrashes(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let valid = Array(ExampleFile.text(strategies: [.confluence, .breakout]).utf8)
    let marks = Array("[]{}&*!|>'\"%@`#,?:-~ \t\n\r\\\u{0}\u{1B}\u{85}=.<".utf8)
    for _ in 0..<100 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = marks.randomElement(using: &random) ?? 0
        case 2: bytes.insert(marks.randomElement(using: &random) ?? 0, at: place)
        case 3:
          let end = min(bytes.count - 1, place + Int.random(in: 1...40, using: &random))
          bytes.removeSubrange(place..<end)
        default:
          let end = min(bytes.count, place + Int.random(in: 1...200, using: &random))
          bytes.insert(
            contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      do {
        let settings = try load([ConfigurationFile(name: "a.yaml", bytes: bytes)])
        // What was accepted survives being written and read again; a password is not written.
        let again = try load(settings.yaml)
        let told = settings.all.map { $0.parameter.kind == .secret ? "off" : $0.text }
        #expect(again.all.map(\.text) == told, "replay with SEED=\(seed)")
      } catch {
        #expect(!error.problems.isEmpty, "replay with SEED=\(seed)")
        for problem in error.problems {
          let text = problem.description
          #expect(!text.contains { $0.isNewline || $0 == "\u{1B}" }, "replay with SEED=\(seed)")
          #expect(text.hasPrefix("a.yaml:"), "replay with SEED=\(seed)")
          #expect(text.utf8.count < 1000, "replay with SEED=\(seed)")
        }
      }
    }
  }
}
