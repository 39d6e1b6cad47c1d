package import Market

/// An order as the sandbox keeps it: what was asked for, and what has come of it.
package struct SandboxOrder: Hashable, Sendable {
  /// How far it has come.
  package enum Status: Hashable, Sendable {
    /// In the book, or on the way there; partly filled, perhaps.
    case open
    /// Filled to the end.
    case filled
    /// Cancelled; what was filled before stays filled.
    case cancelled
    /// Its time was over.
    case expired
    /// Refused after it had been accepted.
    case failed(PlacementRefusal)

    /// Whether it can still fill.
    package var isWorking: Bool { self == .open }
  }

  /// Where a stop stands.
  package enum Trigger: Hashable, Sendable {
    /// It is no stop.
    case none
    /// It waits.
    case waiting
    /// It has become a limit order.
    case triggered
  }

  /// What it is shown as though it is in the book.
  package enum Disguise: Hashable, Sendable {
    /// As what it is.
    case none
    /// It has yet to arrive.
    case pending
    /// Its cancel has yet to take effect.
    case cancelQueued
  }

  /// What it was before a change.
  package struct Edit: Hashable, Sendable {
    /// The limit.
    package let limit: Price
    /// The whole quantity.
    package let quantity: Quantity
    /// When the change was accepted.
    package let time: Timestamp
  }

  /// The place among all orders, from 0 in the sequence of placing.
  package let number: Int
  /// The exchange's name of it, a UUID.
  package let id: String
  /// What was asked for.
  package let wish: PlacementWish
  /// Which of the listings.
  package let market: Int
  /// When it was placed.
  package let created: Timestamp

  /// How much, in base currency; of a market order for quote currency it is settled at the market.
  package internal(set) var quantity: Quantity
  /// The limit; of a market order the worst price it may get.
  package internal(set) var limit: Price
  /// How far it has come.
  package internal(set) var status = Status.open
  /// What it is shown as while it works.
  package internal(set) var disguise = Disguise.none
  /// Where a stop stands.
  package internal(set) var trigger: Trigger
  /// How much is filled.
  package internal(set) var filled = Quantity.zero
  /// Price × quantity of all fills.
  package internal(set) var filledValue = Money.zero
  /// The fees of all fills.
  package internal(set) var fees = Money.zero
  /// How many fills.
  package internal(set) var fillCount = 0
  /// What it holds: quote currency of a buy, base currency of a sell.
  package internal(set) var held = Money.zero
  /// When it filled last.
  package internal(set) var lastFill: Timestamp?
  /// When something changed last.
  package internal(set) var updated: Timestamp
  /// Why the rest was cancelled, where it was not the client who did it.
  package internal(set) var cancelReason = ""
  /// Earlier prices and sizes, with when they ended.
  package internal(set) var edits: [Edit] = []
  /// Its name in the matching engine; `nil` while it is not there.
  var inEngine: ClientOrderID?

  /// What is not filled.
  package var left: Quantity { quantity - filled }

  /// The mean price of the fills, cut behind the 18th decimal; 0 without any.
  package var averagePrice: Money {
    guard filled > .zero else { return .zero }
    // Steps of 1e-18 by steps of 1e-8: the quotient lacks eight decimals.
    let wide = filledValue.steps.magnitude.multipliedFullWidth(by: 100_000_000)
    return Money(steps: Int128(filled.steps.magnitude.dividingFullWidth(wide).quotient))
  }
}

/// One execution of an order of the account.
package struct SandboxFill: Hashable, Sendable {
  /// The order's place among all orders.
  package let order: Int
  /// What was executed; its id counts per product, from 1.
  package let fill: Fill
}
