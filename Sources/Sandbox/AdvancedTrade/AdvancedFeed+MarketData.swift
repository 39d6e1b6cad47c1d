import JSON
import Market

extension AdvancedFeed {
  /// What a new subscription begins with.
  mutating func snapshot(
    _ channel: Channel, _ markets: [Int], _ exchange: SandboxExchange
  ) -> [JSONTree] {
    switch channel {
    case .heartbeats: return []
    case .user: return userSnapshot(exchange)
    case .marketTrades:
      let trades = markets.flatMap { market in
        exchange.markets[market].recent.suffix(Self.snapshotTrades).reversed().map {
          JSONTree.object(
            AdvancedProducts.tradeMembers($0, of: exchange.markets[market].id))
        }
      }
      return [event(channel, exchange, "snapshot", "trades", trades)]
    case .ticker, .tickerBatch:
      let tickers = markets.filter { exchange.markets[$0].price > .zero }
        .map { ticker(of: $0, channel, exchange) }
      return [event(channel, exchange, "snapshot", "tickers", tickers)]
    case .candles:
      let rows = markets.flatMap { market in
        let all = candles(of: exchange.markets[market], exchange, buckets: Self.snapshotCandles)
        return all.reversed().map {
          candle($0, of: exchange.markets[market])
        }
      }
      return [event(channel, exchange, "snapshot", "candles", rows)]
    case .level2:
      return markets.filter { exchange.markets[$0].price > .zero }.map { market in
        levels(of: market, exchange, type: "snapshot")
      }
    case .status:
      let products = markets.map { market in status(of: exchange.markets[market]) }
      return [event(channel, exchange, "snapshot", "products", products)]
    }
  }

  private static let snapshotTrades = 100
  private static let snapshotCandles: Int64 = 100
  /// So many orders to a message; one with fewer is the last.
  private static let snapshotOrders = 50

  private mutating func userSnapshot(_ exchange: SandboxExchange) -> [JSONTree] {
    let markets = subscriptions[.user] ?? []
    let orders = exchange.working.map { exchange.orders[$0] }
      .filter { markets.contains($0.market) }
    var messages: [JSONTree] = []
    var place = 0
    repeat {
      let batch = Array(orders.dropFirst(place).prefix(Self.snapshotOrders))
      place += Self.snapshotOrders
      messages.append(
        envelope("user", exchange, Self.userEvent("snapshot", batch, exchange)))
    } while place <= orders.count
    return messages
  }

  /// What a trade changes.
  mutating func tell(_ trade: MarketTrade, _ exchange: SandboxExchange) -> [JSONTree] {
    let market = trade.market
    let name = exchange.markets[market].id
    var messages: [JSONTree] = []
    func has(_ channel: Channel) -> Bool { subscriptions[channel]?.contains(market) == true }
    if has(.marketTrades) {
      messages.append(
        event(
          .marketTrades, exchange, "update", "trades",
          [.object(AdvancedProducts.tradeMembers(trade, of: name))]))
    }
    if has(.ticker) {
      messages.append(
        event(
          .ticker, exchange, "update", "tickers", [ticker(of: market, .ticker, exchange)]))
    }
    if has(.tickerBatch), isDue(market, at: trade.time) {
      lastBatch[market] = trade.time
      messages.append(
        event(
          .tickerBatch, exchange, "update", "tickers",
          [ticker(of: market, .tickerBatch, exchange)]))
    }
    if has(.candles),
      let last = candles(of: exchange.markets[market], exchange, buckets: 2).last
    {
      messages.append(
        event(
          .candles, exchange, "update", "candles", [candle(last, of: exchange.markets[market])]))
    }
    if has(.level2) { messages.append(levels(of: market, exchange, type: "update")) }
    return messages
  }

  /// Every five seconds of the data.
  private func isDue(_ market: Int, at time: Timestamp) -> Bool {
    lastBatch[market].map { time - $0 >= TimeSpan(seconds: 5) } ?? true
  }

  private mutating func event(
    _ channel: Channel, _ exchange: SandboxExchange, _ type: String, _ key: String,
    _ items: [JSONTree]
  ) -> JSONTree {
    envelope(
      channel.pushedAs, exchange,
      .object([("type", .string(type)), (key, .array(items))]))
  }

  private func ticker(
    of place: Int, _ channel: Channel, _ exchange: SandboxExchange
  ) -> JSONTree {
    let market = exchange.markets[place]
    let day = market.day(before: exchange.now)
    var members: [(key: String, value: JSONTree)] = [
      ("type", .string("ticker")), ("product_id", .string(market.id)),
      ("price", .string("\(market.price)")), ("volume_24_h", .string("\(day.volume)")),
      ("low_24_h", .string("\(day.low)")), ("high_24_h", .string("\(day.high)")),
      ("low_52_w", .string("\(day.low)")), ("high_52_w", .string("\(day.high)")),
      ("price_percent_chg_24_h", .string(day.change)),
    ]
    if channel == .ticker {
      members += [
        ("best_bid", .string("\(market.bid)")),
        ("best_bid_quantity", .string("\(market.depth)")),
        ("best_ask", .string("\(market.ask)")),
        ("best_ask_quantity", .string("\(market.depth)")),
      ]
    }
    return .object(members)
  }

  /// Of five minutes, or of the data's interval where that is longer.
  private func candles(
    of market: ProductMarket, _ exchange: SandboxExchange, buckets: Int64
  ) -> [Candle] {
    let interval = exchange.settings.interval
    let length =
      300 % max(1, interval.seconds) == 0 ? TimeSpan(seconds: 300) : interval
    let now = exchange.now
    return market.candles(
      of: length, from: Timestamp(nanoseconds: now.nanoseconds - buckets * length.nanoseconds),
      through: now)
  }

  private func candle(_ candle: Candle, of market: ProductMarket) -> JSONTree {
    .object(AdvancedProducts.candle(candle) + [("product_id", .string(market.id))])
  }

  /// The best price on either side; what it was before is gone.
  private mutating func levels(
    of place: Int, _ exchange: SandboxExchange, type: String
  ) -> JSONTree {
    let market = exchange.markets[place]
    var updates: [JSONTree] = []
    func update(_ side: String, _ price: Price, _ size: Quantity) {
      updates.append(
        .object([
          ("side", .string(side)), ("event_time", .string("\(exchange.now)")),
          ("price_level", .string("\(price)")), ("new_quantity", .string("\(size)")),
        ]))
    }
    if type == "update", let last = lastLevels[place] {
      if last.bid != market.bid { update("bid", last.bid, .zero) }
      if last.ask != market.ask { update("offer", last.ask, .zero) }
    }
    update("bid", market.bid, market.depth)
    update("offer", market.ask, market.depth)
    lastLevels[place] = (market.bid, market.ask)
    return envelope(
      Channel.level2.pushedAs, exchange,
      .object([
        ("type", .string(type)), ("product_id", .string(market.id)), ("updates", .array(updates)),
      ]))
  }

  private func status(of market: ProductMarket) -> JSONTree {
    let product = market.listing.product
    return .object([
      ("product_type", .string("SPOT")), ("id", .string(product.id)),
      ("base_currency", .string(market.listing.baseCurrency)),
      ("quote_currency", .string(market.listing.quoteCurrency)),
      ("base_increment", .string("\(product.baseIncrement)")),
      ("quote_increment", .string("\(product.quoteIncrement)")),
      ("display_name", .string(product.id)), ("status", .string("online")),
      ("status_message", .string("")), ("min_market_funds", .string("\(product.quoteMinSize)")),
    ])
  }
}
