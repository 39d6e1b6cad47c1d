public import Execution
public import Market
public import Matching
public import Strategy

/// Plays candles against the simulated market; SEMANTICS 6.
///
/// Most candles touch nothing: no order, trigger or ratchet level lies within them. Those are told
/// to the engine as a whole; the others are walked point by point. Both ways give the same run,
/// which `walksEveryCandle` is there to prove.
public struct Backtest<S: TradingStrategy, J: Journal> where J.Failure == Never {
  /// Engine, account, simulated market and journal.
  public var loop: TradingLoop<S, SimulatedBroker, J>
  @usableFromInline let interval: TimeSpan
  @usableFromInline let third: TimeSpan
  @usableFromInline let path: CandlePath
  /// Whether candles and moves that touch nothing are gone through all the same.
  @usableFromInline let isThorough: Bool

  /// A run before its first candle.
  ///
  /// - Parameters:
  ///   - engine: A fresh engine; its interval must be divisible by 3.
  ///   - cash: What the account begins with.
  ///   - model: How the market behaves.
  ///   - journal: Who remembers.
  ///   - walksEveryCandle: Whether candles that touch nothing are walked all the same.
  @inlinable
  public init(
    engine: ExecutionEngine<S>, cash: Money, model: MarketModel, journal: J,
    walksEveryCandle: Bool = false
  ) {
    interval = engine.settings.interval
    third = TimeSpan(nanoseconds: interval.nanoseconds / 3)
    precondition(
      third * 3 == interval, "an interval must be divisible by 3, was \(interval.nanoseconds) ns")
    path = model.path
    isThorough = walksEveryCandle || J.keepsQuietEvents
    loop = TradingLoop(
      engine: engine, account: Account(cash: cash),
      broker: SimulatedBroker(
        market: MatchingEngine(product: engine.settings.product, model: model)),
      journal: journal)
  }

  /// Plays the candles of a range, oldest first.
  ///
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  public mutating func play(
    _ candles: borrowing Span<Candle>, _ range: Range<Int>
  ) throws(BacktestError) {
    var next = range.lowerBound
    while next < range.upperBound {
      if !isThorough {
        let (above, below) = (loop.broker.market.quietAbove, loop.broker.market.quietBelow)
        next = loop.pass(
          candles, from: next, to: range.upperBound, above: above,
          below: min(below, highestCountable))
        guard next < range.upperBound else { return }
      }
      try play(candles[next])
      next += 1
    }
  }

  /// Plays one candle: its four points, then its close event.
  ///
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  public mutating func play(_ candle: Candle) throws(BacktestError) {
    if loop.engine.position.isOpen { try checkRange(candle) }
    // Across a gap an entry may be over before the market opens; SEMANTICS 4.5.
    if loop.engine.deadline <= candle.start { tick(candle.start) }
    if !isThorough, loop.broker.market.isUntouched(low: candle.low, high: candle.high),
      loop.engine.passes(low: candle.low, high: candle.high)
    {
      loop.engine.pass(high: candle.high)
    } else {
      walk(candle)
    }
    let close = candle.start + interval
    if loop.engine.deadline <= close { tick(close) }
    loop.candleClosed(candle)
  }

  @inlinable
  mutating func walk(_ candle: Candle) {
    let (open, first, second, close) = path.points(of: candle)
    loop.broker.market.beginJump(to: open, at: candle.start, volume: candle.volume)
    arrive(at: open, candle.start)
    let oneThird = candle.start + third
    move(to: first, oneThird)
    move(to: second, oneThird + third)
    move(to: close, candle.start + interval)
    loop.broker.market.endCandle()
  }

  @inlinable
  mutating func move(to point: Price, _ time: Timestamp) {
    loop.broker.market.beginMove(to: point, at: time)
    arrive(at: point, time)
  }

  /// Lets the market process what lies on the way, then tells the engine of the trade at its end.
  @inlinable
  mutating func arrive(at price: Price, _ time: Timestamp) {
    if isThorough || !loop.broker.market.arriveUntouched() {
      loop.pump { broker, reports in broker.market.step(into: &reports) }
    }
    if isThorough || !loop.engine.passes(low: price, high: price) {
      loop.trade(at: price, time: time)
    } else {
      loop.engine.pass(trade: price)
    }
  }

  /// Tells engine and market that it is `time`, between candles.
  @usableFromInline
  mutating func tick(_ time: Timestamp) {
    loop.broker.market.wait(until: time)
    loop.deliver(.clock(time))
  }

  /// Rules out an overflow anywhere within the candle, so that the exact sums need no checks.
  @inlinable
  func checkRange(_ candle: Candle) throws(BacktestError) {
    guard candle.high <= highestCountable else {
      throw BacktestError.outOfRange(time: candle.start, product: loop.engine.settings.product.id)
    }
  }

  /// Up to this price the account is worth no more than money can count.
  ///
  /// By bit counts: position × price below 2^117 steps of 1e-16 is 1.6e19 of quote currency, an
  /// eighth of what `Money` holds.
  @inlinable
  var highestCountable: Price {
    guard loop.account.cash.steps.leadingZeroBitCount >= 3 else { return .zero }
    let bits = loop.engine.position.quantity.steps.leadingZeroBitCount - 11
    return bits >= 63 ? .greatest : Price(steps: 1 << Int64(max(bits, 0)) - 1)
  }
}

/// Why a backtest cannot go on.
public enum BacktestError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Cash or position are worth more than `Money` holds.
  case outOfRange(time: Timestamp, product: String)

  /// One line for the user.
  public var description: String {
    switch self {
    case .outOfRange(let time, let product):
      "\(product) at \(time): the account is worth more than 1.6e19, the most Ratchet can count "
        + "exactly. Check the prices there, or start with less cash (--cash)."
    }
  }
}
