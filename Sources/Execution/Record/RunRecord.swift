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

  /// The account of the pair right after a fill.
  public struct Holding: Hashable, Sendable {
    /// The index of the candle in which it came to be so.
    public var candle: Int
    /// Quote currency in hand.
    public var cash: Money
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

  /// All orders by number: the first has number 1.
  public internal(set) var orders: [OrderEntry] = []
  /// All fills as they happened.
  public internal(set) var fills: [Fill] = []
  /// All trades in the order in which they closed.
  public internal(set) var trades: [ClosedTrade] = []
  /// All signals, oldest first.
  public internal(set) var signals: [Signal] = []
  /// The account after the last fill of each candle that had one, oldest first.
  public internal(set) var holdings: [Holding] = []
  /// How often a stop was moved up.
  public internal(set) var ratchets = 0
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
      case .fill(let fill, let candle, let cash, let position):
        fills.append(fill)
        orders[place(of: fill.order)].filled += fill.quantity
        let holding = Holding(candle: candle, cash: cash, position: position)
        if holdings.last?.candle == candle { holdings.removeLast() }
        holdings.append(holding)
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
