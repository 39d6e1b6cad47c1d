import Simulator
import TestKit
import Testing

@testable import Reporting

@Suite("The step that divides all")
struct CommonStepTests {
  static let cases: [([UInt64], UInt64)] = [
    ([], 0), ([0], 0), ([7], 7), ([0, 7, 0], 7), ([6, 4], 2), ([4, 6], 2), ([5, 7], 1),
    ([1_000_000, 3_000_000, 2_500_000], 500_000), ([1, 5], 1), ([.max], .max),
    ([.max, 1], 1), ([1 << 63, 1 << 62], 1 << 62), ([3 << 40, 9 << 41], 3 << 40),
  ]

  @Test("It is the greatest common divisor", arguments: cases)
  func step(of values: [UInt64], is expected: UInt64) {
    var step = CommonStep()
    for value in values { step.add(value) }
    #expect(step.step == expected)
  }

  @Test("It agrees with Euclid, however values come", arguments: Seeds.ofThisRun)
  func agrees(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let unit = UInt64.random(in: 1...1_000_000, using: &random)
      let values = (0..<6).map { _ in unit * .random(in: 0...1_000_000, using: &random) }
      var (step, wide) = (CommonStep(), CommonStep())
      var expected: UInt64 = 0
      for value in values {
        step.add(value)
        wide.add(UInt128(value))
        var (a, b) = (expected, value)
        while b != 0 { (a, b) = (b, a % b) }
        expected = a
      }
      #expect(step.step == expected, "\(values), replay with SEED=\(seed)")
      #expect(wide.step == expected, "\(values), replay with SEED=\(seed)")
    }
  }

  @Test func `what is beyond 64 bits counts by its decimal zeros`() {
    var step = CommonStep()
    step.add(UInt128(3) * 10_000_000_000_000_000_000_000)
    step.add(UInt128(25) * 100_000_000)
    #expect(step.step == 100_000_000 * 25)
    step.add(UInt128(10_000_000_000_000_000_000_000) + 50_000_000)
    #expect(step.step == 50_000_000)
  }
}
