public import Execution
import Market

/// How often what happened in a run.
public struct Counts: Hashable, Sendable {
  /// Closes that were a signal; SEMANTICS 4.2.
  public var signals: Int
  /// Entries submitted.
  public var entries: Int
  /// Signals not acted on, by cause; a cause that did not occur has no member.
  public var skipped: [SkipCause: Int]
  /// Orders submitted, of any role.
  public var orders: Int
  /// Fills, of any order.
  public var fills: Int
  /// Positions closed.
  public var trades: Int
  /// Stops moved up, an open position's included; SEMANTICS 5.4.
  public var ratchets: Int
  /// Fills for less than the order's quantity.
  public var partialFills: Int
  /// Trades by what closed them; a reason that did not occur has no member.
  public var exitReasons: [ExitReason: Int]

  /// Counts what a record holds.
  public init(_ record: RunRecord) {
    signals = record.signals.count
    entries = record.orders.count { $0.role == .entry }
    skipped = [:]
    orders = record.orders.count
    fills = record.fills.count
    trades = record.trades.count
    ratchets = record.ratchets
    partialFills = record.fills.count {
      $0.quantity < record.orders[Int($0.order.number) - 1].order.quantity
    }
    exitReasons = [:]
    for signal in record.signals {
      if case .skipped(let cause) = signal.outcome { skipped[cause, default: 0] += 1 }
    }
    for trade in record.trades { exitReasons[trade.exitReason, default: 0] += 1 }
  }

  /// The counts of two pairs together.
  public static func + (left: Counts, right: Counts) -> Counts {
    var sum = left
    sum.signals += right.signals
    sum.entries += right.entries
    sum.skipped.merge(right.skipped) { $0 + $1 }
    sum.orders += right.orders
    sum.fills += right.fills
    sum.trades += right.trades
    sum.ratchets += right.ratchets
    sum.partialFills += right.partialFills
    sum.exitReasons.merge(right.exitReasons) { $0 + $1 }
    return sum
  }
}
