public import Execution
import Market

/// What a pair traded, step by step: what two runs are compared by.
public struct TradeLog: Journal, Sendable {
  /// A step.
  enum Entry: Hashable, Sendable {
    /// An order was submitted.
    case submit(Order, OrderRole)
    /// An execution; without the exchange's number, which is its own.
    case fill(Fill)
    /// An order is over.
    case done(UInt64, OrderState, Timestamp)
    /// A position is closed.
    case trade(ClosedTrade)
  }

  /// Oldest first.
  private(set) var entries: [Entry] = []

  /// A log of nothing.
  @usableFromInline
  init() {}

  /// Only what came of events.
  @inlinable
  public static var keepsQuietEvents: Bool { false }

  /// Takes what came of an event.
  @inlinable
  public mutating func append(_ event: @autoclosure () -> Event, _ outbox: borrowing Outbox) {
    if !outbox.isEmpty { take(outbox) }
  }

  @usableFromInline
  mutating func take(_ outbox: borrowing Outbox) {
    // Notes first: a fill comes before the order that answers it.
    for index in outbox.notes.indices {
      switch outbox.notes[index] {
      case .fill(var fill, _, _):
        fill.id = 0
        entries.append(.fill(fill))
      case .orderDone(let id, let ending, _, let time):
        entries.append(.done(id.number, ending, time))
      case .trade(let trade): entries.append(.trade(trade))
      case .signal, .refused, .sizeCut, .tripped, .dayLost, .ratchet, .anomaly: break
      }
    }
    for index in outbox.commands.indices {
      if case .submit(let order, let role) = outbox.commands[index] {
        entries.append(.submit(order, role))
      }
    }
  }

  /// The executions.
  var fills: [Fill] {
    entries.compactMap { entry in
      if case .fill(let fill) = entry { fill } else { nil }
    }
  }

  /// The orders that were submitted.
  var orders: [(order: Order, role: OrderRole)] {
    entries.compactMap { entry in
      if case .submit(let order, let role) = entry { (order, role) } else { nil }
    }
  }

  /// The first thing that another log has otherwise, in words; `nil` where they are the same.
  func firstDifference(from other: TradeLog) -> String? {
    for place in 0..<max(entries.count, other.entries.count) {
      let own = entries.indices.contains(place) ? entries[place] : nil
      let twin = other.entries.indices.contains(place) ? other.entries[place] : nil
      guard own != twin else { continue }
      return "\(own?.text ?? "nothing") in place of \(twin?.text ?? "nothing")"
    }
    return nil
  }
}

extension TradeLog.Entry {
  /// What a person reads.
  var text: String {
    switch self {
    case .submit(let order, let role):
      "order \(order.id.number), \(role.rawValue) of \(order.quantity) at \(order.limit)"
    case .fill(let fill):
      "\(fill.quantity) of order \(fill.order.number) filled at \(fill.price)"
    case .done(let number, let ending, let time):
      "order \(number) \(ending.rawValue) at \(time)"
    case .trade(let trade): "position closed, realised \(trade.realised)"
    }
  }
}
