import Execution
import Market
import Reporting
import Testing

@Suite("Costs")
struct CostsTests {
  /// What the trades earned before their fee of 1 each, and the share that the fees are of it.
  private static let shares: [([Money], Double?)] = [
    ([], nil),
    ([-1], nil),  // Nothing before fees.
    ([-21], nil),
    ([9], 0.1),
    ([-1, 7], 0.25),
    ([3, -6, 9], 0.3333333333333333),  // A loss takes from the profit that pays the fees.
    ([-0.5], 2),  // The fees turned it into a loss.
  ].map { (realised: [Double], share) in
    (realised.map { Money(steps: Int128($0 * 10)) }.map { Money(steps: $0.steps * tenth) }, share)
  }
  private static let tenth: Int128 = 100_000_000_000_000_000

  @Test("Fees as a share of the profit before them", arguments: shares)
  func share(_ realised: [Money], _ share: Double?) {
    let costs = Costs(
      trades: realised.map { ClosedTrade(realised: $0) }, makerRate: nil, takerRate: nil,
      slippage: nil)
    #expect(costs.feeShare == share)
    #expect(costs.fees.double == Double(realised.count))
    #expect(costs.makerBreakEven == nil)
    #expect(costs.takerBreakEven == nil)
  }

  @Test("A round trip at the break-even move leaves nothing and costs nothing")
  func breakEven() throws {
    let costs = Costs(
      trades: [], makerRate: try Rate("0.005"), takerRate: try Rate("0.009"),
      slippage: try Rate("0.0001"))
    let maker = try #require(costs.makerBreakEven)
    let taker = try #require(costs.takerBreakEven)
    // Bought at 100 as maker, sold at the market moved so far, slippage and fee taken off.
    #expect(abs(100 * 1.005 - 100 * (1 + maker) * 0.9999 * 0.991) < 1e-9)
    #expect(abs(100 * 1.0001 * 1.009 - 100 * (1 + taker) * 0.9999 * 0.991) < 1e-9)
    #expect(abs(maker - 0.01422856715540) < 1e-8)
  }

  @Test("Without fees the price need not move; a fee of all has no such move")
  func extremes() {
    let free = Costs(trades: [], makerRate: .zero, takerRate: .zero, slippage: .zero)
    #expect(free.makerBreakEven == 0)
    #expect(free.takerBreakEven == 0)
    let all = Costs(trades: [], makerRate: .zero, takerRate: .one, slippage: .zero)
    #expect(all.makerBreakEven == nil)
    #expect(all.takerBreakEven == nil)
  }

  @Test func `a run has the rates of its settings`() {
    let keys = ["maker_rate": "0.004", "taker_rate": "0.006", "slippage": "0"]
    let settings = keys.map { RunResult.Setting(key: "simulation.\($0)", value: $1) }
    let result = RunBuilder().result(candles: [], settings: settings)
    #expect(Costs(result).makerBreakEven == 1.004 / 0.994 - 1)
    #expect(Costs(result).takerBreakEven == 1.006 / 0.994 - 1)
    #expect(Costs(RunBuilder().result(candles: [])).takerBreakEven == nil)
  }
}
