import Market
import Reporting
import Testing

@Suite("Console")
struct ConsoleTests {
  @Test("The summary of the sample run, in 80 columns")
  func summary() throws {
    let text = ConsoleSummary(SampleRun.make()).description
    try expectGolden(text, "sample-run-summary.txt")
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("The summary of a run of nothing")
  func nothing() throws {
    let result = RunBuilder().result(candles: [])
    try expectGolden(ConsoleSummary(result).description, "no-candles-summary.txt")
  }

  @Test("The trades of a run, in 100 columns")
  func trades() throws {
    let result = try GoldenRun(named: "synthetic_coarse_default").result
    let text = TradesTable(result).description
    try expectGolden(text, "synthetic-coarse-trades.txt")
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    #expect(TradesTable(RunBuilder().result(candles: [])).description == "No closed trades.\n")
  }

  @Test("The summary of a run that ends with a position and its stop")
  func working() throws {
    let result = try GoldenRun(named: "partial_entry").result
    try expectGolden(ConsoleSummary(result).description, "partial-entry-summary.txt")
  }

  @Test("The summary of a long run")
  func long() throws {
    let result = try GoldenRun(named: "synthetic_coarse_default").result
    try expectGolden(ConsoleSummary(result).description, "synthetic-coarse-summary.txt")
  }
}
