package import Market
import Matching

/// What moves prices: whoever plays the candles calls these, in the order of SEMANTICS 6 and 8.3.
extension SandboxExchange {
  /// Lets time pass to a moment; orders whose time is over by then end.
  package mutating func pass(to time: Timestamp) {
    now = max(now, time)
    if faults != nil { endFaults() }
    expire()
  }

  /// Says that everything up to this moment has been told.
  package mutating func announce(_ time: Timestamp) {
    pass(to: time)
    announced = time
    news.append(.heartbeat(time))
  }

  /// The next candle of a product that is to be played.
  package func nextCandle(of market: Int) -> Candle? {
    let market = markets[market]
    return market.closed < market.candles.count ? market.candles[market.closed] : nil
  }

  /// Begins the next candle of a product: the price jumps to its open.
  package mutating func open(_ market: Int) {
    guard let candle = nextCandle(of: market) else { return }
    pass(to: candle.start)
    markets[market].target = candle.open
    markets[market].current = Candle(
      start: candle.start, open: candle.open, high: candle.open, low: candle.open,
      close: candle.open, volume: candle.volume)
    markets[market].engine.beginJump(
      to: candle.open, at: candle.start,
      volume: faults == nil ? candle.volume : volume(of: candle, in: market))
  }

  /// Begins the move to the candle's next point.
  package mutating func move(_ market: Int, to price: Price, at time: Timestamp) {
    pass(to: time)
    markets[market].target = price
    beginNextLeg(market)
  }

  /// Within a move the price halts at each trigger of a rising stop, which is not the engine's to know.
  private mutating func beginNextLeg(_ market: Int) {
    let (price, target) = (markets[market].engine.marketPrice, markets[market].target)
    var end = target
    for number in markets[market].risingStops {
      if case .stopLimit(let trigger, _, _, _) = orders[number].wish.terms, trigger > price,
        trigger < end
      {
        end = trigger
      }
    }
    if faults != nil, let trigger = fatedTrigger(in: market, below: price, above: target) {
      end = trigger
    }
    markets[market].engine.beginMove(to: end, at: now)
  }

  /// Lets the next thing happen on the way to the point.
  ///
  /// - Returns: Whether anything happened; `false` when the price has arrived.
  package mutating func step(_ market: Int) -> Bool {
    while true {
      let told = news.count
      let happened = markets[market].engine.step(into: &reports)
      bookReports(of: market)
      if news.count > told { return true }
      if happened { continue }
      if faults != nil, triggerFated(in: market) { return true }
      if let number = nextArrival(in: market) {
        if orders[number].trigger == .waiting {
          orders[number].trigger = .triggered
          tell(number, .triggered)
        }
        submit(number)
        return true
      }
      guard markets[market].engine.marketPrice != markets[market].target else { return false }
      beginNextLeg(market)
    }
  }

  /// The next order that goes to the engine now that the price is here.
  private mutating func nextArrival(in market: Int) -> Int? {
    if !markets[market].deferred.isEmpty { return markets[market].deferred.removeFirst() }
    let price = markets[market].engine.marketPrice
    for (place, number) in markets[market].risingStops.enumerated() {
      if case .stopLimit(let trigger, _, _, _) = orders[number].wish.terms, trigger <= price {
        markets[market].risingStops.remove(at: place)
        return number
      }
    }
    return nil
  }

  /// Prints the trade of the point at which the price has arrived.
  ///
  /// The last one of a candle is a nanosecond before the candle's end, so that whoever makes candles of
  /// trades counts it where it belongs.
  package mutating func printTrade(_ market: Int, size: Quantity) {
    let end = markets[market].current.map { $0.start + settings.interval }
    let time = now == end ? Timestamp(nanoseconds: now.nanoseconds - 1) : now
    let trade = markets[market].print(
      markets[market].target, size: size, at: time, market: market)
    news.append(.trade(trade))
  }

  /// Ends a product's candle: what is sent from now on waits for the next jump.
  package mutating func close(_ market: Int) {
    markets[market].engine.endCandle()
    if faults != nil, let candle = nextCandle(of: market) { listLate(candle, of: market) }
    markets[market].closed += 1
    markets[market].current = nil
  }

  /// At the end of the data prices stand still, and what is sent is looked at where they are.
  package mutating func standStill() {
    for market in markets.indices where markets[market].engine.marketPrice > .zero {
      markets[market].engine.beginMove(to: markets[market].engine.marketPrice, at: now)
      _ = step(market)
    }
    endAllFaults()
  }
}
