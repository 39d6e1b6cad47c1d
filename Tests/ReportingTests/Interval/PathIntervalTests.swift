import Execution
import Market
import TestKit
import Testing

@testable import Reporting

@Suite("A run with the high first and with the low first")
struct PathIntervalTests {
  typealias Figure = PathInterval.Figure<Int>

  @Test(
    "A figure lies between its two values, whichever is greater",
    arguments: [
      (1, 2, 1...2, PathInterval.Order.highFirst), (2, 1, 1...2, .lowFirst),
      (-1, -2, -2 ... -1, .lowFirst), (3, 3, 3...3, nil), (nil, 1, nil, nil), (1, nil, nil, nil),
      (nil, nil, nil, nil),
    ] as [(Int?, Int?, ClosedRange<Int>?, PathInterval.Order?)])
  func figure(
    high: Int?, low: Int?, range: ClosedRange<Int>?, lesser: PathInterval.Order?
  ) {
    let figure = Figure(highFirst: high, lowFirst: low)
    #expect(figure.range == range)
    #expect(figure.lesser == lesser)
  }

  @Test func `every metric has a row on the screen, and no row is of nothing`() {
    let result = RunBuilder().result(candles: [])
    let names = PathInterval(highFirst: result, lowFirst: result).metrics.map(\.name)
    #expect(PathIntervalSummary.names.sorted() == names.sorted())
    #expect(Set(names).count == names.count)
  }

  @Test func `a run without candles has a summary, and figures that do not exist are dashes`() {
    let result = RunBuilder().result(candles: [])
    let text = PathIntervalSummary(PathInterval(highFirst: result, lowFirst: result)).description
    let lines = text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("  Sharpe ") && $0.hasSuffix("–") })
    #expect(lines.contains { $0.hasPrefix("  Trades ") && $0.hasSuffix("both the same") })
    #expect(lines.allSatisfy { $0.count <= 80 })
  }
}
