public import Market
public import Strategy

/// The few lines around the engine that every run shares: event in, journal, commands out, and the
/// broker's answers in again until there are none.
public struct TradingLoop<S: TradingStrategy, B: Broker, J: Journal> {
  /// Decides.
  public var engine: ExecutionEngine<S>
  /// The cash the engine spends.
  public var account: Account
  /// Carries out.
  public var broker: B
  /// Remembers.
  public var journal: J
  /// Reused from event to event.
  @usableFromInline var outbox = Outbox()
  @usableFromInline var reports: [OrderReport] = []

  /// A loop at rest.
  @inlinable
  public init(engine: ExecutionEngine<S>, account: Account, broker: B, journal: J) {
    self.engine = engine
    self.account = account
    self.broker = broker
    self.journal = journal
  }

  /// Handles an event and everything that follows from it at once.
  @inlinable
  public mutating func deliver(_ event: Event) throws(J.Failure) {
    engine.handle(event, account: &account, into: &outbox)
    try settle(event)
  }

  /// Handles a trade; the same as delivering its event, which is not made unless somebody keeps it.
  @inlinable
  public mutating func trade(at price: Price, time: Timestamp) throws(J.Failure) {
    assert(engine.repeats(.trade(price: price, time: time), account: account), "I9")
    engine.trade(at: price, time: time, into: &outbox)
    try settle(.trade(price: price, time: time))
  }

  /// Handles a close; the same as delivering its event, which is not made unless somebody keeps it.
  @inlinable
  public mutating func candleClosed(_ candle: Candle) throws(J.Failure) {
    assert(engine.repeats(.candleClosed(candle), account: account), "I9")
    engine.candleClosed(candle, account: &account, into: &outbox)
    try settle(.candleClosed(candle))
  }

  /// Hands the engine candles in which nothing happens; see `ExecutionEngine.pass`.
  @inlinable
  public mutating func pass(
    _ candles: borrowing Span<Candle>, from start: Int, to end: Int, above: Price, below: Price
  ) throws(J.Failure) -> Int {
    let next = engine.pass(
      candles, from: start, to: end, above: above, below: below, account: &account, into: &outbox)
    if !outbox.isEmpty { try settle(.candleClosed(candles[next - 1])) }
    return next
  }

  /// Lets the broker's side go on, report by report, until nothing more happens there.
  ///
  /// - Parameter next: Appends the next thing that happens and says whether anything did.
  /// - Throws: What the journal throws.
  @inlinable
  public mutating func pump(
    _ next: (inout B, inout [OrderReport]) -> Bool
  ) throws(J.Failure) {
    while next(&broker, &reports) {
      if !reports.isEmpty { try deliverReports() }
    }
  }

  /// Handles what the broker has said, and what it says to the commands that follow from that.
  @inlinable
  mutating func deliverReports() throws(J.Failure) {
    var next = 0
    while next < reports.count {
      let report = reports[next]
      next += 1
      assert(engine.repeats(.report(report), account: account), "I9")
      engine.take(report, account: &account, into: &outbox)
      try carryOut(.report(report))
    }
    reports.empty()
  }

  /// Carries out what an event yielded, and all that follows.
  @inlinable
  mutating func settle(_ event: @autoclosure () -> Event) throws(J.Failure) {
    try carryOut(event())
    if !reports.isEmpty { try deliverReports() }
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
