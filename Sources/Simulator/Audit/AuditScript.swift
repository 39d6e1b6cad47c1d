import Execution
import Market
import Matching
import Strategy

/// What happens in one block, point by point, where it is not the candles of a backtest alone.
struct AuditScript {
  /// A pair's way through its candle.
  struct Walk {
    /// Its prices and volume.
    var candle: Candle
    /// Trades, and what happens between them.
    var items: [Item]
    /// Whether it is closed.
    var isClosed: Bool
  }

  /// A step of a walk.
  enum Item {
    case trade(Price, Timestamp)
    case event(Event)
  }

  /// By pair; `nil` for one without a candle.
  var walks: [Walk?]
  /// What happens before the first trade.
  var before: [(pair: Int, event: Event)] = []
  /// What happens after the closes.
  var after: [(pair: Int, event: Event)] = []
  /// Whether an operator has reset the breaker.
  var resetsBreaker = false
}

extension AuditScript.Walk {
  /// The four points of a candle; SEMANTICS 6.1.
  static func points<S: TradingStrategy, J: Journal>(
    of candle: Candle, in pair: PairBacktest<S, J>
  ) -> [PathPoint] where J.Failure == Never {
    let (open, first, second, close) = pair.path.points(of: candle)
    let third = pair.third
    return [
      PathPoint(price: open, time: candle.start),
      PathPoint(price: first, time: candle.start + third),
      PathPoint(price: second, time: candle.start + third + third),
      PathPoint(price: close, time: candle.start + pair.interval),
    ]
  }
}

extension Backtest {
  /// Plays a candle of each pair that has one, as `play(_:until:)` does.
  ///
  /// - Throws: `BacktestError`.
  mutating func play(_ candles: [Candle?]) throws(BacktestError) {
    for (pair, candle) in candles.enumerated() {
      if let candle { try pairs[pair].play(candle, &portfolio) }
    }
    for (pair, candle) in candles.enumerated() {
      if let candle { close(candle, of: pair) }
    }
  }

  /// Plays a script.
  ///
  /// - Throws: `BacktestError`.
  mutating func play(_ script: AuditScript) throws(BacktestError) {
    if script.resetsBreaker { portfolio.reset() }
    for (pair, event) in script.before { pairs[pair].deliver(event, &portfolio) }
    for (pair, walk) in script.walks.enumerated() {
      if let walk { try pairs[pair].play(walk, &portfolio) }
    }
    for (pair, walk) in script.walks.enumerated() {
      if let walk, walk.isClosed { close(walk.candle, of: pair) }
    }
    for (pair, event) in script.after { pairs[pair].deliver(event, &portfolio) }
  }

  /// Empties the pairs' journals, and lets everybody enter again.
  mutating func beginBlock() where J == TradeLog {
    for pair in pairs.indices {
      pairs[pair].loop.journal = TradeLog()
      pairs[pair].loop.engine.isHalted = false
    }
  }
}

extension PairBacktest {
  /// Goes through a candle trade by trade.
  ///
  /// - Throws: `BacktestError`.
  mutating func play(
    _ walk: AuditScript.Walk, _ portfolio: inout Portfolio
  ) throws(BacktestError) {
    let candle = walk.candle
    if loop.engine.position.isOpen { try checkRange(candle, portfolio) }
    if loop.engine.deadline <= candle.start { deliver(.clock(candle.start), &portfolio) }
    var isOpen = false
    for item in walk.items {
      switch item {
      case .event(let event): deliver(event, &portfolio)
      case .trade(let price, let time):
        if isOpen {
          move(to: price, time, &portfolio)
        } else {
          loop.broker.market.beginJump(to: price, at: time, volume: candle.volume)
          arrive(at: price, time, &portfolio)
          isOpen = true
        }
      }
    }
    loop.broker.market.endCandle()
  }
}
