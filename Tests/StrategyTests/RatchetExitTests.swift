import Market
import Simulator
import Strategy
import TestKit
import Testing

@Suite struct RatchetExitTests {
  /// The level that the engine compares with means what SEMANTICS 5.4 says, to the last step:
  /// floorTick(p × (1 − trail)) > trigger × (1 + min_ratchet) for it, and not for the step below.
  @Test("The ratchet level is the least price that moves the stop", arguments: Seeds.ofThisRun)
  func level(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      var parameters = Parameters(RatchetExit.parameters)
      try parameters.set("trail", to: "0.\(Int.random(in: 1...999_999, using: &random))")
      try parameters.set(
        "min_ratchet",
        to: Bool.random(using: &random) ? "0" : "0.0\(Int.random(in: 0...9999, using: &random))")
      let rule = RatchetExit(parameters)
      let ticks: [Int64] = [1, 100, 1_000_000, 5_000_000_000]
      let product = Product(
        quoteIncrement: Price(steps: ticks[Int.random(in: 0..<4, using: &random)]))
      let bits = Int64.random(in: 20...55, using: &random)
      let highest = Price(steps: .random(in: 1...(1 << bits), using: &random))
      let trigger = product.atLeastOneTick(rule.trigger(highest: highest, of: product))
      guard let level = rule.ratchetLevel(trigger: trigger, of: product) else { continue }
      #expect(moves(level, trigger, rule, product))
      #expect(!moves(Price(steps: level.steps - 1), trigger, rule, product))
    }
  }

  /// 5.4 as it is written.
  private func moves(
    _ highest: Price, _ trigger: Price, _ rule: RatchetExit, _ product: Product
  ) -> Bool {
    let candidate = product.floorTick(highest, times: rule.trail.complement)
    return Int128(candidate.steps) * Int128(Rate.one.steps)
      > Int128(trigger.steps) * Int128(rule.minRatchet.growth.steps)
  }

  @Test func `trigger and limit are each formed exactly and rounded once`() throws {
    var parameters = Parameters(RatchetExit.parameters)
    try parameters.set("trail", to: "0.0123456789")
    let rule = RatchetExit(parameters)
    let product = Product()
    #expect(rule.trigger(highest: price("101.03"), of: product) == price("99.78"))
    #expect(rule.limit(trigger: price("99.78"), of: product) == price("99.28"))
  }

  @Test func `a level that no price can hold is none`() {
    let rule = RatchetExit(Parameters(RatchetExit.parameters))
    #expect(rule.ratchetLevel(trigger: .greatest, of: Product()) == nil)
  }
}
