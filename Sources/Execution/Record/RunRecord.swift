public import Market

/// What happened in a run, pair by pair: the material of every report.
public struct RunRecord: Hashable, Sendable {
  /// An order and how it ended.
  public struct OrderEntry: Hashable, Sendable {
    /// What was sent.
    public var order: Order
    /// How much of it was executed.
    public var filled: Quantity
    /// When it ended; `nil` while it works.
    public var done: Timestamp?
    /// What it was for.
    public var role: OrderRole
    /// How it ended; `nil` while it works.
    public var ending: OrderState?
    /// Why we asked for its end, if we did.
    public var cancelReason: CancelReason?
  }

  /// What the pair has and has spent right after a fill.
  public struct Holding: Hashable, Sendable {
    /// The index of the candle that was being played.
    public var candle: Int
    /// Σ sells − Σ buys − Σ fees of the pair's fills so far: what the account's cash owes to it.
    public var cashFlow: Money
    /// Base currency held.
    public var position: Quantity
  }

  /// A close that was a signal.
  public struct Signal: Hashable, Sendable {
    /// The time of the close.
    public var time: Timestamp
    /// What came of it.
    public var outcome: SignalOutcome
  }

  /// A refusal and when it was.
  public struct TimedRefusal: Hashable, Sendable {
    /// The time of the close.
    public var time: Timestamp
    /// The rule and its figures.
    public var refusal: Refusal
  }

  /// All orders by number: the first has number 1.
  public internal(set) var orders: [OrderEntry] = []
  /// All fills as they happened.
  public internal(set) var fills: [Fill] = []
  /// All trades in the order in which they closed.
  public internal(set) var trades: [ClosedTrade] = []
  /// All signals, oldest first.
  public internal(set) var signals: [Signal] = []
  /// What was held after each fill, in the order of `fills`.
  public internal(set) var holdings: [Holding] = []
  /// How often a stop was moved up.
  public internal(set) var ratchets = 0
  /// Entries that the portfolio refused, oldest first.
  public internal(set) var refusals: [TimedRefusal] = []
  /// How often the portfolio cut an entry's size.
  public internal(set) var sizeCuts = 0
  /// The breaker's trip, if it was this pair's close at which it tripped.
  public internal(set) var trip: BreakerTrip?
  /// The pair's closes at which the day's loss reached its limit.
  public internal(set) var daysLost: [Timestamp] = []
  /// Reports that did not fit.
  public internal(set) var anomalies: [Anomaly] = []

  /// A record of nothing.
  public init() {}
}

extension RunRecord: Journal {
  /// Only what came of events.
  @inlinable
  public static var keepsQuietEvents: Bool { false }

  /// Takes what is to be known of an event.
  @inlinable
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    if !outbox.isEmpty { take(outbox) }
  }

  @usableFromInline
  mutating func take(_ outbox: borrowing Outbox) {
    for index in outbox.commands.indices {
      guard case .submit(let order, let role) = outbox.commands[index] else { continue }
      orders.append(
        OrderEntry(
          order: order, filled: .zero, done: nil, role: role, ending: nil, cancelReason: nil))
    }
    // By index and in one function, so that no note, as wide as the widest, is handed around.
    for index in outbox.notes.indices {
      switch outbox.notes[index] {
      case .signal(let time, let outcome): signals.append(Signal(time: time, outcome: outcome))
      case .ratchet: ratchets += 1
      case .trade(let trade): trades.append(trade)
      case .anomaly(let anomaly): anomalies.append(anomaly)
      case .fill(let fill, let candle, let position):
        fills.append(fill)
        orders[place(of: fill.order)].filled += fill.quantity
        let flow = holdings.last?.cashFlow ?? .zero
        holdings.append(
          Holding(candle: candle, cashFlow: flow + fill.cashFlow, position: position))
      case .refused(let refusal, let time):
        refusals.append(TimedRefusal(time: time, refusal: refusal))
      case .sizeCut: sizeCuts += 1
      case .tripped(let trip): self.trip = trip
      case .dayLost(let time): daysLost.append(time)
      case .orderDone(let id, let ending, let reason, let time):
        let place = place(of: id)
        orders[place].ending = ending
        orders[place].done = time
        orders[place].cancelReason = reason
      }
    }
  }

  private func place(of id: ClientOrderID) -> Int { Int(id.number) - 1 }
}
