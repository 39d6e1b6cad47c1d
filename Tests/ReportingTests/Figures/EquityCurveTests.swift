import Execution
import Market
import Reporting
import Simulator
import Testing

@Suite("Equity curve")
struct EquityCurveTests {
  @Test("Before the first fill it is the starting cash, then cash + position × close")
  func byHand() {
    var run = RunBuilder(cash: 1000)
    let entry = run.submit(.entry, limit: 100, quantity: 2, at: Timestamp(seconds: 300))
    run.fill(
      entry, price: 100, quantity: 2, fee: 1, candle: 1, at: Timestamp(seconds: 500))
    let stop = run.submit(.stop, limit: 90, quantity: 2, at: Timestamp(seconds: 500))
    run.fill(stop, price: 120, quantity: 2, fee: 1, candle: 3, at: Timestamp(seconds: 1100))
    let prices: [Price] = [100, 105, 110, 120, 500]
    let candles = prices.enumerated().map { Candle(start: Int64($0) * 300, flat: $1) }
    let points = Array(EquityCurve(run.result(candles: candles)))
    #expect(points.map(\.equity) == [1000, 1009, 1019, 1038, 1038])
    #expect(points.map(\.isOpen) == [false, true, true, false, false])
    #expect(points.map(\.time.seconds) == [300, 600, 900, 1200, 1500])
  }

  @Test("No candles give no points")
  func empty() {
    let result = RunBuilder().result(candles: [])
    #expect(EquityCurve(result).count == 0)
    #expect(Array(EquityCurve(result)) == [])
    #expect(result.finalEquity == 10_000)
    #expect(result.buyAndHold == nil)
  }

  @Test("It equals the account replayed fill by fill", arguments: 1...20 as ClosedRange<UInt64>)
  func replayed(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var run = RunBuilder(cash: 1_000_000)
    var candles: [Candle] = []
    var expected: [EquityPoint] = []
    for index in 0..<200 {
      let start = Int64(index) * 300
      let close = Price(steps: .random(in: 1...1_000_000_000_000, using: &random))
      for _ in 0..<Int.random(in: 0...2, using: &random) where Bool.random(using: &random) {
        let isBuy = run.position == .zero || Bool.random(using: &random)
        let most = isBuy ? 1_000_000_000 : run.position.steps
        let quantity = Quantity(steps: .random(in: 1...most, using: &random))
        let time = Timestamp(seconds: start + 100)
        let order = run.submit(isBuy ? .entry : .stop, limit: 1, quantity: quantity, at: time)
        run.fill(order, price: close, quantity: quantity, fee: 3, candle: index, at: time)
      }
      candles.append(Candle(start: start, flat: close))
      expected.append(
        EquityPoint(
          time: Timestamp(seconds: start + 300), equity: run.cash + close * run.position,
          isOpen: run.position > .zero))
    }
    let result = run.result(candles: candles)
    #expect(Array(EquityCurve(result)) == expected, "seed \(seed)")
    #expect(result.finalEquity == expected.last?.equity)
  }
}
