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
      if !isSame(order, row, record.pairs[Int(id.pair)], testimony) {
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
  /// An exit may be for what there is where coins may have been missing, and have another price where the
  /// exchange refused this very order before. No other fault, kill or absence is a reason for either.
  private static func isSame(
    _ order: SandboxOrder, _ row: OrderRow, _ pair: SessionRecord.Pair, _ testimony: Testimony
  ) -> Bool {
    let own = row.order
    guard own.side == order.wish.side, Int(own.id.pair) == order.market else { return false }
    let isPart = own.side == .sell && testimony.mayLackCoins(for: order)
    guard own.quantity == order.quantity || isPart && order.quantity < own.quantity else {
      return false
    }
    // A stop that the market is through is sent as the limit sell that it would become: SEMANTICS 5.8.
    if own.limit == order.limit, order.stopTrigger == nil || order.stopTrigger == own.trigger {
      return true
    }
    return own.side == .sell && testimony.wasRefused(order)
      && mayFollowRefusal(order, row, pair, testimony)
  }

  /// Whether an exit of another price is one that may take the place of a refused one: the stop that was there
  /// before, or an offer at the market's price, which is none below that of an operator.
  private static func mayFollowRefusal(
    _ order: SandboxOrder, _ row: OrderRow, _ pair: SessionRecord.Pair, _ testimony: Testimony
  ) -> Bool {
    let own = row.order
    let before = pair.orders.filter {
      $0.position == row.position && $0.role == .stop && $0.order.id.number < own.id.number
    }
    if let trigger = order.stopTrigger {
      return before.contains { $0.order.trigger == trigger && $0.order.limit == order.limit }
    }
    if row.role == .forced { return order.limit >= own.limit }
    // The market may be through the old stop as well by the time that it goes back.
    return before.contains { $0.order.limit == order.limit }
      || testimony.hasTraded(atLimitOf: order)
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

extension Testimony {
  /// Whether the exchange has refused an order on purpose before it took one of that name.
  fileprivate func wasRefused(_ order: SandboxOrder) -> Bool {
    faults.contains { fault in
      fault.kind == .stopRefused && fault.market == order.market && fault.time <= order.created
        && fault.what.contains("'\(order.wish.clientID)'")
    }
  }

  /// Whether something went wrong before an order by which an account may have less to sell than is held.
  fileprivate func mayLackCoins(for order: SandboxOrder) -> Bool {
    faults.contains { fault in
      fault.kind.mayLeaveCoinsOut && fault.time <= order.created
        && fault.market.map { $0 == order.market } ?? true
    }
  }

  /// Whether a product had traded at an order's limit when it was placed, as far as the session was told: the
  /// Exchange tells of a fill of another order of ours as of a trade, too.
  fileprivate func hasTraded(atLimitOf order: SandboxOrder) -> Bool {
    happenings.contains { happening in
      switch happening {
      case .trade(let trade, _, _):
        trade.market == order.market && trade.price == order.limit && trade.time <= order.created
      case .order(let other, .filled(let fill)):
        usesExchangeAPI && other.id != order.id && other.market == order.market
          && fill.price == order.limit && fill.time <= order.created
      case .order, .heartbeat, .started, .parting, .ended, .asked, .answered: false
      }
    }
  }
}

extension FaultKind {
  /// Whether coins may be away by it, be held for longer, or by an order that the session has given up.
  fileprivate var mayLeaveCoinsOut: Bool {
    switch self {
    case .balanceMoved, .holdLate, .creditLate, .stopFailed, .cancelLate, .latency, .lostAnswer,
      .cutAnswer, .serverError, .restart, .maintenance:
      true
    case .rateLimited, .unauthorized, .messageDropped, .messageDelayed, .messageRepeated,
      .messageReordered, .sequenceGap, .socketDropped, .socketSilent, .cancelFilled, .partialFill,
      .orderPending, .stopRefused, .stopUnfilled, .exitMinimums, .fillsLate, .candlesLate,
      .clockSkew, .productHalted:
      false
    }
  }
}
