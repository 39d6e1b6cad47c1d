import Execution
import Market
import Persistence
import Sandbox

/// I6: every entry is a limit buy, nothing is a market order, and there is one order for one intent.
extension EndCheck {
  static func orders(_ testimony: Testimony, _ record: SessionRecord) -> [Violation] {
    var violations: [Violation] = []
    func add(_ order: SandboxOrder, _ text: String) {
      violations.append(Violation(.orders, "\(testimony.name(order)) \(text)"))
    }
    let rows = Dictionary(
      record.pairs.flatMap(\.orders).map { ($0.order.id, $0) }, uniquingKeysWith: { $1 })
    var seen: Set<String> = []
    for order in testimony.orders {
      switch (order.wish.terms, order.wish.side) {
      case (.limit, _), (.stopLimit(_, _, .down, _), .sell): break
      case (.market, _), (.stopLimit, _):
        add(order, "is no limit order and no stop that sells: \(order.wish.terms)")
      }
      if !seen.insert(order.wish.clientID).inserted, !mayBeTwice(order, testimony) {
        add(order, "is there twice")
      }
      guard let id = ClientOrderID(clientName: order.wish.clientID), id.session == record.session,
        let row = rows[id]
      else {
        add(order, "is none of the record's")
        continue
      }
      if !isSame(order, row.order, testimony) {
        add(
          order,
          "is for \(order.quantity) at \(order.limit), the record says \(row.order.quantity) at "
            + "\(row.order.limit)")
      }
      if order.wish.side == .buy, order.isPostOnly != row.order.isPostOnly {
        add(
          order, "\(order.isPostOnly ? "may only rest" : "may take"), and not so by the record")
      }
      if order.status.isWorking, row.done != nil {
        add(order, "works at the end, and is over for the record (\(row.state.rawValue))")
      }
    }
    return violations + unknownToExchange(testimony, record, seen)
  }

  /// Whether an exit may have arrived twice.
  ///
  /// One that is still on its way is sent again, and the Exchange makes two of it (decision note 19). The
  /// second one is ended, which I2 and I3 look at.
  private static func mayBeTwice(_ order: SandboxOrder, _ testimony: Testimony) -> Bool {
    order.wish.side == .sell && !order.status.isWorking && testimony.mayHaveTwins
  }

  /// Whether an order is what the record says.
  ///
  /// Where something went wrong, an exit may be for what is there, and the old stop back in its place. Kills
  /// and absences alone are no reason for another price.
  private static func isSame(
    _ order: SandboxOrder, _ own: Order, _ testimony: Testimony
  ) -> Bool {
    guard own.side == order.wish.side, Int(own.id.pair) == order.market else { return false }
    if own.side == .sell, !testimony.settings.faults.rules.isEmpty {
      return order.quantity <= own.quantity
    }
    // A stop that the market is through is sent as the limit sell that it would become: SEMANTICS 5.8.
    return own.limit == order.limit && own.quantity == order.quantity
      && (order.stopTrigger == nil || order.stopTrigger == own.trigger)
  }

  /// Orders that work by the record, and not at the exchange.
  private static func unknownToExchange(
    _ testimony: Testimony, _ record: SessionRecord, _ seen: Set<String>
  ) -> [Violation] {
    let working = Set(testimony.orders.filter(\.status.isWorking).map(\.wish.clientID))
    return record.pairs.flatMap { pair in
      pair.orders.filter { row in
        row.done == nil && !working.contains("\(row.order.id)")
          // Coins that somebody else took cannot be offered; the session tries, and gives the alarm.
          && !(row.order.side == .sell && testimony.hasLost(pair.product))
      }.map { row in
        Violation(
          .orders,
          "\(row.order.side.rawValue) \(pair.product)-\(row.order.id.number) is "
            + "\(row.state.rawValue) by the record, and does not work at the exchange"
            + (seen.contains("\(row.order.id)") ? "" : ", which never had it"))
      }
    }
  }
}

extension SandboxOrder {
  /// Whether it is refused rather than filled as taker.
  fileprivate var isPostOnly: Bool {
    if case .limit(_, _, let isPostOnly) = wish.terms { isPostOnly } else { false }
  }
}
