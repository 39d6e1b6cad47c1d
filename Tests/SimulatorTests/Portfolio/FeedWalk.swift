import Market
import Matching
import Simulator
import Strategy
import TestKit

@testable import Execution

/// A market that hears of trades, and the broker before it.
struct FeedBroker: Broker {
  var market: FeedMarket

  mutating func perform(_ command: Command, into reports: inout [OrderReport]) {
    switch command {
    case .submit(let order, role: _): market.submit(order, into: &reports)
    case .cancel(let id, reason: _): market.cancel(id, into: &reports)
    }
  }
}

/// A portfolio that hears of single trades, one after the other as they come, and makes candles of
/// them.
struct FeedWalk {
  private struct Pair {
    var loop: TradingLoop<ScriptedStrategy, FeedBroker, PairJournal>
    var builder: CandleBuilder
    let candles: [Candle]
    let path: CandlePath
    /// The candle that is traded, and how many of its points are over.
    var next = 0
    var point = 0
  }

  private var pairs: [Pair]
  private let log = SharedLog()
  private(set) var portfolio: Portfolio
  private let interval = PortfolioWorld.interval
  private let third = TimeSpan(seconds: 100)
  private var trades: UInt64 = 0

  /// What each pair's engine heard and answered.
  var entries: [[SharedLog.Entry]] {
    pairs.indices.map { pair in log.entries.filter { $0.pair == pair } }
  }
  /// The pairs' records without their numbers.
  var records: [RunRecord] { pairs.map { $0.loop.journal.record.withoutPair } }

  /// Trades all of a world's candles: all of a candle's volume in the trade at its open, and none in
  /// those at its other points.
  init(_ world: PortfolioWorld) {
    portfolio = Portfolio(
      cash: PortfolioWorld.cash, limits: world.limits, groups: world.pairs.map(\.group))
    pairs = []
    for (index, pair) in world.pairs.enumerated() {
      let settings = EngineSettings(
        product: pair.product, pair: UInt32(index), interval: interval,
        positionSize: pair.positionSize, takerRate: pair.model.takerRate)
      let loop = TradingLoop(
        engine: ExecutionEngine(strategy: pair.strategy, settings: settings),
        broker: FeedBroker(market: FeedMarket(product: pair.product, model: pair.model)),
        journal: PairJournal(pair: index, log: log))
      pairs.append(
        Pair(
          loop: loop, builder: CandleBuilder(interval: interval, began: .testStart),
          candles: pair.candles, path: pair.model.path))
    }
    while let time = pairs.compactMap(nextTime).min() { pass(time) }
  }

  private func nextTime(_ pair: Pair) -> Timestamp? {
    guard pair.next < pair.candles.count else { return nil }
    return pair.candles[pair.next].start + third * pair.point
  }

  /// SEMANTICS 8.3: what ends moves, then what closes, then what begins.
  private mutating func pass(_ time: Timestamp) {
    let due = pairs.map { nextTime($0) == time }
    let moving = pairs.indices.filter { due[$0] && pairs[$0].point > 0 }
    let closing = moving.filter { pairs[$0].point == 3 }
    for pair in moving { trade(pair, at: time) }
    // Before any close event: where the breaker trips, what it sells waits for each pair's next jump.
    for pair in closing { pairs[pair].loop.broker.market.endCandle() }
    for pair in closing { close(pair) }
    for pair in pairs.indices where nextTime(pairs[pair]) == time && pairs[pair].point == 0 {
      trade(pair, at: time)
    }
  }

  private mutating func trade(_ pair: Int, at time: Timestamp) {
    let candle = pairs[pair].candles[pairs[pair].next]
    let (open, first, second, last) = pairs[pair].path.points(of: candle)
    let point = pairs[pair].point
    let price = [open, first, second, last][point]
    let size = point == 0 ? candle.volume : .zero
    pairs[pair].point = (point + 1) % 4
    if point == 3 { pairs[pair].next += 1 }
    // The exchange has the last one just before the end, where it belongs.
    let printed = point == 3 ? Timestamp(nanoseconds: time.nanoseconds - 1) : time
    trades += 1
    let closed = pairs[pair].builder.add(id: trades, price: price, size: size, time: printed)
    precondition(closed == nil, "the clock closes candles here")
    if point == 0, pairs[pair].loop.engine.deadline <= time {
      deliver(.clock(time), to: pair)
    }
    let isOnTime = pairs[pair].loop.broker.market.begin(
      price, size: size, at: time, inCandleFrom: candle.start)
    precondition(isOnTime)
    pairs[pair].loop.pump(&portfolio) { broker, reports in broker.market.step(into: &reports) }
    pairs[pair].loop.trade(at: price, time: time, &portfolio)
  }

  private mutating func close(_ pair: Int) {
    guard let deadline = pairs[pair].builder.deadline,
      let closed = pairs[pair].builder.advance(to: deadline)
    else { preconditionFailure("a candle of four trades closes") }
    if pairs[pair].loop.engine.deadline <= deadline { deliver(.clock(deadline), to: pair) }
    let wasTripped = portfolio.isTripped
    pairs[pair].loop.candleClosed(closed.candle, &portfolio)
    guard let trip = portfolio.trip, !wasTripped else { return }
    for index in pairs.indices { deliver(.cancelEntry(.breaker, time: trip.time), to: index) }
    for index in pairs.indices { deliver(.liquidate(time: trip.time), to: index) }
    deliver(.decide(time: trip.time), to: pair)
  }

  private mutating func deliver(_ event: Event, to pair: Int) {
    if let time = event.time { pairs[pair].loop.broker.market.wait(until: time) }
    pairs[pair].loop.deliver(event, &portfolio)
  }
}
