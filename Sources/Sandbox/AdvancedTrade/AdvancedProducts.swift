import JSON
import Market

/// Products and market data of Advanced Trade; coinbase.md A.4 and A.5.
enum AdvancedProducts {
  /// A product; under an alias, its name and currency are those that were asked for.
  static func product(_ market: ProductMarket, as name: String, now: Timestamp) -> JSONTree {
    let product = market.listing.product
    let day = market.day(before: now)
    let isAlias = name != product.id
    let quote = isAlias ? "USDC" : market.listing.quoteCurrency
    let base = market.listing.baseCurrency
    let hasPrice = market.price > .zero
    func string(_ value: some ExactDecimal) -> JSONTree { .string("\(value)") }
    func flag(_ key: String) -> (key: String, value: JSONTree) { (key, .bool(false)) }
    return .object([
      ("product_id", .string(name)), ("price", hasPrice ? string(market.price) : .string("")),
      ("price_percentage_change_24h", .string(day.change)), ("volume_24h", string(day.volume)),
      ("volume_percentage_change_24h", .string("0")),
      ("base_increment", string(product.baseIncrement)),
      ("quote_increment", string(product.quoteIncrement)),
      ("quote_min_size", string(product.quoteMinSize)),
      ("quote_max_size", .string("1000000000000")),
      ("base_min_size", string(product.baseMinSize)),
      ("base_max_size", .string("1000000000000000")),
      ("base_name", .string(base)), ("quote_name", .string(quote)),
      flag("watched"), flag("is_disabled"), flag("new"), ("status", .string("online")),
      ("cancel_only", .bool(market.halt?.mode == .cancelOnly)), flag("limit_only"),
      flag("post_only"),
      ("trading_disabled", .bool(market.halt?.mode == .closed)),
      flag("auction_mode"), ("product_type", .string("SPOT")),
      ("quote_currency_id", .string(quote)), ("base_currency_id", .string(base)),
      ("fcm_trading_session_details", .null), ("mid_market_price", .string("")),
      ("alias", .string(isAlias ? product.id : "")), ("alias_to", .array([])),
      ("base_display_symbol", .string(base)), ("quote_display_symbol", .string(quote)),
      flag("view_only"), ("price_increment", string(product.quoteIncrement)),
      ("display_name", .string(name)), ("product_venue", .string("CBE")),
      (
        "approximate_quote_24h_volume",
        .string((market.price.notional(of: day.volume) ?? .zero).description)
      ),
      ("new_at", .null), ("best_bid_price", hasPrice ? string(market.bid) : .string("")),
      ("best_ask_price", hasPrice ? string(market.ask) : .string("")),
      ("high_24h", string(day.high)), ("low_24h", string(day.low)),
    ])
  }

  /// A list of products.
  static func list(_ products: [JSONTree]) -> JSONTree {
    .object([
      ("products", .array(products)), ("num_products", .integer(Int64(products.count))),
      ("pagination", .null),
    ])
  }

  /// The book: one price on either side.
  static func pricebook(_ market: ProductMarket, as name: String, now: Timestamp) -> JSONTree {
    func level(_ price: Price) -> JSONTree {
      .array([.object([("price", .string("\(price)")), ("size", .string("\(market.depth)"))])])
    }
    let hasPrice = market.price > .zero
    return .object([
      ("product_id", .string(name)), ("bids", hasPrice ? level(market.bid) : .array([])),
      ("asks", hasPrice ? level(market.ask) : .array([])), ("time", .string("\(now)")),
    ])
  }

  /// The book with what is said beside it.
  static func book(_ market: ProductMarket, as name: String, now: Timestamp) -> JSONTree {
    let spread = market.ask - market.bid
    // Half a step more than a price holds is cut.
    let middle = Price(steps: market.bid.steps + spread.steps / 2)
    let points =
      middle > .zero
      ? Money(steps: Int128(spread.steps) * 10_000 * Money.stepsPerUnit / Int128(middle.steps))
      : .zero
    return .object([
      ("pricebook", pricebook(market, as: name, now: now)),
      ("last", .string("\(market.price)")), ("mid_market", .string("\(middle)")),
      ("spread_bps", .string("\(points)")), ("spread_absolute", .string("\(spread)")),
    ])
  }

  /// A trade of the market, of REST.
  static func trade(_ trade: MarketTrade, of name: String) -> JSONTree {
    .object(
      tradeMembers(trade, of: name) + [
        ("bid", .string("")), ("ask", .string("")), ("exchange", .string("cbe")),
      ])
  }

  /// The members that REST and WebSocket share.
  static func tradeMembers(
    _ trade: MarketTrade, of name: String
  ) -> [(key: String, value: JSONTree)] {
    [
      ("trade_id", .string("\(trade.id)")), ("product_id", .string(name)),
      ("price", .string("\(trade.price)")), ("size", .string("\(trade.size)")),
      ("time", .string("\(trade.time)")),
      ("side", .string(trade.makerSide == .buy ? "BUY" : "SELL")),
    ]
  }

  /// A candle; all of it strings.
  static func candle(_ candle: Candle) -> [(key: String, value: JSONTree)] {
    [
      ("start", .string("\(candle.start.seconds)")), ("low", .string("\(candle.low)")),
      ("high", .string("\(candle.high)")), ("open", .string("\(candle.open)")),
      ("close", .string("\(candle.close)")), ("volume", .string("\(candle.volume)")),
    ]
  }
}
