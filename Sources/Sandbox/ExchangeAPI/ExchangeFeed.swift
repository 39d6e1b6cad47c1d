import JSON
import Market

/// A WebSocket of the Exchange; coinbase.md B.3.
struct ExchangeFeed: FeedSession {
  /// A channel as it is subscribed.
  enum Channel: String, Hashable, Sendable, CaseIterable {
    case heartbeat, status, ticker, matches, user, level2
    case tickerBatch = "ticker_batch"
    case level2Batch = "level2_batch"

    /// Whether one has to show who one is.
    var needsKey: Bool { self == .user || self == .level2 }
  }

  /// The markets of each channel.
  var subscriptions: [Channel: Set<Int>] = [:]
  /// When a product's `ticker_batch` was sent last.
  var lastBatch: [Int: Timestamp] = [:]
  /// What a product's book showed last.
  var lastLevels: [Int: (bid: Price, ask: Price)] = [:]

  let api = Visitor.API.exchange
  var isSubscribed: Bool { !subscriptions.isEmpty }

  var followsTrades: Bool {
    subscriptions[.matches] != nil || subscriptions[.ticker] != nil
  }

  // MARK: - Messages of the client

  /// What is wrong with a message.
  private struct Refusal: Error {
    var message = "Failed to subscribe"
    var reason: String
  }

  mutating func receive(
    _ message: JSONValue, _ exchange: SandboxExchange, _ door: Doorkeeper, clock: Timestamp
  ) -> [JSONTree] {
    do throws(Refusal) {
      let wanted = try wanted(message, exchange, door, clock: clock)
      if message["type"]?.string == "unsubscribe" {
        for (channel, markets) in wanted {
          let left = (subscriptions[channel] ?? []).subtracting(markets)
          subscriptions[channel] = left.isEmpty ? nil : left
        }
        return [answer(exchange)]
      }
      for (channel, markets) in wanted { subscriptions[channel, default: []].formUnion(markets) }
      return [answer(exchange)]
        + wanted.flatMap { channel, markets in
          markets.sorted().flatMap { snapshot(channel, $0, exchange) }
            + (channel == .status ? [ExchangeProducts.status(exchange)] : [])
        }
    } catch {
      return [
        .object([
          ("type", .string("error")), ("message", .string(error.message)),
          ("reason", .string(error.reason)),
        ]), answer(exchange),
      ]
    }
  }

  /// The channels of a message with their markets, in its order.
  private func wanted(
    _ message: JSONValue, _ exchange: SandboxExchange, _ door: Doorkeeper, clock: Timestamp
  ) throws(Refusal) -> [(Channel, Set<Int>)] {
    guard ["subscribe", "unsubscribe"].contains(message["type"]?.string ?? "") else {
      throw Refusal(
        message: "Malformed message", reason: "type must be subscribe or unsubscribe")
    }
    let isKnown = try isKnown(message, door, clock: clock)
    var wanted: [(Channel, Set<Int>)] = []
    for element in message["channels"]?.elements ?? JSONValue.noElements {
      let name = element.string ?? element["name"]?.string ?? ""
      guard let channel = Channel(rawValue: name) else {
        throw Refusal(reason: "\(name) is not a valid channel")
      }
      guard isKnown || !channel.needsKey else {
        throw Refusal(reason: "\(name) channel requires authentication")
      }
      let ids = element["product_ids"] ?? message["product_ids"]
      var markets: Set<Int> = []
      for id in ids?.elements ?? JSONValue.noElements {
        guard let market = exchange.market(id.string ?? "") else {
          throw Refusal(reason: "\(id) is not a valid product")
        }
        markets.insert(market)
      }
      if markets.isEmpty {
        guard channel == .status || channel == .user else {
          throw Refusal(reason: "No product_ids for \(name)")
        }
        markets = Set(exchange.markets.indices)
      }
      wanted.append((channel, markets))
    }
    guard !wanted.isEmpty else { throw Refusal(reason: "No channels provided") }
    return wanted
  }

  /// Whether the message shows who sends it; a wrong proof is refused where none is needed, too.
  private func isKnown(
    _ message: JSONValue, _ door: Doorkeeper, clock: Timestamp
  ) throws(Refusal) -> Bool {
    guard message["signature"] != nil || message["key"] != nil else { return false }
    do {
      _ = try door.admit(subscription: message, now: clock)
      return true
    } catch {
      throw Refusal(reason: error.reason)
    }
  }

  /// What is subscribed now, whole.
  private func answer(_ exchange: SandboxExchange) -> JSONTree {
    let channels = Channel.allCases.compactMap { channel -> JSONTree? in
      guard let markets = subscriptions[channel] else { return nil }
      return .object([
        ("name", .string(channel.rawValue)),
        (
          "product_ids", .array(markets.sorted().map { .string(exchange.markets[$0].id) })
        ), ("account_ids", .null),
      ])
    }
    return .object([("type", .string("subscriptions")), ("channels", .array(channels))])
  }

  // MARK: - Messages about the market

  /// What a channel begins with.
  private mutating func snapshot(
    _ channel: Channel, _ place: Int, _ exchange: SandboxExchange
  ) -> [JSONTree] {
    let market = exchange.markets[place]
    switch channel {
    case .heartbeat: return [Self.heartbeat(market, exchange.announced)]
    case .status, .user: return []
    case .ticker, .tickerBatch:
      lastBatch[place] = exchange.now
      return market.recent.isEmpty
        ? [] : [Self.ticker(market, as: channel.rawValue, exchange.now)]
    case .matches: return market.recent.last.map { [Self.match($0, market, "last_match")] } ?? []
    case .level2, .level2Batch:
      lastLevels[place] = (market.bid, market.ask)
      return [
        .object([
          ("type", .string("snapshot")), ("product_id", .string(market.id)),
          ("bids", .array([Self.level(market.bid, market.depth)])),
          ("asks", .array([Self.level(market.ask, market.depth)])),
        ])
      ]
    }
  }

