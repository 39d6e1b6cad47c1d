public import Execution
public import Market
public import Matching
public import Strategy

/// One pair's part of a backtest: its engine, its simulated market, and its candles played one by one;
/// SEMANTICS 6.
///
/// Most candles touch nothing: no order, trigger or ratchet level lies within them. Those are told
/// to the engine as a whole; the others are walked point by point. Both ways give the same run,
/// which `walksEveryCandle` is there to prove.
public struct PairBacktest<S: TradingStrategy, J: Journal> where J.Failure == Never {
  /// Engine, simulated market and journal.
  public var loop: TradingLoop<S, SimulatedBroker, J>
  @usableFromInline let interval: TimeSpan
  @usableFromInline let third: TimeSpan
  @usableFromInline let path: CandlePath
  /// Whether candles and moves that touch nothing are gone through all the same.
  @usableFromInline let isThorough: Bool

  /// A pair before its first candle.
  ///
  /// - Parameters:
  ///   - engine: A fresh engine; its interval must be divisible by 3.
  ///   - model: How the market behaves.
  ///   - journal: Who remembers.
  ///   - walksEveryCandle: Whether candles that touch nothing are walked all the same.
  @inlinable
  public init(
    engine: ExecutionEngine<S>, model: MarketModel, journal: J, walksEveryCandle: Bool = false
  ) {
    interval = engine.settings.interval
    third = TimeSpan(nanoseconds: interval.nanoseconds / 3)
    precondition(
      third * 3 == interval, "an interval must be divisible by 3, was \(interval.nanoseconds) ns")
    path = model.path
    isThorough = walksEveryCandle || J.keepsQuietEvents
    loop = TradingLoop(
      engine: engine,
      broker: SimulatedBroker(
        market: MatchingEngine(product: engine.settings.product, model: model)),
      journal: journal)
  }

  /// Plays candles one after the other, close events included.
  ///
  /// - Returns: The first candle that was not played: `end`, or that behind the one at which the
  ///   breaker tripped.
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  mutating func play(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int, _ portfolio: inout Portfolio
  ) throws(BacktestError) -> Int {
    let wasTripped = portfolio.isTripped
    var next = start
    while true {
      next = pass(candles, from: next, to: end, &portfolio)
      guard next < end else { return next }
      try play(candles[next], &portfolio)
      close(candles[next], &portfolio)
      next += 1
      if portfolio.isTripped, !wasTripped { return next }
    }
  }

  /// Plays candles in which nothing happens, close events included; see `ExecutionEngine.pass`.
  ///
  /// - Returns: The first candle that was not played.
  @inlinable
  mutating func pass(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int,
    _ portfolio: inout Portfolio
  ) -> Int {
    // A look at equity after every close is one thing that may happen.
    guard !isThorough, !portfolio.limits.watchesEquity else { return start }
    let (above, below) = (loop.broker.market.quietAbove, loop.broker.market.quietBelow)
    return loop.pass(
      candles, from: start, to: end, above: above, below: min(below, highestCountable(portfolio)),
      &portfolio)
  }

  /// Plays a candle's four points.
  ///
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  mutating func play(_ candle: Candle, _ portfolio: inout Portfolio) throws(BacktestError) {
    if loop.engine.position.isOpen { try checkRange(candle, portfolio) }
    // Across a gap an entry may be over before the market opens; SEMANTICS 4.5.
    if loop.engine.deadline <= candle.start { deliver(.clock(candle.start), &portfolio) }
    if !isThorough, loop.broker.market.isUntouched(low: candle.low, high: candle.high),
      loop.engine.passes(low: candle.low, high: candle.high)
    {
      loop.engine.pass(candle)
    } else {
      walk(candle, &portfolio)
    }
  }

  /// Plays a candle's close event: expiry, indicators, a look at equity, decision.
  @inlinable
  mutating func close(_ candle: Candle, _ portfolio: inout Portfolio) {
    let close = candle.start + interval
    if loop.engine.deadline <= close { deliver(.clock(close), &portfolio) }
    loop.candleClosed(candle, &portfolio)
  }

  /// Hands the engine an event between candles; what the market answers bears its time.
  @usableFromInline
  mutating func deliver(_ event: Event, _ portfolio: inout Portfolio) {
    if let time = event.time { loop.broker.market.wait(until: time) }
    loop.deliver(event, &portfolio)
  }

  @inlinable
  mutating func walk(_ candle: Candle, _ portfolio: inout Portfolio) {
    let (open, first, second, close) = path.points(of: candle)
    loop.broker.market.beginJump(to: open, at: candle.start, volume: candle.volume)
    arrive(at: open, candle.start, &portfolio)
    let oneThird = candle.start + third
    move(to: first, oneThird, &portfolio)
    move(to: second, oneThird + third, &portfolio)
    move(to: close, candle.start + interval, &portfolio)
    loop.broker.market.endCandle()
  }

  @inlinable
  mutating func move(to point: Price, _ time: Timestamp, _ portfolio: inout Portfolio) {
    loop.broker.market.beginMove(to: point, at: time)
    arrive(at: point, time, &portfolio)
  }

  /// Lets the market process what lies on the way, then tells the engine of the trade at its end.
  @inlinable
  mutating func arrive(at price: Price, _ time: Timestamp, _ portfolio: inout Portfolio) {
    if isThorough || !loop.broker.market.arriveUntouched() {
      loop.pump(&portfolio) { broker, reports in broker.market.step(into: &reports) }
    }
    if isThorough || !loop.engine.passes(low: price, high: price) {
      loop.trade(at: price, time: time, &portfolio)
    } else {
      loop.engine.pass(trade: price)
    }
  }

  /// Rules out an overflow anywhere within the candle, so that the exact sums need no checks.
  @inlinable
  func checkRange(_ candle: Candle, _ portfolio: Portfolio) throws(BacktestError) {
    guard candle.high <= highestCountable(portfolio) else {
      throw BacktestError.outOfRange(time: candle.start, product: loop.engine.settings.product.id)
    }
  }

  /// Up to this price the account is worth no more than money can count.
  ///
  /// By bit counts: position × price of all pairs together below 2^117 steps of 1e-16 is 1.6e19 of
  /// quote currency, an eighth of what `Money` holds.
  @inlinable
  func highestCountable(_ portfolio: Portfolio) -> Price {
    guard portfolio.account.cash.steps.leadingZeroBitCount >= 3 else { return .zero }
    let bitsOfPairs = Int.bitWidth - (portfolio.pairs.count - 1).leadingZeroBitCount
    let bits = loop.engine.position.quantity.steps.leadingZeroBitCount - 11 - bitsOfPairs
    return bits >= 63 ? .greatest : Price(steps: 1 << Int64(max(bits, 0)) - 1)
  }
}
