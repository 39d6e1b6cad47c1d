package import Market

/// What a client wants of an order, whichever of the APIs it came by.
package struct PlacementWish: Hashable, Sendable {
  /// The client's name of it; empty where there is none.
  package var clientID: String
  /// Of which product.
  package var productID: String
  /// Buy or sell.
  package var side: Side
  /// How much.
  package var size: OrderSize
  /// At which price and for how long.
  package var terms: OrderTerms

  /// A wish of these parts.
  package init(
    clientID: String, productID: String, side: Side, size: OrderSize, terms: OrderTerms
  ) {
    self.clientID = clientID
    self.productID = productID
    self.side = side
    self.size = size
    self.terms = terms
  }
}

/// How much an order is for.
package enum OrderSize: Hashable, Sendable {
  /// So much base currency.
  case base(Quantity)
  /// As much as can be had for so much quote currency, the fee of a market order included.
  case quote(Money)
}

/// At which price an order fills, and for how long it stays.
package enum OrderTerms: Hashable, Sendable {
  /// At the market, what can be had at once.
  case market(OrderLifetime)
  /// At a limit or better.
  case limit(Price, OrderLifetime, isPostOnly: Bool)
  /// A limit order that waits for a trade at its trigger or beyond.
  case stopLimit(trigger: Price, limit: Price, StopDirection, OrderLifetime)

  /// How long the order stays.
  package var lifetime: OrderLifetime {
    switch self {
    case .market(let lifetime), .limit(_, let lifetime, _), .stopLimit(_, _, _, let lifetime):
      lifetime
    }
  }
}

/// Which way the price must go to trigger a stop.
package enum StopDirection: Hashable, Sendable {
  /// To the trigger or below.
  case down
  /// To the trigger or above.
  case up
}

/// How long an order stays in the book.
package enum OrderLifetime: Hashable, Sendable {
  /// Until it is cancelled.
  case untilCancelled
  /// Until a time of the data.
  case until(Timestamp)
  /// What does not fill at once is cancelled.
  case immediate
  /// All at once or not at all.
  case wholeOrNothing

  /// Whether it never rests.
  package var isImmediate: Bool {
    switch self {
    case .untilCancelled, .until: false
    case .immediate, .wholeOrNothing: true
    }
  }
}
