import Execution
import Market
import Reporting
import Testing

@Suite("Buying and holding equal parts")
struct EqualWeightCurveTests {
  private func run(_ closes: [Price], from start: Int64 = 0) -> RunResult {
    RunBuilder().result(
      candles: closes.enumerated().map { Candle(start: start + Int64($0) * 300, flat: $1) })
  }

  private func portfolio(_ pairs: [RunResult], cash: Money = 10_000) -> PortfolioResult {
    PortfolioResult(
      pairs: pairs, groups: pairs.map { _ in nil }, startingCash: cash,
      interval: TimeSpan(seconds: 300), limits: .off, settings: [], changed: [])
  }

  @Test("Half in each: one doubles, the other is cut in half")
  func halves() {
    let curve = EqualWeightCurve(portfolio([run([10, 15, 20]), run([8, 6, 4])]))
    #expect(curve.map(\.equity) == [10_000, 11_250, 12_500])
    #expect(curve.map(\.time.seconds) == [300, 600, 900])
  }

  @Test("A part whose pair has not begun is cash, one whose pair has ended stays at its last close")
  func spans() {
    let curve = EqualWeightCurve(portfolio([run([10, 20]), run([5, 10, 15], from: 300)]))
    #expect(curve.map(\.equity) == [10_000, 15_000, 20_000, 25_000])
  }

  @Test("What cannot be divided stays cash: nothing is lost while prices stand still")
  func remainder() {
    let curve = EqualWeightCurve(portfolio([run([7]), run([9]), run([3])], cash: 100))
    #expect(curve.map(\.equity) == [100])
  }

  @Test("Of one pair it is buying and holding that pair")
  func one() throws {
    let single = run([100, 130, 91])
    let many = try #require(Metrics.ofBuyAndHold(portfolio([single])))
    let alone = try #require(Metrics.ofBuyAndHold(single))
    #expect(many.totalReturn == alone.totalReturn && many.maxDrawdown == alone.maxDrawdown)
  }

  @Test("Without candles there is none")
  func nothing() {
    #expect(Metrics.ofBuyAndHold(portfolio([run([]), run([])])) == nil)
    #expect(Array(EqualWeightCurve(portfolio([run([])]))) == [])
  }
}
