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
  /// - Returns: The first candle that was not played: `end`, that behind the one at which the breaker
  ///   tripped, or, where the pair is ahead of the account, the one before which its turn must come.
  /// - Throws: `BacktestError` where the position is worth more than `Money` holds.
  @inlinable
  mutating func play(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int, _ portfolio: inout Portfolio
  ) throws(BacktestError) -> Int {
    let wasTripped = portfolio.isTripped
    var next = start
    while true {
      next = pass(candles, from: next, to: end, &portfolio)
      guard next < end, !isWaiting, mayPlay(candles[next], portfolio) else { return next }
      try play(candles[next], &portfolio)
      close(candles[next], &portfolio)
      next += 1
      if isWaiting || (portfolio.isTripped && !wasTripped) { return next }
    }
  }

  /// Whether the last candle's close event waits for its decision.
  @inlinable @inline(__always)
  var isWaiting: Bool { loop.engine.heldSignal != nil }

  /// Whether a candle may be played now: where the pair is ahead of the account, only if the account
  /// could count it whatever it is by then.
  @inlinable @inline(__always)
  func mayPlay(_ candle: Candle, _ portfolio: borrowing Portfolio) -> Bool {
    !portfolio.isBehind || !loop.engine.position.isOpen
      || candle.high <= highestCountable(portfolio)
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
    if portfolio.isBehind { portfolio.lead = .points(before: candle.start + interval) }
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
    if portfolio.isBehind { portfolio.lead = .close(at: close) }
    if loop.engine.deadline <= close { deliver(.clock(close), &portfolio) }
    loop.candleClosed(candle, &portfolio)
  }

  /// Ends a candle's close event whose decision waited for the pair's turn.
  @inlinable
  mutating func decide(on candle: Candle, _ portfolio: inout Portfolio) {
    let close = candle.start + interval
    loop.broker.market.wait(until: close)
    loop.decide(on: candle, at: close, &portfolio)
  }

  /// Hands the engine an event between candles; what the market answers bears its time.
  @inlinable
  mutating func deliver(_ event: Event, _ portfolio: inout Portfolio) {
    if let time = event.time { loop.broker.market.wait(until: time) }
    loop.deliver(event, &portfolio)
  }

  @inlinable @inline(__always)
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

  @inlinable @inline(__always)
  mutating func move(to point: Price, _ time: Timestamp, _ portfolio: inout Portfolio) {
    loop.broker.market.beginMove(to: point, at: time)
    arrive(at: point, time, &portfolio)
  }

  /// Lets the market process what lies on the way, then tells the engine of the trade at its end.
  @inlinable @inline(__always)
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
  @inlinable @inline(__always)
  func checkRange(_ candle: Candle, _ portfolio: Portfolio) throws(BacktestError) {
    guard candle.high <= highestCountable(portfolio) else {
      throw BacktestError.outOfRange(time: candle.start, product: loop.engine.settings.product.id)
    }
  }

  /// Up to this price the account is worth no more than money can count.
  ///
  /// By bit counts: position × price of all pairs together below 2^117 steps of 1e-16 is 1.6e19 of
  /// quote currency, an eighth of what `Money` holds. Where the pair is ahead of the account the others
  /// may get richer before its turn comes: in 4096 candles, each sold twice, by 13 bits. One more bit
  /// for their sum, and two for cash, keep that below what would be countable then.
  @inlinable @inline(__always)
  func highestCountable(_ portfolio: borrowing Portfolio) -> Price {
    let (cashBits, worthBits) = portfolio.isBehind ? (5, 14) : (3, 0)
    guard portfolio.account.cash.steps.magnitude.leadingZeroBitCount >= cashBits else {
      return .zero
    }
    let bitsOfPairs = Int.bitWidth - (portfolio.pairs.count - 1).leadingZeroBitCount
    let bits =
      loop.engine.position.quantity.steps.leadingZeroBitCount - 11 - bitsOfPairs - worthBits
    return bits >= 63 ? .greatest : Price(steps: 1 << Int64(max(bits, 0)) - 1)
  }
}
