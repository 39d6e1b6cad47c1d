public import Market
public import Simulator

/// Candles of a wild little market: dips, jumps, gaps, dead candles, touches of the same prices.
///
/// Coarse on purpose: with few distinct prices, orders, triggers and candles meet at equality often.
public func randomCandles(
  _ count: Int, ticks: Int64 = 1_000_000, using random: inout SplitMix64
) -> [Candle] {
  var candles: [Candle] = []
  var index = 0
  var level = Int64(2_000)
  let step = Int64.random(in: 1...30, using: &random)
  for _ in 0..<count {
    index += Int.random(in: 0..<40, using: &random) == 0 ? Int.random(in: 2...6, using: &random) : 1
    let jump = Int.random(in: 0..<30, using: &random) == 0
    let reach = jump ? step * 12 : step
    func next(_ from: Int64, _ reach: Int64) -> Int64 {
      max(10, from + Int64.random(in: -reach...reach, using: &random))
    }
    let open = next(level, jump ? reach : 1)
    let close = next(open, reach)
    let low = max(1, min(open, close) - Int64.random(in: 0...step, using: &random))
    let high = max(open, close) + Int64.random(in: 0...step, using: &random)
    level = close
    let isDead = Int.random(in: 0..<12, using: &random) == 0
    candles.append(
      Candle(
        start: .testStart + TimeSpan(seconds: 300) * index, open: Price(steps: open * ticks),
        high: Price(steps: high * ticks), low: Price(steps: low * ticks),
        close: Price(steps: close * ticks),
        volume: isDead ? 0 : Quantity(steps: .random(in: 0...50_000_000_000, using: &random))))
  }
  return candles
}
