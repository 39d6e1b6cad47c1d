public import Market

/// A fact that the engine established while it handled an event: for records and reports, not for
/// the exchange.
///
/// What is wide and rare stands in a box of its own: a note is as wide as its widest case, and
/// the many that say that a stop moved up would be carried around in four times their size.
public enum Note: Hashable, Sendable {
  /// A candle's close was a signal, and this came of it.
  case signal(time: Timestamp, SignalOutcome)
  /// An execution was counted, while that candle was played; the position is that right after it.
  case fill(Fill, candle: Int, position: Quantity)
  /// The portfolio refused the entry of a signal.
  case refused(Refusal, time: Timestamp)
  /// The portfolio cut an entry to what its rule (b) allows; 0 where no order came of it.
  case sizeCut(from: Quantity, to: Quantity, time: Timestamp)
  /// The breaker tripped at this pair's close.
  case tripped(BreakerTrip)
  /// The day's loss reached its limit at this pair's close.
  case dayLost(time: Timestamp)
  /// An order is over: how it ended, and why we asked for that, if we did.
  case orderDone(ClientOrderID, OrderState, because: CancelReason?, time: Timestamp)
  /// A stop is to move up.
  case ratchet(from: Price, to: Price, highest: Price, time: Timestamp)
  /// A position closed.
  case trade(ClosedTrade)
  /// Something was reported that does not fit; it changed nothing.
  case anomaly(Anomaly)
}

/// What came of a signal.
public enum SignalOutcome: Hashable, Sendable {
  /// An entry with this number was submitted.
  case entry(UInt64)
  /// Nothing was, for this cause.
  case skipped(SkipCause)
}

/// Why a signal was not acted on: the first cause that applies; SEMANTICS 4.3.
public enum SkipCause: String, Error, Hashable, Sendable, CaseIterable {
  /// The pair holds a position.
  case position
  /// An order of the pair works.
  case workingOrder = "working_order"
  /// Too few candles since the last exit.
  case cooldown
  /// Below the product's minimums, or a price that would be 0.
  case size
  /// Halted, or refused by a limit of the portfolio.
  case risk
}

/// A report that does not fit what the engine knows.
public enum Anomaly: Hashable, Sendable, CustomStringConvertible {
  /// No order of that id is known, or it has been over for long.
  case unknownOrder(OrderReport)
  /// The order's state does not allow it.
  case transition(OrderTransitionError, OrderReport)
  /// This execution was counted before.
  case repeatedFill(Fill)
  /// More than was ordered, or more than is held.
  case excessFill(Fill)
  /// A sale by an order that buys, or the other way round.
  case wrongSide(Fill)

  /// Whether something was bought or sold that is not counted, so that account and record differ by it.
  package var leavesFillOut: Bool {
    switch self {
    case .unknownOrder(let report): if case .filled = report.news { true } else { false }
    case .excessFill, .wrongSide: true
    case .transition, .repeatedFill: false
    }
  }

  /// One line for the journal.
  public var description: String {
    switch self {
    case .unknownOrder(let report): "report about order \(report.order), which is not known"
    case .transition(let error, let report): "order \(report.order): \(error)"
    case .repeatedFill(let fill): "fill \(fill.id) of order \(fill.order) was counted before"
    case .excessFill(let fill):
      "fill \(fill.id) of order \(fill.order) for \(fill.quantity) is more than there is"
    case .wrongSide(let fill):
      "fill \(fill.id) of order \(fill.order) is a \(fill.side.rawValue), which the order is not"
    }
  }
}

/// What handling one event yields.
///
/// Reused from event to event: a fresh array is an allocation.
public struct Outbox: Hashable, Sendable {
  /// To be carried out, in this order, after the journal has them.
  public var commands: [Command] = []
  /// To be recorded.
  public var notes: [Note] = []

  /// An empty outbox.
  public init() {}

  /// Whether the event changed nothing that anybody need know.
  @inlinable
  public var isEmpty: Bool { commands.isEmpty && notes.isEmpty }

  /// Empties it and keeps its memory.
  @inlinable
  public mutating func clear() {
    commands.empty()
    notes.empty()
  }
}

extension Array {
  /// Removes all elements and keeps the memory.
  ///
  /// One by one: mostly there is one or none, and `removeAll(keepingCapacity:)`, made for many, takes
  /// longer than what the loop around it does.
  @inlinable @inline(__always)
  package mutating func empty() {
    while !isEmpty { removeLast() }
  }
}
