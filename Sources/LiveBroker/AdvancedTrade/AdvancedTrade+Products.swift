package import Market

extension AdvancedTrade {
  /// Products with their steps and minimums; A.4.
  ///
  /// - Parameters:
  ///   - ids: Which; all of spot where empty.
  ///   - isPublic: Whether to ask without a key, for data that are about a second old.
  /// - Returns: In the exchange's order.
  package static func products(
    _ ids: [String] = [], isPublic: Bool = false
  ) -> ExchangeCall<[ListedProduct]> {
    var query: [ExchangeRequest.QueryItem] = []
    query.add("product_type", "SPOT")
    for id in ids { query.add("product_ids", id) }
    return call(marketData("/products", query, isPublic: isPublic)) {
      answer throws(AnswerDefect) in
      try answer.list("products", product)
    }
  }

  /// One product; A.4.
  package static func product(
    _ id: String, isPublic: Bool = false
  ) -> ExchangeCall<ListedProduct> {
    call(
      marketData("/products/\(ExchangeRequest.encoded(id))", [], isPublic: isPublic), product)
  }

  static func marketData(
    _ path: String, _ query: [ExchangeRequest.QueryItem], isPublic: Bool
  ) -> ExchangeRequest {
    get((isPublic ? "/market" : "") + path, query, group: isPublic ? .publicData : .privateData)
  }

  @Sendable private static func product(
    _ answer: AnswerObject
  ) throws(AnswerDefect) -> ListedProduct {
    let flags: [(String, ListedProduct.Restriction)] = [
      ("is_disabled", .disabled), ("trading_disabled", .disabled), ("cancel_only", .cancelOnly),
      ("limit_only", .limitOnly), ("post_only", .postOnly), ("auction_mode", .auction),
    ]
    var restrictions: Set<ListedProduct.Restriction> = []
    for (key, restriction) in flags where try answer.flag(key) { restrictions.insert(restriction) }
    if try answer.optionalFlag("view_only") { restrictions.insert(.viewOnly) }
    let status = try answer.optionalText("status")
    if !["", "online"].contains(status) { restrictions.insert(.disabled) }
    let alias = try answer.optionalText("alias")
    return ListedProduct(
      // A price's tick is `price_increment`; `quote_increment` is that of amounts (C 6).
      product: try listing(answer, tick: "price_increment", leastNotional: "quote_min_size"),
      baseCurrency: try answer.name("base_currency_id"),
      quoteCurrency: try answer.name("quote_currency_id"), status: status,
      restrictions: restrictions, price: try answer.optionalDecimal("price"),
      alias: alias.isEmpty ? nil : alias)
  }

  private static func listing(
    _ answer: AnswerObject, tick: String, leastNotional: String
  ) throws(AnswerDefect) -> Product {
    Product(
      id: try answer.name("product_id"), quoteIncrement: try answer.increment(tick),
      baseIncrement: try answer.increment("base_increment"),
      baseMinSize: try answer.leastSize("base_min_size"),
      quoteMinSize: try answer.leastSize(leastNotional))
  }

  /// The most candles that are asked for at once: 350 or so are allowed, sources differ; A.4.
  package static let candlesPerPage = 300

  /// The intervals that there are candles of, in seconds, by their names.
  private static let granularities: [Int64: String] = [
    60: "ONE_MINUTE", 300: "FIVE_MINUTE", 900: "FIFTEEN_MINUTE", 1800: "THIRTY_MINUTE",
    3600: "ONE_HOUR", 7200: "TWO_HOUR", 14_400: "FOUR_HOUR", 21_600: "SIX_HOUR",
    86_400: "ONE_DAY",
  ]

  /// Candles, oldest first; those of empty buckets are missing, that of the bucket in progress may be
  /// there; A.4.
  ///
  /// - Parameters:
  ///   - id: Of which product.
  ///   - range: From `CandlePages`.
  ///   - interval: Of a candle.
  ///   - isPublic: Whether to ask without a key.
  /// - Returns: `nil` where the exchange has no candles of this interval.
  package static func candles(
    of id: String, _ range: CandlePages.Page, interval: TimeSpan, isPublic: Bool = false
  ) -> ExchangeCall<[Candle]>? {
    guard let granularity = granularities[interval.seconds] else { return nil }
    var query: [ExchangeRequest.QueryItem] = []
    query.add("start", "\(range.first.seconds)")
    query.add("end", "\(range.last.seconds)")
    query.add("granularity", granularity)
    query.add("limit", "\(candlesPerPage)")
    let path = "/products/\(ExchangeRequest.encoded(id))/candles"
    return call(marketData(path, query, isPublic: isPublic)) { answer throws(AnswerDefect) in
      let candles = try answer.list("candles", candle)
      return candles.sorted { $0.start < $1.start }
    }
  }

  /// A row of candles, as strings, of REST and WebSocket.
  @Sendable static func candle(_ row: AnswerObject) throws(AnswerDefect) -> Candle {
    let start = try row.integer("start")
    guard (0...9_223_372_036).contains(start) else { throw .value("start", "time", "\(start)") }
    return Candle(
      start: Timestamp(seconds: start), open: try row.decimal("open"),
      high: try row.decimal("high"),
      low: try row.decimal("low"), close: try row.decimal("close"),
      volume: try row.computed("volume"))
  }
}

extension AnswerObject {
  /// A tick or lot, above 0.
  func increment<Value: ExactDecimal>(_ key: String) throws(AnswerDefect) -> Value {
    let value: Value = try decimal(key)
    guard value > .zero else { throw .value(key, "increment above 0", "\(value)") }
    return value
  }
}
