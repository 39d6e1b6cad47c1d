import JSON
import Market

/// Orders and fills as Advanced Trade shows them; coinbase.md A.8 and A.13.
enum AdvancedOrders {
  typealias Member = (key: String, value: JSONTree)

  /// An order, of REST.
  static func order(_ order: SandboxOrder, _ exchange: SandboxExchange) -> JSONTree {
    let names = exchange.names
    let (rejectReason, rejectMessage) = rejection(of: order)
    return .object([
      ("order_id", .string(order.id)), ("product_id", .string(order.wish.productID)),
      ("user_id", .string(names.user)),
      ("order_configuration", .object([configuration(of: order)])),
      ("side", .string(side(order.wish.side))), ("client_order_id", .string(order.wish.clientID)),
      ("status", .string(status(of: order))),
      ("time_in_force", .string(timeInForce(of: order))),
      ("created_time", .string("\(order.created)")),
      ("completion_percentage", .string(completion(of: order))),
      ("filled_size", .string("\(order.filled)")),
      ("average_filled_price", .string("\(order.averagePrice)")), ("fee", .string("")),
      ("number_of_fills", .string("\(order.fillCount)")),
      ("filled_value", .string("\(order.filledValue)")),
      ("pending_cancel", .bool(order.disguise == .cancelQueued)),
      ("size_in_quote", .bool(isInQuote(order))), ("total_fees", .string("\(order.fees)")),
      ("size_inclusive_of_fees", .bool(isInQuote(order))),
      ("total_value_after_fees", .string("\(valueAfterFees(of: order))")),
      ("trigger_status", .string(trigger(of: order))),
      ("order_type", .string(type(of: order))), ("reject_reason", .string(rejectReason)),
      ("settled", .bool(!order.status.isWorking && order.filled > .zero)),
      ("product_type", .string("SPOT")), ("reject_message", .string(rejectMessage)),
      ("cancel_message", .string(order.cancelReason)),
      ("order_placement_source", .string("RETAIL_ADVANCED")),
      ("outstanding_hold_amount", .string("\(order.held)")), ("is_liquidation", .bool(false)),
      ("last_fill_time", order.lastFill.map { .string("\($0)") } ?? .null),
      ("edit_history", .array(order.edits.suffix(5).map(edit))), ("leverage", .string("")),
      ("margin_type", .string("UNKNOWN_MARGIN_TYPE")),
      ("retail_portfolio_id", .string(names.portfolio)),
      ("originating_order_id", .string("")), ("attached_order_id", .string("")),
      ("attached_order_configuration", .null), ("current_pending_replace", .null),
      ("commission_detail_total", .null), ("workable_size", .string("")),
      ("last_update_time", .string("\(order.updated)")),
    ])
  }

  /// An order, of the channel `user`.
  static func feedOrder(_ order: SandboxOrder, _ exchange: SandboxExchange) -> JSONTree {
    let isWorking = order.status.isWorking
    let (rejectReason, rejectMessage) = rejection(of: order)
    var limit = ""
    var stop = ""
    var isPostOnly = false
    var end = zeroTime
    switch order.wish.terms {
    case .market: break
    case .limit(_, _, let flag): (limit, isPostOnly) = ("\(order.limit)", flag)
    case .stopLimit(let trigger, _, _, _): (limit, stop) = ("\(order.limit)", "\(trigger)")
    }
    if case .until(let time) = order.wish.terms.lifetime { end = "\(time)" }
    return .object([
      ("avg_price", .string("\(order.averagePrice)")),
      ("cancel_reason", .string(order.cancelReason)),
      ("client_order_id", .string(order.wish.clientID)),
      ("completion_percentage", .string(completion(of: order))),
      ("contract_expiry_type", .string("UNKNOWN_CONTRACT_EXPIRY_TYPE")),
      ("cumulative_quantity", .string("\(order.filled)")),
      ("filled_value", .string("\(order.filledValue)")),
      ("leaves_quantity", .string(isWorking ? "\(order.left)" : "0")),
      ("limit_price", .string(limit)), ("number_of_fills", .string("\(order.fillCount)")),
      ("order_id", .string(order.id)), ("order_side", .string(side(order.wish.side))),
      ("order_type", .string(type(of: order))),
      ("outstanding_hold_amount", .string("\(order.held)")),
      ("post_only", .string(isPostOnly ? "true" : "false")),
      ("product_id", .string(order.wish.productID)), ("product_type", .string("SPOT")),
      (
        "reject_reason",
        .string(rejectReason == unspecified ? rejectMessage : rejectReason)
      ),
      ("reject_code", .string(rejectReason)),
      ("retail_portfolio_id", .string(exchange.names.portfolio)),
      ("risk_managed_by", .string("UNKNOWN_RISK_MANAGEMENT_TYPE")),
      ("status", .string(status(of: order))), ("stop_price", .string(stop)),
      ("time_in_force", .string(timeInForce(of: order))),
      ("total_fees", .string("\(order.fees)")),
      ("total_value_after_fees", .string("\(valueAfterFees(of: order))")),
      ("trigger_status", .string(trigger(of: order))),
      ("creation_time", .string("\(order.created)")), ("end_time", .string(end)),
      ("start_time", .string(zeroTime)),
    ])
  }

