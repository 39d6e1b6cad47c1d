import Execution
import Market
import Testing

@testable import Reporting

@Suite("The console of several pairs")
struct PortfolioSummaryTests {
  @Test("The summary of the sample portfolio, day by day, in 80 columns")
  func summary() throws {
    let text = PortfolioSummary(SamplePortfolio.make(), breakdowns: [.day]).description
    try expectGolden(text, "sample-portfolio-summary.txt")
  }

  @Test("Eight pairs have a matrix, nine a list of the most correlated")
  func correlations() {
    let eight = PortfolioSummary(SamplePortfolio.idle(8)).description
    #expect(eight.contains("PAIR7") && !eight.contains("candle, the highest"))
    let nine = PortfolioSummary(SamplePortfolio.idle(9)).description
    #expect(nine.contains("candle, the highest"))
  }

  @Test("Of one pair without limits it says what the summary of that pair says")
  func one() throws {
    let run = try GoldenRun(named: "synthetic_coarse_default").result
    let alone = ConsoleSummary(run).sheet.sections
    let portfolio = PortfolioSummary(
      PortfolioResult(
        pairs: [run], groups: [nil], startingCash: run.startingCash, interval: run.interval,
        limits: .off, settings: [], changed: [])
    ).sheet.sections.filter { $0.title != "Limits" }
    #expect(alone.dropFirst() == portfolio.dropFirst())
    #expect(
      alone.first?.rows.map { [$0.label, $0.value] }
        == portfolio.first?.rows.map { [$0.label, $0.value] })
  }

  @Test("Whatever the names and figures, no line is wider than 80 columns")
  func widths() {
    var huge = SamplePortfolio.make()
    huge.groups = [String(repeating: "group", count: 30), "a group of words", nil]
    for index in huge.pairs.indices {
      huge.pairs[index].product.id = "ABCDEFGHIJKLM\(index)-NOPQRSTUVWXYZ"
    }
    let texts = [
      huge, SamplePortfolio.idle(8), SamplePortfolio.idle(30), SamplePortfolio.idle(2, candles: 0),
    ]
    .map { PortfolioSummary($0, breakdowns: CalendarPeriod.allCases).description }
    for line in texts.joined().split(separator: "\n") where line.count > 80 {
      // A word that is wider than the screen cannot be broken.
      #expect(line.split(separator: " ").count == 1, "\(line)")
    }
  }

  @Test("Figures that two decimals cannot tell apart have as many as it takes")
  func close() {
    let refusal = Refusal(
      rule: .maxCorrelatedExposure, value: WideMoney(Money(steps: 2_500_001_000_000_000_000_000)),
      limit: WideMoney(2_500))
    #expect(refusal.shownValue == "2,500.001" && refusal.shownLimit == "2,500.000")
    let count = Refusal(
      rule: .maxPositions, value: WideMoney(count: 3), limit: WideMoney(count: 2))
    #expect(count.shownValue == "3" && count.shownLimit == "2")
  }
}
