import Market
import Testing

@testable import Reporting

@Suite("The comparison with a backtest as text")
struct AuditTextTests {
  private static let subject = AuditSubject(
    database: "run.db", kind: "paper", strategy: "confluence", candles: "candles.csv")

  /// A session that won five less than its backtest, where it has a cause.
  private func report(
    _ causes: [AuditReport.Cause] = [], _ differences: [AuditReport.Difference] = []
  ) -> AuditReport {
    AuditReport(
      pairs: ["BTC-USD"], begin: Timestamp(seconds: 1_704_067_200),
      end: Timestamp(seconds: 1_704_157_200), candles: 300, otherCandles: 0, events: 1526,
      cash: 10_000,
      backtest: AuditReport.Side(orders: 13, fills: 4, positions: 2, equity: 9975),
      session: AuditReport.Side(
        orders: 13, fills: 4, positions: 2, equity: causes.isEmpty ? 9975 : 9970),
      causes: causes, differences: differences)
  }

  private func lines(_ report: AuditReport) -> [String] {
    report.text(of: Self.subject).split(separator: "\n").map(String.init)
  }

  @Test func `the verdict keeps what is unexplained beside its word`() {
    #expect(
      lines(report()).suffix(2) == [
        "the same: 13 orders, 4 fills, 2 closed positions, to the last unit;", "unexplained 0",
      ])
  }

  @Test func `both sides of a difference stand in one column, also on the lines below`() {
    let time = Timestamp(seconds: 1_704_110_100)
    let long = "sell 0.01243494 at 39610.25 or better, trigger 39650, filled 2024-01-01 11:55"
    let text = lines(
      report(
        [.init(.price, pair: "BTC-USD", time: time, words: "another price", worth: -5)],
        [
          .init(
            .fill, pair: "BTC-USD", entry: time, name: "exit 9", backtest: long, session: nil,
            cause: 1)
        ]))
    #expect(
      text.contains("    backtest  sell 0.01243494 at 39610.25 or better, trigger 39650, filled"))
    #expect(text.contains("              2024-01-01 11:55"))
    #expect(text.contains("    session   none"))
    #expect(text.allSatisfy { $0.count <= 80 })
    #expect(text.last == "explained: -5 USD of difference by 1 cause; unexplained 0")
  }
}
