import JSON
import Market

/// Products, prices and trades as the Exchange shows them, in REST and in the feed; B.2, B.3.
enum ExchangeProducts {
  typealias Member = (key: String, value: JSONTree)

  static func product(_ market: ProductMarket) -> JSONTree {
    let listing = market.listing
    return .object([
      ("id", .string(market.id)), ("base_currency", .string(listing.baseCurrency)),
      ("quote_currency", .string(listing.quoteCurrency)),
      ("quote_increment", .string("\(listing.product.quoteIncrement)")),
      ("base_increment", .string("\(listing.product.baseIncrement)")),
      ("display_name", .string("\(listing.baseCurrency)-\(listing.quoteCurrency)")),
      ("min_market_funds", .string("\(listing.product.quoteMinSize)")),
      ("margin_enabled", .bool(false)), ("post_only", .bool(false)), ("limit_only", .bool(false)),
      ("cancel_only", .bool(market.halt?.mode == .cancelOnly)), ("status", .string("online")),
      ("status_message", .string("")),
      ("trading_disabled", .bool(market.halt?.mode == .closed)), ("fx_stablecoin", .bool(false)),
      ("max_slippage_percentage", .string("0.02000000")), ("auction_mode", .bool(false)),
      ("high_bid_limit_percentage", .string("")),
    ])
  }

  /// What the messages of a product count by: those of the channel `full` alone raise it, and the
  /// sandbox's only one there is the match.
  static func sequence(_ market: ProductMarket) -> JSONTree { .number("\(lastTrade(market))") }

  /// The number of the last trade; 0 before the first.
  static func lastTrade(_ market: ProductMarket) -> UInt64 { market.recent.last?.id ?? 0 }

  static func ticker(_ market: ProductMarket, now: Timestamp) -> JSONTree {
    let last = market.recent.last
    return .object([
      ("ask", .string("\(market.ask)")), ("bid", .string("\(market.bid)")),
      ("volume", market.day(before: now).volume.text(decimals: 8)),
      ("trade_id", .number("\(lastTrade(market))")), ("price", .string("\(market.price)")),
      ("size", (last?.size ?? .zero).text(decimals: 8)),
      ("time", .string("\(last?.time ?? now)")),
    ])
  }

  static func stats(_ market: ProductMarket, now: Timestamp) -> JSONTree {
    let day = market.day(before: now)
    return .object([
      ("open", .string("\(day.open)")), ("high", .string("\(day.high)")),
      ("low", .string("\(day.low)")), ("last", .string("\(market.price)")),
      ("volume", day.volume.text(decimals: 8)),
    ])
  }

  /// One level a side; on level 3 orders have names, and nobody's is told.
  static func book(_ market: ProductMarket, level: Int, now: Timestamp) -> JSONTree {
    func side(_ price: Price) -> JSONTree {
      let last: JSONTree =
        level == 3 ? .string("00000000-0000-0000-0000-000000000000") : .integer(1)
      return .array([.array([.string("\(price)"), market.depth.text(decimals: 8), last])])
    }
    return .object([
      ("bids", side(market.bid)), ("asks", side(market.ask)), ("sequence", sequence(market)),
      ("auction_mode", .bool(false)), ("auction", .null), ("time", .string("\(now)")),
    ])
  }

  static func trade(_ trade: MarketTrade) -> JSONTree {
    .object([
      ("trade_id", .number("\(trade.id)")), ("side", .string(trade.makerSide.rawValue)),
      ("size", trade.size.text(decimals: 8)), ("price", .string("\(trade.price)")),
      ("time", .string("\(trade.time)")),
    ])
  }

  /// A row: time, low, high, open, close, volume; all JSON numbers.
  static func candle(_ candle: Candle) -> JSONTree {
    .array([
      .integer(candle.start.seconds), .number("\(candle.low)"), .number("\(candle.high)"),
      .number("\(candle.open)"), .number("\(candle.close)"), .number("\(candle.volume)"),
    ])
  }
}

extension ExchangeProducts {
  /// The message of the channel `status`.
  static func status(_ exchange: SandboxExchange) -> JSONTree {
    .object([
      ("type", .string("status")), ("products", .array(exchange.markets.map(product))),
      (
        "currencies",
        .array(
          exchange.ledger.currencies.map { currency in
            .object([
              ("id", .string(currency)), ("name", .string(currency)), ("status", .string("online")),
            ])
          })
      ),
    ])
  }
}