  /// An execution.
  static func fill(_ fill: SandboxFill, _ exchange: SandboxExchange) -> JSONTree {
    let order = exchange.orders[fill.order]
    let names = exchange.names
    return .object([
      ("entry_id", .string(entry(of: fill, exchange))), ("trade_id", .string("\(fill.fill.id)")),
      ("order_id", .string(order.id)), ("trade_time", .string("\(fill.fill.time)")),
      ("trade_type", .string("FILL")), ("price", .string("\(fill.fill.price)")),
      ("size", .string("\(fill.fill.quantity)")), ("commission", .string("\(fill.fill.fee)")),
      ("product_id", .string(order.wish.productID)),
      ("sequence_timestamp", .string("\(fill.fill.time)")),
      ("liquidity_indicator", .string(fill.fill.liquidity == .maker ? "MAKER" : "TAKER")),
      ("size_in_quote", .bool(false)), ("user_id", .string(names.user)),
      ("side", .string(side(fill.fill.side))),
      ("retail_portfolio_id", .string(names.portfolio)),
      ("fillSource", .string("FILL_SOURCE_CLOB")),
      ("commission_detail_total", .null),
    ])
  }

  /// What tells an execution from all others; trades are counted by product.
  static func entry(of fill: SandboxFill, _ exchange: SandboxExchange) -> String {
    "\(exchange.markets[exchange.orders[fill.order].market].id)-\(fill.fill.id)"
  }

  static func side(_ side: Side) -> String { side == .buy ? "BUY" : "SELL" }

  static func status(of order: SandboxOrder) -> String {
    switch order.status {
    case .open:
      switch order.disguise {
      case .none: "OPEN"
      case .pending: "PENDING"
      case .cancelQueued: "CANCEL_QUEUED"
      }
    case .filled: "FILLED"
    case .cancelled: "CANCELLED"
    case .expired: "EXPIRED"
    case .failed: "FAILED"
    }
  }

  static func type(of order: SandboxOrder) -> String {
    switch order.wish.terms {
    case .market: "MARKET"
    case .limit: "LIMIT"
    case .stopLimit: "STOP_LIMIT"
    }
  }

  static func timeInForce(of order: SandboxOrder) -> String {
    switch order.wish.terms.lifetime {
    case .untilCancelled: "GOOD_UNTIL_CANCELLED"
    case .until: "GOOD_UNTIL_DATE_TIME"
    case .immediate: "IMMEDIATE_OR_CANCEL"
    case .wholeOrNothing: "FILL_OR_KILL"
    }
  }

  /// "No time".
  static let zeroTime = "0001-01-01T00:00:00Z"

  private static func trigger(of order: SandboxOrder) -> String {
    switch order.trigger {
    case .none: "INVALID_ORDER_TYPE"
    case .waiting: "STOP_PENDING"
    case .triggered: "STOP_TRIGGERED"
    }
  }

  /// No reason, as it is called.
  private static let unspecified = "REJECT_REASON_UNSPECIFIED"

  /// Why it failed: what A.8 calls the reason, as far as it has a name for it, and what A.7 does.
  private static func rejection(of order: SandboxOrder) -> (reason: String, message: String) {
    switch order.status {
    case .failed(.insufficientFunds):
      ("HOLD_FAILURE", AdvancedRefusal(.insufficientFunds).reason)
    case .failed(let refusal): (unspecified, AdvancedRefusal(refusal).reason)
    case .open, .filled, .cancelled, .expired: (unspecified, "")
    }
  }

  private static func isInQuote(_ order: SandboxOrder) -> Bool {
    if case .quote = order.wish.size { true } else { false }
  }

  private static func valueAfterFees(of order: SandboxOrder) -> Money {
    order.wish.side == .buy ? order.filledValue + order.fees : order.filledValue - order.fees
  }

  private static func completion(of order: SandboxOrder) -> String {
    guard order.quantity > .zero else { return "0" }
    return Quantity(steps: order.filled.steps * 10_000_000_000 / order.quantity.steps).description
  }

  private static func edit(_ edit: SandboxOrder.Edit) -> JSONTree {
    .object([
      ("price", .string("\(edit.limit)")), ("size", .string("\(edit.quantity)")),
      ("replace_accept_timestamp", .string("\(edit.time)")),
    ])
  }

  /// What was asked for, with what edits have made of it.
  static func configuration(of order: SandboxOrder) -> Member {
    var members: [Member] =
      switch order.wish.size {
      case .base: [("base_size", .string("\(order.quantity)"))]
      case .quote(let amount): [("quote_size", .string("\(amount)"))]
      }
    if case .until(let end) = order.wish.terms.lifetime {
      members.append(("end_time", .string("\(end)")))
    }
    let suffix =
      switch order.wish.terms.lifetime {
      case .untilCancelled: "gtc"
      case .until: "gtd"
      case .immediate: "ioc"
      case .wholeOrNothing: "fok"
      }
    switch order.wish.terms {
    case .market: return ("market_market_\(suffix)", .object(members))
    case .limit(_, let lifetime, let isPostOnly):
      members.append(("limit_price", .string("\(order.limit)")))
      if lifetime == .immediate { return ("sor_limit_ioc", .object(members)) }
      if !lifetime.isImmediate { members.append(("post_only", .bool(isPostOnly))) }
      return ("limit_limit_\(suffix)", .object(members))
    case .stopLimit(let trigger, _, let direction, _):
      members += [
        ("limit_price", .string("\(order.limit)")), ("stop_price", .string("\(trigger)")),
        (
          "stop_direction",
          .string(
            direction == .down ? "STOP_DIRECTION_STOP_DOWN" : "STOP_DIRECTION_STOP_UP")
        ),
      ]
      return ("stop_limit_stop_limit_\(suffix)", .object(members))
    }
  }
}
