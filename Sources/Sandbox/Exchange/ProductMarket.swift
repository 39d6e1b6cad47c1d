package import Market
import Matching

/// One product's market: its engine, its candles and what has been traded.
package struct ProductMarket: Sendable {
  /// What is traded.
  package let listing: Listing
  /// All candles, oldest first: history, what is being played, and what is to come.
  let candles: [Candle]
  /// How many of them are over.
  package internal(set) var closed: Int
  /// The candle in progress, as far as it has come.
  package internal(set) var current: Candle?
  /// The latest trades, oldest first, at most `recentLimit`.
  package private(set) var recent: [MarketTrade] = []
  /// How many trades there were.
  private var tradeCount: UInt64 = 0
  var engine: MatchingEngine
  /// Where the move goes that is being made; on the way it halts at the triggers of rising stops.
  var target = Price.zero
  /// Orders that do not rest, sent when nothing traded: they go in after the next jump.
  var deferred: [Int] = []
  /// Stops that wait for the price to rise, which the engine does not have.
  var risingStops: [Int] = []
  /// Stops that wait in the engine.
  var fallingStops: [Int] = []
  /// What it takes no more, and until when.
  var halt: (mode: FaultRule.Mode, until: Timestamp)?
  /// The id of the last fill, and how many fills were not the engine's.
  var lastFill: UInt64 = 0
  var extraFills: UInt64 = 0
  /// The orders behind the engine's names, by their numbers from 1.
  var ownerOfName: [Int] = []

  static let recentLimit = 1000

  /// A market before its first trade, of whose candles the first `played` are history.
  init(_ listing: Listing, candles: [Candle], played: Int) {
    self.listing = listing
    self.candles = candles
    closed = played
    engine = MatchingEngine(product: listing.product, model: listing.model)
  }

  /// The product's name.
  package var id: String { listing.product.id }

  /// The price of the moment: of the last trade, or, before the first, what history ends or the data
  /// begins with; 0 without any data.
  package var price: Price {
    if engine.marketPrice > .zero { return engine.marketPrice }
    if closed > 0 { return candles[closed - 1].close }
    return candles.first?.open ?? .zero
  }

  /// The best bid, one tick below the price: an order at it rests.
  package var bid: Price {
    let product = listing.product
    let floor = product.floorTick(price)
    return product.atLeastOneTick(floor < price ? floor : floor - product.quoteIncrement)
  }

  /// The best ask, one tick above the price.
  package var ask: Price {
    let product = listing.product
    return product.floorTick(price) + product.quoteIncrement
  }

  /// What is there to be had on either side, at least one lot.
  package var depth: Quantity { max(engine.liquidityLeft, listing.product.baseIncrement) }

  /// Prints a trade of the market with this number.
  mutating func print(
    _ price: Price, size: Quantity, at time: Timestamp, market: Int
  ) -> MarketTrade {
    tradeCount += 1
    // Whoever pushes the price takes from those who waited on the other side.
    let isRise = recent.last.map { price >= $0.price } ?? true
    let trade = MarketTrade(
      market: market, id: tradeCount, price: price, size: size, makerSide: isRise ? .sell : .buy,
      time: time)
    if recent.count == Self.recentLimit { recent.removeFirst(Self.recentLimit / 2) }
    recent.append(trade)
    if var candle = current {
      candle.high = max(candle.high, price)
      candle.low = min(candle.low, price)
      candle.close = price
      current = candle
    }
    return trade
  }
}
