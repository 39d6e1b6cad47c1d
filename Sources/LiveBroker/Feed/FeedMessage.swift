package import Market

/// A message of a WebSocket feed, whichever of the APIs sent it.
package struct FeedMessage: Hashable, Sendable {
  /// Its number: of Advanced Trade in the connection, from 0 and one more each; of the Exchange in the
  /// product, with gaps.
  package var sequence: UInt64?
  /// When the exchange sent it.
  package var time: Timestamp?
  /// What it says, in the order in which it happened.
  package var events: [FeedEvent]

  /// Whether it tells the time: all that happened by then has been told before.
  var isSignOfLife: Bool {
    events.contains { if case .heartbeat = $0 { true } else { false } }
  }

  /// Whether it tells of trades that are news: of what was before, a channel tells also where it then says no
  /// more.
  var hasTrades: Bool {
    events.contains { if case .trades(_, isSnapshot: false) = $0 { true } else { false } }
  }
}

/// Something that a feed says.
package enum FeedEvent: Hashable, Sendable {
  /// What is subscribed now, whole: products by channel.
  case subscribed([String: [String]])
  /// The connection is alive.
  case heartbeat(FeedHeartbeat)
  /// Trades, oldest first. A snapshot repeats what was before the subscription.
  case trades([FeedTrade], isSnapshot: Bool)
  /// The last trade and the best prices.
  case ticker(FeedTicker)
  /// Candles as the exchange has them now, of five minutes.
  case candles([FeedCandle], isSnapshot: Bool)
  /// Our orders as they are now: cumulative, no list of fills.
  case orders([FeedOrder], isSnapshot: Bool)
  /// A step in the life of an order of the Exchange.
  case news(FeedOrderNews)
  /// A wish is refused.
  case refused(String)
  /// A channel or type that nobody reads here.
  case other(String)
}

/// A sign of life, every second.
package struct FeedHeartbeat: Hashable, Sendable {
  /// Of which product, where the exchange says; Advanced Trade's is of the connection.
  package var productID: String?
  /// Advanced Trade's count of heartbeats, or the last trade of the Exchange's product.
  package var number: UInt64
}

/// A trade, of anybody.
package struct FeedTrade: Hashable, Sendable {
  /// Of which product.
  package var productID: String
  /// The exchange's number, one more for each trade of the product; the same on both APIs.
  package var id: UInt64
  /// The price.
  package var price: Price
  /// How much, in base currency, rounded down at the 8th decimal.
  package var size: Quantity
  /// The side of the order that had waited in the book.
  package var makerSide: Side
  /// When it happened.
  package var time: Timestamp
}

/// The last trade and the best prices of a product.
package struct FeedTicker: Hashable, Sendable {
  /// Of which product.
  package var productID: String
  /// The last trade's price.
  package var price: Price
  /// The best bid, where the channel has it.
  package var bid: Price?
  /// The best ask, where the channel has it.
  package var ask: Price?
  /// The last trade's number, where the channel has it.
  package var tradeID: UInt64?
}

/// A candle of the exchange's.
package struct FeedCandle: Hashable, Sendable {
  /// Of which product.
  package var productID: String
  /// As it is now; the last one still changes.
  package var candle: Candle
}

/// One of our orders as the user channel has it: what has come of it so far.
package struct FeedOrder: Hashable, Sendable {
  /// The exchange's name of it.
  package var id: String
  /// The name that we, or somebody else, gave it; may be empty.
  package var clientID: String
  /// Of which product.
  package var productID: String
  /// Buy or sell.
  package var side: Side
  /// How far it has come.
  package var status: ExchangeOrder.Status
  /// Whether it is a stop, and has been triggered.
  package var trigger: ExchangeOrder.Trigger
  /// How much of it is filled, in base currency.
  package var filled: Quantity
  /// How much of it is not; 0 of one that is over.
  package var left: Quantity
  /// Price × quantity of all fills.
  package var filledValue: Money
  /// The mean price of the fills, computed; `nil` without any.
  package var averagePrice: Money?
  /// The fees of all fills.
  package var fees: Money
  /// How many fills.
  package var fillCount: UInt64
  /// Why it was refused or cancelled; empty where the exchange says nothing.
  package var reason: String

  /// The name we gave it, if it is one of Ratchet's.
  package var ownID: ClientOrderID? { ClientOrderID(text: clientID) }
}

/// A step in the life of an order of the Exchange.
package struct FeedOrderNews: Hashable, Sendable {
  /// What happened.
  package enum Step: Hashable, Sendable {
    /// The exchange has it; the name we gave it is told to us alone.
    case received(clientID: String)
    /// It waits in the book, with so much left.
    case open(left: Quantity)
    /// It met another order.
    case match(FeedTrade, isMaker: Bool)
    /// A stop was placed, and waits for its trigger.
    case stopPlaced
    /// Its quantity was changed.
    case changed(size: Quantity?)
    /// It is over.
    case done(isFilled: Bool, left: Quantity?)
  }

  /// The exchange's name of it.
  package var orderID: String
  /// Of which product.
  package var productID: String
  /// What happened.
  package var step: Step
}

/// Sees whether messages are missing, repeated or out of order.
///
/// Of Advanced Trade alone: its numbers count per connection over all channels, from 0, one more each.
package struct SequenceCheck: Hashable, Sendable {
  private var expected: UInt64 = 0

  /// At the beginning of a connection.
  package init() {}

  /// Takes the next message's number.
  ///
  /// - Returns: `false` where it is not the one that follows: what is known of the connection is worth
  ///   nothing then, and it has to be made anew.
  package mutating func take(_ number: UInt64) -> Bool {
    guard number == expected else { return false }
    expected += 1
    return true
  }
}
