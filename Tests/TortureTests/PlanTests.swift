import Configuration
import Simulator
import Testing

@testable import Torture

@Suite("The plan of a seed")
struct PlanTests {
  @Test("is the same each time, and a configuration", arguments: 1...200 as ClosedRange<UInt64>)
  func drawn(seed: UInt64) throws {
    let plan = TorturePlan(seed: seed)
    #expect(plan == TorturePlan(seed: seed))
    let settings = try plan.checkedSettings()
    #expect(settings.pairs.map(\.name) == plan.pairs.map(\.name))
    #expect(settings.pairs.allSatisfy { $0.exitTerms != nil })
    #expect(plan.candles.allSatisfy { $0.count == plan.pairs[0].candles.count })
  }

  @Test func `different seeds mean different things`() {
    #expect(Set((1...100).map { TorturePlan(seed: $0).text }).count == 100)
  }
}
