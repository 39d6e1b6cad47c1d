import JSON
import Market
import Network

extension AdvancedAPI {
  /// Time, products and prices, of the public paths and their keyed twins.
  func marketData(
    _ words: [String], _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse? {
    switch (words.first, words.count) {
    case ("time", 1): return time
    case ("products", 1): return try products(query, exchange)
    case ("products", 2):
      return found(words[1], exchange) { market in
        AdvancedProducts.product(market, as: words[1], now: exchange.now)
      }
    case ("products", 3) where words[2] == "ticker": return try ticker(words[1], query, exchange)
    case ("products", 3) where words[2] == "candles": return try candles(words[1], query, exchange)
    case ("product_book", 1):
      guard let name = query["product_id"] else { throw BadRequest("product_id is missing") }
      return found(name, exchange) { market in
        AdvancedProducts.book(market, as: name, now: exchange.now)
      }
    case ("best_bid_ask", 1):
      let names = query.all("product_ids", "product_id")
      let books = exchange.markets.filter { names.isEmpty || names.contains($0.id) }
        .map { AdvancedProducts.pricebook($0, as: $0.id, now: exchange.now) }
      return AdvancedAnswer.json(.object([("pricebooks", .array(books))]))
    default: return nil
    }
  }

  /// The clock's time: tokens are made by it.
  private var time: HTTPResponse {
    AdvancedAnswer.json(
      .object([
        ("iso", .string("\(clock)")), ("epochSeconds", .string("\(clock.seconds)")),
        ("epochMillis", .string("\(clock.nanoseconds / 1_000_000)")),
      ]))
  }

  private func found(
    _ name: String, _ exchange: SandboxExchange, _ tree: (ProductMarket) -> JSONTree
  ) -> HTTPResponse {
    guard let market = exchange.market(aliased: name) else {
      return AdvancedAnswer.notFound("Product \(name) not supported")
    }
    return AdvancedAnswer.json(tree(exchange.markets[market]))
  }

  private func products(
    _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let names = query.all("product_ids")
    if let type = query["product_type"], type != "SPOT", type != "UNKNOWN_PRODUCT_TYPE" {
      return AdvancedAnswer.json(AdvancedProducts.list([]))
    }
    let offset = try query.count("offset", default: 0, most: 1_000_000)
    let limit = try query.count("limit", default: 1000, most: 1000)
    let all = exchange.markets.filter { names.isEmpty || names.contains($0.id) }
    let page = all.dropFirst(offset).prefix(limit)
    return AdvancedAnswer.json(
      AdvancedProducts.list(
        page.map { AdvancedProducts.product($0, as: $0.id, now: exchange.now) }))
  }

  private func ticker(
    _ name: String, _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let limit = try query.count("limit", default: 100, most: 1_000_000)
    guard limit <= 1000 else {
      return AdvancedAnswer.error(
        500, "INTERNAL", "Internal server error", details: "Internal server error")
    }
    let (start, end) = (try query.seconds("start"), try query.seconds("end"))
    return found(name, exchange) { market in
      let trades = market.recent.reversed().filter { trade in
        start.map { trade.time >= $0 } ?? true && end.map { trade.time <= $0 } ?? true
      }
      return .object([
        (
          "trades",
          .array(trades.prefix(min(limit, 100)).map { AdvancedProducts.trade($0, of: name) })
        ),
        ("best_bid", .string("\(market.bid)")), ("best_ask", .string("\(market.ask)")),
      ])
    }
  }

  /// Lengths of candles by their names.
  private static let granularities: [String: Int64] = [
    "ONE_MINUTE": 60, "FIVE_MINUTE": 300, "FIFTEEN_MINUTE": 900, "THIRTY_MINUTE": 1800,
    "ONE_HOUR": 3600, "TWO_HOUR": 7200, "FOUR_HOUR": 14_400, "SIX_HOUR": 21_600,
    "ONE_DAY": 86_400, "ONE_WEEK": 604_800,
  ]

  private func candles(
    _ name: String, _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    guard let seconds = Self.granularities[query["granularity"] ?? ""] else {
      throw BadRequest("granularity is '\(query["granularity"] ?? "")'")
    }
    let interval = exchange.settings.interval
    guard seconds % interval.seconds == 0 else {
      throw BadRequest(
        "granularity: the data are candles of \(interval.seconds) s, and none can be made of them")
    }
    let end = try query.seconds("end") ?? exchange.now
    let start =
      try query.seconds("start") ?? Timestamp(seconds: max(0, end.seconds - 349 * seconds))
    // Buckets from the first that starts in the span to the last.
    let first = (start.seconds + seconds - 1) / seconds
    guard end.seconds / seconds - first < Self.mostCandles else {
      let message = "number of candles requested should be less than 350"
      throw BadRequest(message, details: "start and end argument is invalid - \(message)")
    }
    let limit = try query.count("limit", default: 350, most: 350)
    return found(name, exchange) { market in
      let candles = exchange.listedCandles(
        of: market, length: TimeSpan(seconds: seconds), from: Timestamp(seconds: first * seconds),
        through: end)
      return .object([
        (
          "candles",
          .array(candles.reversed().prefix(limit).map { .object(AdvancedProducts.candle($0)) })
        )
      ])
    }
  }

  private static let mostCandles: Int64 = 350
}

extension SandboxExchange {
  /// The place of a product, or of the one whose book it shares: `-USDC` is another name of `-USD`.
  func market(aliased name: String) -> Int? {
    if let place = market(name) { return place }
    return name.hasSuffix("-USDC") ? market(String(name.dropLast())) : nil
  }
}
