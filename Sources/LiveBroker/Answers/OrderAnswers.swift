package import Market

/// The exchange has taken an order in; it can still fail a moment later.
package struct PlacedOrder: Hashable, Sendable {
  /// The exchange's name of it.
  package var id: String
  /// The name we gave it, as it came back; of a repeated id, that of the old order.
  package var clientID: String
  /// The order itself, where the exchange answers with it.
  package var order: ExchangeOrder?
}

/// What became of the wish to cancel an order.
package struct CancelAnswer: Hashable, Sendable {
  /// What the exchange did with it.
  package enum Outcome: Hashable, Sendable {
    /// It has begun. The order can still fill: read it again.
    case requested
    /// There is nothing left to cancel: filled, cancelled already, or unknown. Read it again.
    case nothingToCancel(String)
    /// It is on its way already.
    case alreadyRequested(String)
    /// Not done; may be asked for again.
    case refused(String)
  }

  /// The exchange's name of the order.
  package var orderID: String
  /// What became of it.
  package var outcome: Outcome
}

/// What can be placed: Ratchet's order, and whether what does not fill at once shall go.
package struct OrderWish: Hashable, Sendable {
  /// The order.
  package var order: Order
  /// Of which product.
  package var productID: String
  /// Whether the rest of a limit order is cancelled at once.
  package var isImmediateOrCancel: Bool

  /// An order for a product.
  package init(_ order: Order, productID: String, isImmediateOrCancel: Bool = false) {
    precondition(
      !isImmediateOrCancel || (order.trigger == nil && !order.isPostOnly),
      "an order that waits cannot be gone at once")
    precondition(
      order.trigger == nil || (order.side == .sell && !order.isPostOnly),
      "a stop is a sell: SEMANTICS has no other")
    self.order = order
    self.productID = productID
    self.isImmediateOrCancel = isImmediateOrCancel
  }
}
