public import Execution
public import Market

/// The exit orders of one position, from its first fill to its last; SEMANTICS 5.
///
/// One leg for each order that stood in the market to sell the position: the stop, each replacement
/// further up, and the limit sells that rescue what a stop left unsold. Laid end to end they are the
/// step line of a chart and the answer to why a position was sold where it was.
public struct StopHistory: Hashable, Sendable {
  /// One exit order while it stood.
  public struct Leg: Hashable, Sendable {
    /// The order's number.
    public var number: UInt64
    /// A stop, or what took its place.
    public var role: OrderRole
    /// The price at or below which a stop wakes; `nil` for a plain limit sell.
    public var trigger: Price?
    /// The least price at which it sells.
    public var limit: Price
    /// How much it was to sell.
    public var quantity: Quantity
    /// How much it sold.
    public var filled: Quantity
    /// When it was submitted.
    public var from: Timestamp
    /// When it ended; `nil` while it works.
    public var to: Timestamp?
    /// Why we asked for its end, if we did.
    public var cancelReason: CancelReason?

    /// The leg of an exit order.
    init(_ entry: RunRecord.OrderEntry) {
      number = entry.order.id.number
      role = entry.role
      trigger = entry.order.trigger
      limit = entry.order.limit
      quantity = entry.order.quantity
      filled = entry.filled
      from = entry.order.submitted
      to = entry.done
      cancelReason = entry.cancelReason
    }
  }

  /// The number of the order that opened the position.
  public var entryOrder: UInt64
  /// When its first fill came.
  public var opened: Timestamp
  /// The exit orders in the sequence of submission.
  public var legs: [Leg]
  /// The places of the position's fills, bought and sold, in `RunRecord.fills`.
  public var fills: Range<Int>
  /// The fill that closed it; `nil` while it is open.
  public var closing: Fill?

  /// How many limit sells were submitted to rescue it.
  public var escalations: Int { legs.count { $0.role == .escalation } }

  /// The histories of all positions of a run, oldest first: the n-th belongs to the n-th closed
  /// trade, and one more to the position that is open at the end.
  ///
  /// - Complexity: O(orders + fills).
  public static func all(of record: RunRecord) -> [StopHistory] {
    var histories: [StopHistory] = []
    var orders = record.orders[...]
    var held = Quantity.zero
    var first = 0
    for (index, fill) in record.fills.enumerated() {
      if held == .zero { first = index }
      held = fill.side == .buy ? held + fill.quantity : held - fill.quantity
      guard held == .zero else { continue }
      let exits = takeExits(of: &orders, upTo: fill.order.number)
      histories.append(StopHistory(exits, first..<(index + 1), record, isClosed: true))
    }
    if held != .zero {
      let exits = takeExits(of: &orders, upTo: .max)
      histories.append(StopHistory(exits, first..<record.fills.count, record, isClosed: false))
    }
    return histories
  }

  private init(_ legs: [Leg], _ fills: Range<Int>, _ record: RunRecord, isClosed: Bool) {
    let opening = record.fills[fills.lowerBound]
    entryOrder = opening.order.number
    opened = opening.time
    self.legs = legs
    self.fills = fills
    closing = isClosed ? record.fills[fills.upperBound - 1] : nil
  }

  /// Takes the orders up to the one that closed the position, and returns the exits among them.
  private static func takeExits(
    of orders: inout ArraySlice<RunRecord.OrderEntry>, upTo last: UInt64
  ) -> [Leg] {
    var legs: [Leg] = []
    while let entry = orders.first {
      // Where a fill overtook a cancel, the order that was to follow found nothing to sell.
      let isLeftOver = entry.role != .entry && entry.cancelReason == .flat
      guard entry.order.id.number <= last || isLeftOver else { break }
      if entry.role != .entry { legs.append(Leg(entry)) }
      orders.removeFirst()
    }
    return legs
  }
}
