import Execution
import Market

/// A pair's rows as they change: what an event and its outcome mean for the tables.
///
/// It keeps what works and what is open, so that one event touches few rows; what is over is written
/// and forgotten. It follows the engine's notes and decides nothing itself.
struct PairBook {
  /// A fill with the position it belongs to and what it left.
  struct FillRow {
    var fill: Fill
    var position: Int
    var held: Quantity
    var seq: Int64
  }

  /// A report that did not fit.
  struct AnomalyRow {
    var seq: Int64
    var time: Timestamp
    var problem: String
  }

  /// What is to be written, in the order of the tables' references.
  struct Changes {
    var orders: [UInt64] = []
    var position = false
    var closed: [PositionRow] = []
    var fills: [FillRow] = []
    var ratchets: [RatchetRow] = []
    var signals: [SignalRow] = []
    var anomalies: [AnomalyRow] = []
    var isHalted = false

    /// Whether nothing is to be written.
    var isEmpty: Bool {
      orders.isEmpty && !position && closed.isEmpty && fills.isEmpty && signals.isEmpty
        && anomalies.isEmpty && !isHalted
    }

    /// Empties it and keeps its memory.
    mutating func clear() {
      orders.removeAll(keepingCapacity: true)
      position = false
      closed.removeAll(keepingCapacity: true)
      fills.removeAll(keepingCapacity: true)
      ratchets.removeAll(keepingCapacity: true)
      signals.removeAll(keepingCapacity: true)
      anomalies.removeAll(keepingCapacity: true)
      isHalted = false
    }
  }

  /// Orders that are not over, and those of the present changes; few.
  private(set) var orders: [OrderRow] = []
  /// The open position.
  private(set) var position: PositionRow?
  /// The number of the pair's last position.
  private(set) var lastPosition = 0
  /// Whether an operator has stopped entries.
  private(set) var isHalted = false
  /// What is to be written.
  private(set) var changes = Changes()

  /// The book of a pair that has done nothing yet.
  init() {}

  /// The book of a pair as its rows stand.
  init(working: [OrderRow], position: PositionRow?, lastPosition: Int, isHalted: Bool) {
    orders = working
    self.position = position
    self.lastPosition = lastPosition
    self.isHalted = isHalted
  }

  /// Units held.
  var held: Quantity { position?.held ?? .zero }

  /// The order of that number, where it is not over.
  func order(_ number: UInt64) -> OrderRow? { orders.first { $0.order.id.number == number } }

  /// Takes up an order again that was over: something late was reported.
  mutating func recall(_ row: OrderRow) { orders.append(row) }

  /// Takes what the exchange calls an order.
  mutating func name(_ number: UInt64, _ exchangeID: String) {
    guard order(number)?.exchangeID != exchangeID else { return }
    change(number) { $0.exchangeID = exchangeID }
  }

  /// Takes an event and its outcome.
  mutating func take(_ event: Event, at time: Timestamp, seq: Int64, _ outbox: borrowing Outbox) {
    switch event {
    case .report(let report): change(report.order.number) { $0.take(report) }
    case .halt: (isHalted, changes.isHalted) = (true, true)
    case .resume: (isHalted, changes.isHalted) = (false, true)
    case .trade, .candleClosed, .clock, .enter, .forceExit, .cancelEntry, .liquidate, .decide: break
    }
    var refusal: Refusal?
    for index in outbox.notes.indices {
      switch outbox.notes[index] {
      case .signal(let time, let outcome):
        changes.signals.append(SignalRow(time: time, outcome: outcome, refusal: refusal.take()))
      case .refused(let why, _): refusal = why
      case .fill(let fill, _, let held): take(fill, held: held, seq: seq)
      case .orderDone(let id, let ending, _, let time):
        change(id.number) {
          $0.state = ending
          $0.done = time
        }
      case .ratchet(let from, let to, let highest, let time):
        ratchet(from: from, to: to, highest: highest, time: time)
      case .trade(let trade):
        if var over = position.take() {
          over.take(trade)
          changes.closed.append(over)
          changes.position = false
        }
      case .anomaly(let anomaly):
        changes.anomalies.append(AnomalyRow(seq: seq, time: time, problem: "\(anomaly)"))
      case .sizeCut, .tripped, .dayLost: break
      }
    }
    for index in outbox.commands.indices { take(outbox.commands[index], at: time) }
  }

  private mutating func take(_ command: Command, at time: Timestamp) {
    switch command {
    case .submit(let order, let role):
      orders.append(
        OrderRow(order: order, role: role, position: role == .entry ? nil : position?.number))
      changes.orders.append(order.id.number)
      guard role != .entry, position != nil else { return }
      if let trigger = order.trigger { position?.trigger = trigger }
      if role == .escalation || role == .liquidation { position?.escalations += 1 }
      changes.position = true
    case .cancel(let id, let reason):
      change(id.number) {
        $0.state = .cancelPending
        $0.cancelReason = reason
        $0.cancelTime = time
      }
    }
  }

  private mutating func take(_ fill: Fill, held: Quantity, seq: Int64) {
    if position == nil {
      lastPosition += 1
      position = PositionRow(number: lastPosition, opening: fill)
    }
    position?.take(fill, held: held)
    changes.position = true
    let number = position?.number ?? lastPosition
    changes.fills.append(FillRow(fill: fill, position: number, held: held, seq: seq))
    change(fill.order.number) { $0.take(fill, position: number) }
  }

  private mutating func ratchet(from: Price, to: Price, highest: Price, time: Timestamp) {
    guard position != nil else { return }
    position?.ratchets += 1
    position?.highest = highest
    changes.position = true
    changes.ratchets.append(
      RatchetRow(
        position: position?.number ?? lastPosition, ordinal: position?.ratchets ?? 0, time: time,
        from: from, to: to, highest: highest))
  }

  private mutating func change(_ number: UInt64, _ edit: (inout OrderRow) -> Void) {
    guard let index = orders.lastIndex(where: { $0.order.id.number == number }) else { return }
    edit(&orders[index])
    if !changes.orders.contains(number) { changes.orders.append(number) }
  }

  /// Forgets what is written now, and orders that are over.
  mutating func written() {
    for number in changes.orders {
      guard let index = orders.lastIndex(where: { $0.order.id.number == number }) else { continue }
      if orders[index].done != nil {
        orders.remove(at: index)
      } else {
        orders[index].isStored = true
      }
    }
    if position != nil { position?.isStored = true }
    changes.clear()
  }
}
