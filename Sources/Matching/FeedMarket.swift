public import Market

/// The simulated market of one pair over a live feed: trades in, orders in, reports out.
///
/// The first trade of a candle is a jump, each later one the end of a move; SEMANTICS 6.2. A candle's
/// volume is what has traded so far, so 6.9's share of it grows: a trade's own size counts for the move
/// that ends with it, and an order that had met the limit is new again at the price of the next trade
/// that adds to the share. By the candle's end as much may have filled as in a backtest over it.
///
/// Where a candle's first trade has all of its volume, and three more have none, at the points of 6.1,
/// this is the backtest's market report by report. After `begin`, `step` deals with one order at a
/// time, as `MatchingEngine` does. Pure: no clock, no chance.
public struct FeedMarket: Sendable {
  private var engine: MatchingEngine
  /// The start of the latest candle in which something traded.
  private var candle: Timestamp?
  /// The latest time told.
  private var time: Timestamp?
  /// Whether the trade adds to what may fill, so that those who waited for that are looked at.
  private var hasGrown = false

  /// A market without orders, before its first trade.
  ///
  /// - Parameters:
  ///   - product: What is traded.
  ///   - model: How the market behaves.
  ///   - lastFill: The number of the last fill before, where a session goes on.
  public init(product: Product, model: MarketModel, lastFill: UInt64 = 0) {
    engine = MatchingEngine(product: product, model: model, lastFill: lastFill)
  }

  /// The numbers of the orders in the book, oldest first.
  public var working: [ClientOrderID] { engine.working }

  /// Where the price is; 0 before the first trade.
  public var price: Price { engine.marketPrice }

  /// Whether no candle is open, so that what is submitted waits for the next trade.
  public var isBetweenCandles: Bool { engine.isBetweenCandles }

  /// What may still fill of what has traded in this candle.
  public var liquidityLeft: Quantity { engine.liquidityLeft }

  // MARK: - The price

  /// Begins the way to the price of a trade; `step` goes it.
  ///
  /// - Parameters:
  ///   - price: Above 0.
  ///   - size: What traded; 0 moves the price and adds nothing to fill from.
  ///   - time: What happens on the way bears it. One before the latest is taken for that.
  ///   - start: The start of the trade's candle. If it is a later one than the open candle's, that ends.
  /// - Returns: Whether there is a way to go; `false` for a trade that comes too late for its candle.
  public mutating func begin(
    _ price: Price, size: Quantity, at time: Timestamp, inCandleFrom start: Timestamp
  ) -> Bool {
    precondition(
      price > .zero && size >= .zero,
      "a trade has a price above 0 and a size, was \(size) at \(price)")
    let time = max(time, self.time ?? time)
    if let candle, start <= candle {
      guard start == candle, !engine.isBetweenCandles else { return false }
      hasGrown = engine.add(volume: size)
      engine.beginMove(to: price, at: time)
    } else {
      candle = start
      hasGrown = false
      engine.beginJump(to: price, at: time, volume: size)
    }
    self.time = time
    return true
  }

  /// Lets the next thing happen on the way to the trade's price.
  ///
  /// - Returns: Whether anything happened; `false` when the price has arrived.
  public mutating func step(into reports: inout [OrderReport]) -> Bool {
    if engine.step(into: &reports) { return true }
    guard hasGrown else { return false }
    hasGrown = false
    engine.lookAgain()
    return engine.step(into: &reports)
  }

  /// Ends the candle: what is sent from now on waits for the next trade.
  ///
  /// To be called before the close event of any pair whose candle ends at that time: what one pair's
  /// breaker sells of the others waits for their next jump (8.5).
  public mutating func endCandle() { engine.endCandle() }

  /// Between candles, lets time pass: what happens next happens then.
  public mutating func wait(until time: Timestamp) {
    self.time = max(time, self.time ?? time)
    engine.wait(until: time)
  }

  // MARK: - Orders

  /// Places an order; it takes effect at once.
  public mutating func submit(_ order: Order, into reports: inout [OrderReport]) {
    engine.submit(order, into: &reports)
  }

  /// Takes an order out of the book, or says that it is too late.
  public mutating func cancel(_ id: ClientOrderID, into reports: inout [OrderReport]) {
    engine.cancel(id, into: &reports)
  }
}
