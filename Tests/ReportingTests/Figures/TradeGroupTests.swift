import Execution
import Market
import Reporting
import Testing

@Suite("Trades by pair, by reason, and open")
struct TradeGroupTests {
  @Test("Counts, sums and means of trades, each bought for 100")
  func group() {
    let group = TradeGroup([
      ClosedTrade(realised: 6, from: 0, to: 100), ClosedTrade(realised: 0, from: 0, to: 300),
      ClosedTrade(realised: -1, from: 500, to: 1000), ClosedTrade(realised: 1, from: 0, to: 100),
    ])
    #expect(group.trades == 4)
    #expect((group.wins, group.draws, group.losses) == (2, 1, 1))
    #expect(group.realised == 6)
    #expect(group.meanReturn == (0.06 + 0 - 0.01 + 0.01) / 4)
    #expect(group.winRate == 0.5)
    #expect(group.meanHoldingSeconds == 250)
  }

  @Test func `nothing has no means`() {
    let group = TradeGroup([])
    #expect(group.trades == 0)
    #expect(group.realised == .zero)
    #expect(group.meanReturn == nil)
    #expect(group.winRate == nil)
    #expect(group.meanHoldingSeconds == nil)
  }

  @Test("An open trade counts its own fills only")
  func open() throws {
    var run = RunBuilder(cash: 10_000)
    let time = { (index: Int64) in Timestamp(seconds: index * 300) }
    let first = run.submit(.entry, limit: 100, quantity: 3, at: time(0))
    run.fill(first, price: 100, quantity: 3, fee: 7, candle: 0, at: time(0))
    let stop = run.submit(.stop, limit: 90, quantity: 3, at: time(1))
    run.fill(stop, price: 90, quantity: 3, fee: 7, candle: 1, at: time(1))
    let second = run.submit(.entry, limit: 50, quantity: 4, at: time(2))
    run.fill(second, price: 50, quantity: 3, fee: 2, candle: 2, at: time(2))
    run.fill(second, price: 51, quantity: 1, fee: 1, candle: 2, at: time(3))
    let partial = run.submit(.stop, limit: 60, quantity: 4, at: time(3))
    run.fill(partial, price: 60, quantity: 1, fee: 1, candle: 3, at: time(3))
    let candles = (0..<4).map { Candle(start: $0 * 300, flat: 55) }
    let position = RunResult.OpenPosition(
      entryTime: time(2), quantity: 3, highest: 60, trigger: 40)
    let trade = try #require(OpenTrade(run.result(candles: candles, open: position)))
    #expect(trade.entryTime == time(2))
    #expect(trade.quantity == 3)
    #expect(trade.entryNotional == 201)
    #expect(trade.value == 165)
    #expect(trade.unrealised == 20)
    #expect(trade.unrealisedReturn == 20.0 / 201)
    #expect(OpenTrade(run.result(candles: candles)) == nil)
  }

  @Test("Buying and holding is the market's own curve")
  func buyAndHold() throws {
    let closes: [Price] = [100, 120, 90, 110]
    var candles = closes.enumerated().map { Candle(start: Int64($0) * 86_400, flat: $1) }
    candles[0].open = 80
    let result = RunBuilder().result(candles: candles, interval: TimeSpan(seconds: 86_400))
    let metrics = try #require(Metrics.ofBuyAndHold(result))
    #expect(metrics.totalReturn == result.buyAndHold)
    #expect(metrics.totalReturn == 110.0 / 80 - 1)
    #expect(metrics.maxDrawdown == 90.0 / 120 - 1)
    #expect(metrics.days == 4)
    #expect(metrics.trades == 0)
    #expect(Metrics.ofBuyAndHold(RunBuilder().result(candles: [])) == nil)
  }
}
