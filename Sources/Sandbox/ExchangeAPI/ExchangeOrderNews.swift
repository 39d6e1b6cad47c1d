import JSON
import Market
import Matching

/// What the channel `user` of the Exchange says about an order; coinbase.md B.3.
struct ExchangeOrderNews {
  /// As it was when it happened.
  private let order: SandboxOrder
  /// As it is after all that happened at once.
  private let after: SandboxOrder
  private let exchange: SandboxExchange

  init(_ order: SandboxOrder, _ exchange: SandboxExchange) {
    self.order = order
    self.exchange = exchange
    after = exchange.orders[order.number]
  }

  /// The messages of a step of its life, in their order.
  func messages(of step: OrderStep) -> [JSONTree] {
    switch step {
    case .accepted: order.trigger == .waiting ? [activate] : [received] + opening
    case .triggered: [received] + opening
    case .filled(let fill): [match(fill)] + (fill.liquidity == .taker ? opening : [])
    case .edited(let old): [change(from: old)]
    case .shown: []
    case .ended: [done]
    }
  }

  /// That the rest of it rests now: behind all that was filled on arrival.
  private var opening: [JSONTree] {
    let rests = !after.wish.terms.lifetime.isImmediate && after.status.isWorking
    guard rests, after.fillCount == order.fillCount, order.left > .zero else { return [] }
    return [
      message(
        "open",
        [
          ("price", .string("\(order.limit)")), ("remaining_size", order.left.text(decimals: 8)),
        ])
    ]
  }

  private typealias Member = (key: String, value: JSONTree)

  private func message(
    _ type: String, _ members: [Member], names: [Member]? = nil, at time: Timestamp? = nil
  ) -> JSONTree {
    .object(
      [
        ("type", .string(type)), ("product_id", .string(order.wish.productID)),
        ("time", .string("\(time ?? order.updated)")),
        (
          "sequence", ExchangeProducts.sequence(exchange.markets[order.market])
        ), ("user_id", .string(exchange.names.user)),
        ("profile_id", .string(exchange.names.portfolio)),
      ] + (names ?? [("order_id", .string(order.id)), ("side", .string(order.wish.side.rawValue))])
        + members)
  }

  private var activate: JSONTree {
    guard case .stopLimit(let trigger, _, let direction, _) = order.wish.terms else {
      preconditionFailure("only stops wait")
    }
    return .object([
      ("type", .string("activate")), ("product_id", .string(order.wish.productID)),
      ("timestamp", .string("\(Money(steps: Int128(order.created.nanoseconds) * 1_000_000_000))")),
      ("user_id", .string(exchange.names.user)), ("profile_id", .string(exchange.names.portfolio)),
      ("order_id", .string(order.id)), ("stop_type", .string(ExchangeOrders.stop(direction))),
      ("side", .string(order.wish.side.rawValue)), ("stop_price", .string("\(trigger)")),
      ("size", order.quantity.text(decimals: 8)), ("funds", order.held.text(decimals: 16)),
      ("private", .bool(true)),
    ])
  }

  private var received: JSONTree {
    var members: [Member] = [
      ("order_type", .string(ExchangeOrders.type(of: order.wish))),
      ("size", order.quantity.text(decimals: 8)),
    ]
    switch order.wish.terms {
    case .market:
      if case .quote(let funds) = order.wish.size {
        members.append(("funds", funds.text(decimals: 8)))
      }
    case .limit, .stopLimit: members.append(("price", .string("\(order.limit)")))
    }
    if !order.wish.clientID.isEmpty { members.append(("client_oid", .string(order.wish.clientID))) }
    return message("received", members)
  }

  /// An execution, with the parts that only its owner sees.
  private func match(_ fill: Fill) -> JSONTree {
    let model = exchange.settings.listings[order.market].model
    let isMaker = fill.liquidity == .maker
    let (own, other) = isMaker ? ("maker", "taker") : ("taker", "maker")
    let makerSide: Side = isMaker ? fill.side : fill.side == .buy ? .sell : .buy
    let rate = isMaker ? model.makerRate : model.takerRate
    // Of somebody else, whose name nobody can look up.
    let stranger = OrderName.make(Int(fill.id), seed: ~UInt64(order.number))
    return message(
      "match",
      [
        ("trade_id", .number("\(fill.id)")), ("size", fill.quantity.text(decimals: 8)),
        ("price", .string("\(fill.price)")), ("\(own)_user_id", .string(exchange.names.user)),
        ("\(own)_profile_id", .string(exchange.names.portfolio)),
        ("\(own)_fee_rate", .string("\(rate)")),
      ],
      names: [
        ("\(own)_order_id", .string(order.id)), ("\(other)_order_id", .string(stranger)),
        ("side", .string(makerSide.rawValue)),
      ], at: fill.time)
  }

  private func change(from old: Quantity) -> JSONTree {
    message(
      "change",
      [
        ("reason", .string("modify_order")), ("old_size", old.text(decimals: 8)),
        ("new_size", order.quantity.text(decimals: 8)), ("price", .string("\(order.limit)")),
      ])
  }

  private var done: JSONTree {
    message(
      "done",
      [
        ("reason", .string(order.status == .filled ? "filled" : "canceled")),
        ("price", .string("\(order.limit)")), ("remaining_size", order.left.text(decimals: 8)),
      ])
  }
}
