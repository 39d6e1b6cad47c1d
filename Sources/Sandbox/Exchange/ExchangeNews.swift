package import Market

/// Something that happened on the exchange, for those who listen.
package enum ExchangeNews: Sendable {
  /// A step in the life of an order of the account, which is as it is after it.
  case order(SandboxOrder, OrderStep)
  /// A trade of the market.
  case trade(MarketTrade)
  /// Time passes; all that happened before this moment has been told.
  case heartbeat(Timestamp)
}

/// A step in the life of an order.
package enum OrderStep: Hashable, Sendable {
  case accepted
  case filled(Fill)
  case triggered
  case edited(from: Quantity)
  /// Nothing but what it is shown as.
  case shown
  /// Over, with the status that it has.
  case ended
}

/// A trade that the market printed at a point of a candle.
package struct MarketTrade: Hashable, Sendable {
  /// Which of the listings.
  package var market: Int
  /// Counts per product, from 1.
  package var id: UInt64
  /// The price.
  package var price: Price
  /// How much: the whole volume of the candle in its first trade, nothing in the others.
  package var size: Quantity
  /// The side of the order that had waited in the book.
  package var makerSide: Side
  /// When.
  package var time: Timestamp
}
