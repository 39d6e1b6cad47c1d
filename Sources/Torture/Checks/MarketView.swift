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
  /// How long what is held has lacked its exit, whatever went wrong for a moment meanwhile.
  var bareness: Spell?
  /// How long exits have been above the market that are limit orders, by their numbers.
  var stranded: [Int: Spell] = [:]
  /// Since when an operator's halt holds, which has been answered.
  var haltedSince: Timestamp?
  /// How many operator's sales have been asked for that are not answered.
  var salesUnderWay = 0
  /// When an operator's sale was last answered.
  var lastSale: Timestamp?
  /// Whether one is kept in the database until a session carries it out.
  var hasKeptSale = false
  /// When the last entry was accepted.
  var lastEntry: Timestamp?
  /// Whether one of those that are there, or that bought what is held, came later than it was decided on.
  var hasLateEntry = false
  /// The names of all sells.
  private var sells: Set<String> = []
  /// Those of sells that the session may have in surplus until it finds them: decision note 19.
  private var surplus: Set<String> = []

  /// Whether something is amiss that nobody was told of yet.
  var isUneasy: Bool {
    if bareness?.isUneasy ?? false, !isBareTold, held > covered { return true }
    if stranded.contains(where: { $0.value.isUneasy && working[$0.key] != nil }) { return true }
    return bareSince != nil && !isBareTold && held > covered
      || overdueSince != nil && !isOverdueTold && sum(.buy) > .zero
  }

  /// What exits are for.
  var covered: Quantity { sum(.sell) }

  /// What exits are for, apart from those that may be in surplus until they are found and ended.
  var wanted: Quantity {
    working.values.reduce(.zero) { sum, order in
      order.wish.side == .sell && !surplus.contains(order.wish.clientID) ? sum + order.left : sum
    }
  }

  /// Whether there is a position or an entry that works.
  var isTaken: Bool { held > .zero || isEntering }

  /// Whether there is an entry that works.
  var isEntering: Bool { working.values.contains { $0.wish.side == .buy } }

  /// Whether there is, and the session is sure to know of it.
  var isCounted: Bool { isTaken && !hasLateEntry }

  /// The exits that wait for no trigger, and for the market to rise, oldest first.
  func exits(above price: Price) -> [SandboxOrder] {
    working.values.filter { order in
      order.wish.side == .sell && order.trigger != .waiting && order.limit > price
    }.sorted { $0.number < $1.number }
  }

  /// What is held, for comparing with a tolerance.
  var worth: Double { (price?.double ?? 0) * held.double }

  private func sum(_ side: Side) -> Quantity {
    working.values.reduce(.zero) { $1.wish.side == side ? $0 + $1.left : $0 }
  }

  /// Takes a sell that is about to be accepted.
  ///
  /// - Parameters:
  ///   - order: The sell.
  ///   - mayBeTwice: Whether one that is sent again may be there twice.
  ///   - mayBeGivenUp: Whether it may have been, and have a successor already.
  mutating func note(_ order: SandboxOrder, mayBeTwice: Bool, mayBeGivenUp: Bool) {
    bareness = nil
    let isTwin = !sells.insert(order.wish.clientID).inserted
    if isTwin && mayBeTwice || mayBeGivenUp && covered > .zero {
      surplus.insert(order.wish.clientID)
    }
  }

  /// Another process begins: what the one before was late for is not its fault.
  mutating func forgetSpells() {
    bareness = nil
    stranded = [:]
  }

  /// Takes a step of an order's life.
  mutating func take(_ order: SandboxOrder, _ step: OrderStep) {
    working[order.number] = order.status.isWorking ? order : nil
    if case .accepted = step, order.wish.side == .buy { lastEntry = order.created }
    if case .filled(let fill) = step {
      held = fill.side == .buy ? held + fill.quantity : held - fill.quantity
      price = fill.price
      if held <= .zero { (trigger, hasKeptSale) = (nil, false) }
    }
    if covered >= held {
      isBaredByCancel = false
    } else if case .ended = step, order.status == .cancelled, order.wish.side == .sell,
      order.left > .zero
    {
      isBaredByCancel = true
    } else if order.wish.side == .buy {
      isBaredByCancel = false
    }
    if !isTaken { hasLateEntry = false }
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
