public import Market
public import Strategy

/// One pair's trading, as a value: events in, commands out; DESIGN, decision 2.
///
/// It reads no clock, opens no socket, draws no random number. The same events give the same
/// commands, byte for byte (invariant I9), in a backtest, live, and when a journal is replayed.
///
/// An entry is a limit buy that lives for a few candles. Its first fill opens a position, which from
/// then on has an `ExitPlan`: the exit order there should be. After every event the engine compares
/// the plan with the order there is, cancels what differs, and submits the new one when the cancel
/// is confirmed, since the exchange holds the coins of the old one until then (SEMANTICS 5.5). One
/// mechanism so serves the first stop, partial fills, the ratchet, the rescue and the forced exit.
public struct ExecutionEngine<S: TradingStrategy>: Sendable, Codable {
  /// The strategy and all it remembers.
  @usableFromInline package var strategy: S
  /// The pair's terms.
  public let settings: EngineSettings

  /// What the pair holds.
  @usableFromInline package var position = Position<S.Exit>()
  /// The entry that is not over.
  @usableFromInline package var entry: ManagedOrder?
  /// When that entry's time is over.
  @usableFromInline package var entryDeadline = Timestamp.never
  /// Why that entry is to be cancelled as soon as it can be.
  @usableFromInline package var entryCancel: CancelReason?
  /// The exit order that is not over.
  @usableFromInline package var exit: ManagedOrder?
  /// The plan that the exit order was made for.
  @usableFromInline package var exitRevision = 0
  /// A refused exit is tried again at the next trade, not at once, and not forever in one instant.
  @usableFromInline package var exitWaits = false
  /// Trades strictly between these two prices change nothing but `highest`.
  @usableFromInline package var quietAbove = Price(steps: .min)
  @usableFromInline package var quietBelow = Price.greatest
  /// Orders that are over and may still be reported about.
  @usableFromInline package var recent = RecentOrders()

  /// Candles that closed so far: the index of the one being played.
  @usableFromInline package var candleIndex = 0
  /// The candle that was being played at the last exit fill.
  @usableFromInline package var lastExitCandle: Int?
  /// The last trade the engine saw.
  @usableFromInline package var lastTrade = Price.zero
  /// A signal whose decision waits: for everything to be sold where the breaker tripped at the close,
  /// for the pair's turn where the pair is ahead of the account.
  @usableFromInline package var heldSignal: EntrySignal?
  /// Whether an operator has stopped new entries.
  @usableFromInline package var isHalted = false
  /// The number of the last order submitted.
  @usableFromInline package var lastNumber: UInt64 = 0

  /// An engine before its first event.
  public init(strategy: S, settings: EngineSettings) {
    self.strategy = strategy
    self.settings = settings
  }

  /// The pair's number in the portfolio.
  @inlinable
  var pair: Int { Int(settings.pair) }

  /// The time at which the engine wants a `clock` event; the far future when it does not.
  @inlinable
  public var deadline: Timestamp { entryDeadline }

  /// Whether an operator or the breaker wants to sell, and the exit order there is is of before that.
  @inlinable
  var isSalePlanned: Bool {
    (position.plan.role == .forced || position.plan.role == .liquidation)
      && exitRevision != position.plan.revision
  }

  /// Takes an event and says what is to be done.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - portfolio: The account that the pair shares with others, and its limits.
  ///   - outbox: Where commands and notes are appended.
  @inlinable
  public mutating func handle(
    _ event: Event, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    assert(repeats(event, portfolio: portfolio), "I9: the same event gave two outcomes")
    perform(event, portfolio: &portfolio, into: &outbox)
    assertInvariants()
  }

  @inlinable
  mutating func perform(
    _ event: Event, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    switch event {
    case .trade(let price, let time): trade(at: price, time: time, into: &outbox)
    case .candleClosed(let candle): candleClosed(candle, portfolio: &portfolio, into: &outbox)
    case .clock(let time): clock(time, into: &outbox)
    case .report(let report): take(report, portfolio: &portfolio, into: &outbox)
    case .enter(let signal, let time):
      decide(on: signal, time: time, portfolio: &portfolio, into: &outbox)
    case .forceExit(let price, let time): forceExit(at: price, time: time, into: &outbox)
    case .cancelEntry(let reason, _): cancelEntry(reason, into: &outbox)
    case .liquidate(let time): liquidate(at: time, into: &outbox)
    case .decide(let time): decideOnHeld(time: time, portfolio: &portfolio, into: &outbox)
    case .halt: isHalted = true
    case .resume: isHalted = false
    }
  }
}

extension Timestamp {
  /// Later than anything that happens.
  @usableFromInline static var never: Timestamp { Timestamp(nanoseconds: .max) }
}
