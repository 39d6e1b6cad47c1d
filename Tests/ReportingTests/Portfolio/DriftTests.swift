import Market
import Reporting
import Testing

@Suite("How far shares are from those meant")
struct DriftTests {
  /// Worth of the pair where the account is 1,000 and half of it is meant; threshold; advice.
  static let cases: [(Money, Double, Bool)] = [
    (750, 0.25, false), (750, 0.125, true), (250, 0.125, true), (500, 0.125, false),
  ]

  @Test("Advice begins above the threshold, on either side", arguments: cases)
  func advice(worth: Money, threshold: Double, isAdvised: Bool) throws {
    let drift = try #require(
      Drift(pair: 0, worth: worth, equity: 1_000, target: 0.5, threshold: threshold))
    #expect(drift.isBeyondThreshold == isAdvised)
  }
}
