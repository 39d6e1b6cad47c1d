import Execution
import Market
import Reporting
import Testing

@Suite("Counts")
struct CountsTests {
  @Test("Everything is counted where it belongs")
  func all() {
    let counts = Counts(SampleRun.make().record)
    #expect(counts.signals == 4 && counts.entries == 2)
    #expect(counts.skipped == [.position: 1, .size: 1])
    #expect(counts.orders == 5 && counts.fills == 4 && counts.partialFills == 2)
    #expect(counts.trades == 1 && counts.ratchets == 1)
    #expect(counts.exitReasons == [.escalated: 1])
  }
}
