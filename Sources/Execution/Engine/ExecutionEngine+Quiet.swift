public import Market
public import Strategy

/// Candles in which nothing happens; SEMANTICS 6, and decision note 4.
extension ExecutionEngine {
  /// Whether trades between these prices, in any order, would do no more than raise `highest`.
  ///
  /// So it is while the pair is flat, and while a stop rests that no price reaches and that none is
  /// high enough to move.
  @inlinable
  public func passes(low: Price, high: Price) -> Bool {
    low > quietAbove && high < quietBelow
  }

  /// Works out which trades change nothing; after everything that may have changed the answer.
  @inlinable
  mutating func findQuietPrices() {
    if !position.isOpen {
      quietAbove = Price(steps: .min)
      quietBelow = .greatest
    } else if position.plan.role == .stop, position.triggeredAt == nil, !exitWaits,
      position.highest < position.ratchetLevel, exitSettles
    {
      quietAbove = position.trigger
      quietBelow = position.ratchetLevel
    } else {
      quietAbove = .greatest
    }
  }

  /// Whether the exit order is at rest with the exchange.
  @inlinable
  var exitSettles: Bool {
    switch exit {
    case .some(let order): order.state.isCancellable
    case .none: false
    }
  }

  /// Takes the trades of a candle for which `passes` holds; its close event follows.
  @inlinable
  public mutating func pass(_ candle: Candle) {
    lastTrade = candle.close
    if position.isOpen, candle.high > position.highest { position.highest = candle.high }
  }

  /// Takes one trade for which `passes` holds.
  @inlinable
  public mutating func pass(trade price: Price) {
    lastTrade = price
    if position.isOpen, price > position.highest { position.highest = price }
  }

  /// Takes whole candles, one after the other, as long as they change nothing but what the strategy
  /// has seen and how high the price was; the same as `pass` and a close event for each of them.
  ///
  /// The loop that most candles of a backtest go through, so it holds nothing but the three questions:
  /// does the candle touch a price that matters, does it end after the deadline, does the strategy buy.
  ///
  /// - Parameters:
  ///   - candles: All there are, oldest first.
  ///   - start: The first to take.
  ///   - end: Behind the last that may be taken.
  ///   - above: The market does nothing while prices stay above this one,
  ///   - below: and below this one.
  ///   - portfolio: The account that the pair shares with others, and its limits.
  ///   - outbox: Where commands and notes of a signal are appended; a signal ends the run of candles.
  /// - Returns: The first candle that was not taken. Where the decision on the last one taken must
  ///   wait for the pair's turn, `TradingLoop.decide` ends its close event.
  @inlinable
  public mutating func pass(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int, above: Price, below: Price,
    portfolio: inout Portfolio, into outbox: inout Outbox
  ) -> Int {
    let (above, below) = (max(above, quietAbove), min(below, quietBelow))
    let lastStart = Timestamp(
      nanoseconds: entryDeadline.nanoseconds - settings.interval.nanoseconds)
    var highest = position.highest
    var next = start
    var signal: EntrySignal?
    while next < end {
      let candle = candles[next]
      guard candle.low > above, candle.high < below, candle.start < lastStart else { break }
      if candle.high > highest { highest = candle.high }
      next += 1
      signal = strategy.candleClosed(candle)
      if signal != nil { break }
    }
    guard next > start else { return next }
    let last = candles[next - 1]
    if position.isOpen { position.highest = highest }
    portfolio.revalue(pair, at: last.close)
    lastTrade = last.close
    candleIndex += next - start - 1
    if let signal {
      if mustWait(portfolio) {
        heldSignal = signal
        return next
      }
      decide(on: signal, time: last.start + settings.interval, portfolio: &portfolio, into: &outbox)
    }
    candleIndex += 1
    return next
  }
}
