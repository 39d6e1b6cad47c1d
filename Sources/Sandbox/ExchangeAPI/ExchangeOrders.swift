import JSON
import Market

/// Orders and fills as the Exchange shows them; coinbase.md B.2.
enum ExchangeOrders {
  typealias Member = (key: String, value: JSONTree)

  /// A status of a list: several may be asked for.
  static func status(of order: SandboxOrder) -> String {
    switch order.status {
    case .open:
      order.disguise == .pending ? "pending" : order.trigger == .waiting ? "active" : "open"
    case .filled, .cancelled, .expired: "done"
    case .failed: "rejected"
    }
  }

  /// Whether the Exchange still knows it: what was cancelled without a fill is gone.
  static func isKept(_ order: SandboxOrder) -> Bool {
    switch order.status {
    case .open, .filled, .failed: true
    case .cancelled, .expired: order.filled > .zero
    }
  }

  static func order(_ order: SandboxOrder, _ exchange: SandboxExchange) -> JSONTree {
    var members: [Member] = [
      ("id", .string(order.id)), ("product_id", .string(order.wish.productID)),
      ("profile_id", .string(exchange.names.portfolio)),
      ("side", .string(order.wish.side.rawValue)), ("type", .string(type(of: order.wish))),
      ("size", order.quantity.text(decimals: 8)),
    ]
    members += terms(of: order.wish, limit: order.limit)
    members += [
      ("created_at", .string("\(order.created)")), ("fill_fees", order.fees.text(decimals: 16)),
      ("filled_size", order.filled.text(decimals: 8)),
      ("executed_value", order.filledValue.text(decimals: 16)),
      ("status", .string(status(of: order))), ("settled", .bool(order.status == .filled)),
      ("market_type", .string("spot")),
    ]
    switch order.status {
    case .open: break
    case .filled, .cancelled, .expired:
      members.append(("done_at", .string("\(order.updated)")))
      members.append(("done_reason", .string(order.status == .filled ? "filled" : "canceled")))
    // In the words in which it would have been refused.
    case .failed(let refusal):
      members.append(
        ("reject_reason", .string(ExchangeAPI.words(refusal, order.market, exchange))))
    }
    return .object(members)
  }

  /// The order that a post-only order would have been, had it not taken: it is refused with its own answer.
  static func rejected(_ wish: PlacementWish, _ exchange: SandboxExchange) -> JSONTree {
    guard case .limit(let limit, _, _) = wish.terms, case .base(let quantity) = wish.size else {
      preconditionFailure("only limit orders are post-only")
    }
    return .object(
      [
        (
          "id", .string(OrderName.make(exchange.orders.count, seed: ~exchange.settings.seed))
        ), ("product_id", .string(wish.productID)),
        ("profile_id", .string(exchange.names.portfolio)), ("side", .string(wish.side.rawValue)),
        ("type", .string("limit")), ("size", quantity.text(decimals: 8)),
      ] + terms(of: wish, limit: limit) + [
        ("created_at", .string("\(exchange.now)")), ("fill_fees", Money.zero.text(decimals: 16)),
        ("filled_size", Quantity.zero.text(decimals: 8)),
        ("executed_value", Money.zero.text(decimals: 16)), ("status", .string("rejected")),
        ("reject_reason", .string("post only")), ("settled", .bool(false)),
        ("market_type", .string("spot")),
      ])
  }

  static func type(of wish: PlacementWish) -> String {
    if case .market = wish.terms { "market" } else { "limit" }
  }

  /// Price, lifetime, stop and names, as far as an order has them.
  private static func terms(of wish: PlacementWish, limit: Price) -> [Member] {
    var members: [Member] = []
    var isPostOnly = false
    switch wish.terms {
    case .market:
      if case .quote(let funds) = wish.size {
        members += [
          ("funds", funds.text(decimals: 8)), ("specified_funds", funds.text(decimals: 8)),
        ]
      }
    case .limit(_, _, let flag):
      isPostOnly = flag
      members.append(("price", limit.text(decimals: 8)))
    case .stopLimit(let trigger, _, let direction, _):
      members += [
        ("price", limit.text(decimals: 8)), ("stop", .string(stop(direction))),
        ("stop_price", trigger.text(decimals: 8)),
      ]
    }
    members.append(("post_only", .bool(isPostOnly)))
    switch wish.terms.lifetime {
    case .untilCancelled: members.append(("time_in_force", .string("GTC")))
    case .until(let end):
      members += [("time_in_force", .string("GTT")), ("expire_time", .string("\(end)"))]
    case .immediate:
      // A market order has none.
      if type(of: wish) == "limit" { members.append(("time_in_force", .string("IOC"))) }
    case .wholeOrNothing: members.append(("time_in_force", .string("FOK")))
    }
    if !wish.clientID.isEmpty { members.append(("client_oid", .string(wish.clientID))) }
    return members
  }

  static func stop(_ direction: StopDirection) -> String { direction == .down ? "loss" : "entry" }

  /// An execution.
  static func fill(_ fill: SandboxFill, _ exchange: SandboxExchange) -> JSONTree {
    let order = exchange.orders[fill.order]
    let fill = fill.fill
    return .object([
      ("trade_id", .number("\(fill.id)")), ("product_id", .string(order.wish.productID)),
      ("order_id", .string(order.id)), ("user_id", .string(exchange.names.user)),
      ("profile_id", .string(exchange.names.portfolio)),
      ("liquidity", .string(fill.liquidity == .maker ? "M" : "T")),
      ("price", fill.price.text(decimals: 8)), ("size", fill.quantity.text(decimals: 8)),
      ("fee", fill.fee.text(decimals: 16)), ("created_at", .string("\(fill.time)")),
      ("side", .string(fill.side.rawValue)), ("settled", .bool(true)),
      ("usd_volume", fill.notional.text(decimals: 16)), ("market_type", .string("spot")),
    ])
  }
}