  mutating func tell(_ news: ExchangeNews, _ exchange: SandboxExchange) -> [JSONTree] {
    switch news {
    case .trade(let trade): return tell(trade, exchange)
    case .heartbeat(let time):
      return (subscriptions[.heartbeat] ?? []).sorted().map { place in
        Self.heartbeat(exchange.markets[place], time)
      }
    case .order(let order, let step):
      guard subscriptions[.user]?.contains(order.market) == true else { return [] }
      return ExchangeOrderNews(order, exchange).messages(of: step)
    }
  }

  private static func heartbeat(_ market: ProductMarket, _ time: Timestamp) -> JSONTree {
    .object([
      ("type", .string("heartbeat")), ("sequence", ExchangeProducts.sequence(market)),
      ("last_trade_id", .number("\(ExchangeProducts.lastTrade(market))")),
      ("product_id", .string(market.id)), ("time", .string("\(time)")),
    ])
  }

  private mutating func tell(_ trade: MarketTrade, _ exchange: SandboxExchange) -> [JSONTree] {
    let (place, market) = (trade.market, exchange.markets[trade.market])
    func hears(_ channel: Channel) -> Bool { subscriptions[channel]?.contains(place) == true }
    var messages: [JSONTree] = []
    if hears(.matches) { messages.append(Self.match(trade, market, "match")) }
    if hears(.ticker) { messages.append(Self.ticker(market, as: "ticker", trade.time)) }
    if hears(.tickerBatch),
      lastBatch[place].map({ trade.time - $0 >= TimeSpan(seconds: 5) }) ?? true
    {
      lastBatch[place] = trade.time
      messages.append(Self.ticker(market, as: "ticker_batch", trade.time))
    }
    if hears(.level2) || hears(.level2Batch), let last = lastLevels[place] {
      lastLevels[place] = (market.bid, market.ask)
      messages.append(Self.change(from: last, market, trade.time))
    }
    return messages
  }

  private static func match(
    _ trade: MarketTrade, _ market: ProductMarket, _ type: String
  ) -> JSONTree {
    .object([
      ("type", .string(type)), ("trade_id", .number("\(trade.id)")),
      // Orders of others, whose names nobody can look up.
      ("maker_order_id", .string(OrderName.make(Int(trade.id), seed: UInt64(trade.market)))),
      ("taker_order_id", .string(OrderName.make(Int(trade.id), seed: ~UInt64(trade.market)))),
      ("side", .string(trade.makerSide.rawValue)), ("size", trade.size.text(decimals: 8)),
      ("price", .string("\(trade.price)")), ("product_id", .string(market.id)),
      ("sequence", .number("\(trade.id)")), ("time", .string("\(trade.time)")),
    ])
  }

  private static func ticker(
    _ market: ProductMarket, as type: String, _ time: Timestamp
  ) -> JSONTree {
    let (day, last) = (market.day(before: time), market.recent.last)
    let taker: Side = last?.makerSide == .buy ? .sell : .buy
    return .object([
      ("type", .string(type)), ("sequence", ExchangeProducts.sequence(market)),
      ("product_id", .string(market.id)), ("price", .string("\(market.price)")),
      ("open_24h", .string("\(day.open)")), ("volume_24h", day.volume.text(decimals: 8)),
      ("low_24h", .string("\(day.low)")), ("high_24h", .string("\(day.high)")),
      ("volume_30d", day.volume.text(decimals: 8)), ("best_bid", .string("\(market.bid)")),
      ("best_bid_size", market.depth.text(decimals: 8)), ("best_ask", .string("\(market.ask)")),
      ("best_ask_size", market.depth.text(decimals: 8)), ("side", .string(taker.rawValue)),
      ("time", .string("\(time)")), ("trade_id", .number("\(ExchangeProducts.lastTrade(market))")),
      ("last_size", (last?.size ?? .zero).text(decimals: 8)),
    ])
  }

  private static func level(_ price: Price, _ size: Quantity) -> JSONTree {
    .array([.string("\(price)"), size.text(decimals: 8)])
  }

  /// What is no more at its price, then what is there now.
  private static func change(
    from last: (bid: Price, ask: Price), _ market: ProductMarket, _ time: Timestamp
  ) -> JSONTree {
    var changes: [JSONTree] = []
    for (side, old, new) in [("buy", last.bid, market.bid), ("sell", last.ask, market.ask)] {
      if old != new {
        changes.append(
          .array([.string(side), .string("\(old)"), Quantity.zero.text(decimals: 8)]))
      }
      changes.append(
        .array([.string(side), .string("\(new)"), market.depth.text(decimals: 8)]))
    }
    return .object([
      ("type", .string("l2update")), ("product_id", .string(market.id)),
      ("time", .string("\(time)")), ("changes", .array(changes)),
    ])
  }
}

extension JSONValue {
  /// For what is not there.
  fileprivate static var noElements: Elements {
    guard let empty = try? JSONValue(parsing: Array("[]".utf8)) else {
      preconditionFailure("[] is JSON")
    }
    return empty.elements
  }
}
