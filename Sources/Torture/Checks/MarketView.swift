import Market
import Sandbox

/// What a session has of one product, as the exchange's events add up.
struct MarketView {
  /// Coins that its fills have left.
  var held = Quantity.zero
  /// The orders that can still fill, by number.
  var working: [Int: SandboxOrder] = [:]
  /// The greatest trigger of a stop within the position.
  var trigger: Price?
  /// The last trade.
  var price: Price?
  /// Since when, by the clock, what is held lacks its stop without a reason.
  var bareSince: Double?
  /// Whether what is held lacks its exit since one was cancelled, and not since something was bought.
  var isBaredByCancel = false
  /// Whether somebody was told of that.
  var isBareTold = false
  /// Since when, by the clock, an entry has worked whose time is over for long.
  var overdueSince: Double?
  /// Whether somebody was told of that.
  var isOverdueTold = false

  /// Whether something is amiss that nobody was told of yet.
  var isUneasy: Bool {
    bareSince != nil && !isBareTold && held > covered
      || overdueSince != nil && !isOverdueTold && sum(.buy) > .zero
  }

  /// What exits are for.
  var covered: Quantity { sum(.sell) }

  /// Whether there is a position or an entry that works.
  var isTaken: Bool { held > .zero || working.values.contains { $0.wish.side == .buy } }

  /// What is held, for comparing with a tolerance.
  var worth: Double { (price?.double ?? 0) * held.double }

  private func sum(_ side: Side) -> Quantity {
    working.values.reduce(.zero) { $1.wish.side == side ? $0 + $1.left : $0 }
  }

  /// Takes a step of an order's life.
  mutating func take(_ order: SandboxOrder, _ step: OrderStep) {
    working[order.number] = order.status.isWorking ? order : nil
    if case .filled(let fill) = step {
      held = fill.side == .buy ? held + fill.quantity : held - fill.quantity
      price = fill.price
      if held <= .zero { trigger = nil }
    }
    if covered >= held {
      isBaredByCancel = false
    } else if case .ended = step, order.wish.side == .sell, order.left > .zero {
      isBaredByCancel = true
    } else if order.wish.side == .buy {
      isBaredByCancel = false
    }
  }
}

extension SandboxOrder {
  /// The trigger of a stop that sells.
  var stopTrigger: Price? {
    if case .stopLimit(let trigger, _, .down, _) = wish.terms, wish.side == .sell {
      return trigger
    }
    return nil
  }
}
