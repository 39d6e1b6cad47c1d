public import Market
public import Strategy

/// The few lines around a pair's engine that every run shares: event in, journal, commands out, and
/// the broker's answers in again until there are none.
///
/// The portfolio is lent for each event: pairs share it.
public struct TradingLoop<S: TradingStrategy, B: Broker, J: Journal> {
  /// Decides.
  public var engine: ExecutionEngine<S>
  /// Carries out.
  public var broker: B
  /// Remembers.
  public var journal: J
  /// Reused from event to event.
  @usableFromInline var outbox = Outbox()
  @usableFromInline var reports: [OrderReport] = []

  /// A loop at rest.
  @inlinable
  public init(engine: ExecutionEngine<S>, broker: B, journal: J) {
    self.engine = engine
    self.broker = broker
    self.journal = journal
  }

  /// Handles an event and everything that follows from it at once.
  @inlinable
  public mutating func deliver(
    _ event: Event, _ portfolio: inout Portfolio
  ) throws(J.Failure) {
    engine.handle(event, portfolio: &portfolio, into: &outbox)
    try settle(event, &portfolio)
  }

  /// Handles a trade; the same as delivering its event, which is not made unless somebody keeps it.
  @inlinable
  public mutating func trade(
    at price: Price, time: Timestamp, _ portfolio: inout Portfolio
  ) throws(J.Failure) {
    assert(engine.repeats(.trade(price: price, time: time), portfolio: portfolio), "I9")
    engine.trade(at: price, time: time, into: &outbox)
    try settle(.trade(price: price, time: time), &portfolio)
  }

  /// Handles a close; the same as delivering its event, which is not made unless somebody keeps it.
  @inlinable
  public mutating func candleClosed(
    _ candle: Candle, _ portfolio: inout Portfolio
  ) throws(J.Failure) {
    assert(engine.repeats(.candleClosed(candle), portfolio: portfolio), "I9")
    engine.candleClosed(candle, portfolio: &portfolio, into: &outbox)
    try settle(.candleClosed(candle), &portfolio)
  }

  /// Ends a candle's close event whose decision waited for the pair's turn.
  @inlinable
  package mutating func decide(
    on candle: Candle, at time: Timestamp, _ portfolio: inout Portfolio
  ) throws(J.Failure) {
    engine.decideOnHeld(time: time, portfolio: &portfolio, into: &outbox)
    try settle(.candleClosed(candle), &portfolio)
  }

  /// Hands the engine candles in which nothing happens; see `ExecutionEngine.pass`.
  @inlinable
  public mutating func pass(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int, above: Price, below: Price,
    _ portfolio: inout Portfolio
  ) throws(J.Failure) -> Int {
    let next = engine.pass(
      candles, from: start, to: end, above: above, below: below, portfolio: &portfolio,
      into: &outbox)
    if !outbox.isEmpty { try settle(.candleClosed(candles[next - 1]), &portfolio) }
    return next
  }

  /// Lets the broker's side go on, report by report, until nothing more happens there.
  ///
  /// - Parameters:
  ///   - portfolio: The account that the pair shares with others.
  ///   - next: Appends the next thing that happens and says whether anything did.
  /// - Throws: What the journal throws.
  @inlinable
  public mutating func pump(
    _ portfolio: inout Portfolio, _ next: (inout B, inout [OrderReport]) -> Bool
  ) throws(J.Failure) {
    while next(&broker, &reports) {
      if !reports.isEmpty { try deliverReports(&portfolio) }
    }
  }

  /// Handles what the broker has said, and what it says to the commands that follow from that.
  @inlinable
  mutating func deliverReports(_ portfolio: inout Portfolio) throws(J.Failure) {
    var next = 0
    while next < reports.count {
      let report = reports[next]
      next += 1
      assert(engine.repeats(.report(report), portfolio: portfolio), "I9")
      engine.take(report, portfolio: &portfolio, into: &outbox)
      try carryOut(.report(report))
    }
    reports.empty()
  }

  /// Carries out what an event yielded, and all that follows.
  @inlinable
  mutating func settle(
    _ event: @autoclosure () -> Event, _ portfolio: inout Portfolio
  ) throws(J.Failure) {
    try carryOut(event())
    if !reports.isEmpty { try deliverReports(&portfolio) }
  }

  @inlinable
  mutating func carryOut(_ event: @autoclosure () -> Event) throws(J.Failure) {
    engine.assertInvariants()
    // The journal first: what was not kept is not sent.
    try journal.append(event(), outbox)
    guard !outbox.isEmpty else { return }
    // By index: an iterator would share the array, and clearing a shared one allocates.
    for index in outbox.commands.indices { broker.perform(outbox.commands[index], into: &reports) }
    outbox.clear()
  }
}
