/// Which way an order goes.
public enum Side: String, Hashable, Sendable, Codable {
  /// Quote currency for base currency.
  case buy
  /// Base currency for quote currency.
  case sell
}

/// Whether a fill met an order that waited in the book, or was the one that waited.
public enum Liquidity: String, Hashable, Sendable {
  /// The order waited in the book.
  case maker
  /// The order took what waited.
  case taker
}

/// An instruction to the exchange: a limit order, or a stop-limit order where it has a trigger.
///
/// There is no market order; SEMANTICS 4.5.
public struct Order: Hashable, Sendable, Codable {
  // The widest first: 64 bytes instead of 80, of something that is copied from hand to hand.

  /// Our name of the order.
  public var id: ClientOrderID
  /// How much, a multiple of the lot.
  public var quantity: Quantity
  /// The worst price at which it may fill, a multiple of the tick.
  public var limit: Price
  /// When it was submitted.
  public var submitted: Timestamp
  /// A stop waits until a trade at or below this price; `nil` for a plain limit order.
  public var trigger: Price?
  /// Buy or sell.
  public var side: Side
  /// Refused by the exchange rather than filled as taker.
  public var isPostOnly: Bool

  /// An order of these terms.
  @inlinable
  public init(
    id: ClientOrderID, side: Side, limit: Price, trigger: Price? = nil, quantity: Quantity,
    isPostOnly: Bool = false, submitted: Timestamp
  ) {
    self.id = id
    self.side = side
    self.limit = limit
    self.trigger = trigger
    self.quantity = quantity
    self.isPostOnly = isPostOnly
    self.submitted = submitted
  }
}
