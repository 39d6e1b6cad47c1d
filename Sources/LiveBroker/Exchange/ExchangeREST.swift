import JSON
package import Market

/// The Exchange API, for institutions: what its requests look like and how its answers are read.
///
/// Nothing here sends anything. Source: coinbase.md B, whose sections the comments name.
package enum ExchangeREST {
  static func get(
    _ path: String, _ query: [ExchangeRequest.QueryItem] = [], group: EndpointGroup = .privateData
  ) -> ExchangeRequest {
    ExchangeRequest(method: .get, path: path, query: query, group: group, repetition: .harmless)
  }

  static func call<Answer>(
    _ request: ExchangeRequest,
    _ read: @escaping @Sendable (JSONValue, HTTPAnswer) throws(AnswerDefect) -> Answer
  ) -> ExchangeCall<Answer> {
    ExchangeCall(request, of: .exchange) { value, answer throws(CallFault) in
      try decoding { () throws(AnswerDefect) in try read(value, answer) }
    }
  }

  /// The items of a page, and the cursor of the next one: the header names the oldest item.
  static func page<Item>(
    _ value: JSONValue, _ answer: HTTPAnswer,
    _ read: (AnswerObject) throws(AnswerDefect) -> Item
  ) throws(AnswerDefect) -> Page<Item> {
    let items = try AnswerObject.list(value, read)
    let cursor = answer.header("cb-after") ?? ""
    return Page(items: items, next: items.isEmpty || cursor.isEmpty ? nil : cursor)
  }

  // MARK: - Account

  /// The exchange's clock; B.1.
  package static func serverTime() -> ExchangeCall<ServerTime> {
    call(get("/time", group: .publicData)) { value, _ throws(AnswerDefect) in
      ServerTime(time: try AnswerObject(value).time("iso"))
    }
  }

  /// What the account has; B.2.
  ///
  /// There is no question here for what the key may do.
  package static func balances() -> ExchangeCall<Page<Balance>> {
    call(get("/accounts")) { value, _ throws(AnswerDefect) in
      let items = try AnswerObject.list(value) { account throws(AnswerDefect) in
        Balance(
          currency: try account.name("currency"), available: try account.computed("available"),
          held: try account.computed("hold"), isActive: try account.flag("trading_enabled"))
      }
      return Page(items: items, next: nil)
    }
  }

  /// What the exchange takes of each fill; B.2.
  package static func feeTier() -> ExchangeCall<FeeTier> {
    call(get("/fees")) { value, _ throws(AnswerDefect) in
      let answer = try AnswerObject(value)
      return FeeTier(
        name: "", makerRate: try answer.decimal("maker_fee_rate"),
        takerRate: try answer.decimal("taker_fee_rate"))
    }
  }

  // MARK: - Products

  /// All products; B.2.
  package static func products() -> ExchangeCall<[ListedProduct]> {
    call(get("/products", group: .publicData)) { value, _ throws(AnswerDefect) in
      try AnswerObject.list(value, product)
    }
  }

  /// One product; B.2.
  package static func product(_ id: String) -> ExchangeCall<ListedProduct> {
    call(get("/products/\(ExchangeRequest.encoded(id))", group: .publicData)) {
      value, _ throws(AnswerDefect) in
      try product(try AnswerObject(value))
    }
  }

  private static func product(_ answer: AnswerObject) throws(AnswerDefect) -> ListedProduct {
    var restrictions: Set<ListedProduct.Restriction> = []
    let flags: [(String, ListedProduct.Restriction)] = [
      ("trading_disabled", .disabled), ("cancel_only", .cancelOnly), ("limit_only", .limitOnly),
      ("post_only", .postOnly),
    ]
    for (key, restriction) in flags where try answer.flag(key) { restrictions.insert(restriction) }
    if try answer.optionalFlag("auction_mode") { restrictions.insert(.auction) }
    let status = try answer.name("status")
    if status != "online" { restrictions.insert(.disabled) }
    let lot: Quantity = try answer.increment("base_increment")
    return ListedProduct(
      // There is no least quantity here, only a least notional; one lot is the least there is.
      product: Product(
        id: try answer.name("id"), quoteIncrement: try answer.increment("quote_increment"),
        baseIncrement: lot, baseMinSize: lot,
        quoteMinSize: try answer.leastSize("min_market_funds")),
      baseCurrency: try answer.name("base_currency"),
      quoteCurrency: try answer.name("quote_currency"), status: status,
      restrictions: restrictions, price: nil, alias: nil)
  }

  /// The most candles that are asked for at once; B.2.
  package static let candlesPerPage = 300

  /// Candles, oldest first; those of empty buckets are missing, that of the bucket in progress may be
  /// there; B.2.
  ///
  /// They come as JSON numbers, whose characters are read exactly.
  ///
  /// - Parameters:
  ///   - id: Of which product.
  ///   - range: From `CandlePages`.
  ///   - interval: Of a candle.
  /// - Returns: `nil` where the exchange has no candles of this interval.
  package static func candles(
    of id: String, _ range: CandlePages.Page, interval: TimeSpan
  ) -> ExchangeCall<[Candle]>? {
    guard [60, 300, 900, 3600, 21_600, 86_400].contains(interval.seconds) else { return nil }
    var query: [ExchangeRequest.QueryItem] = []
    query.add("granularity", "\(interval.seconds)")
    query.add("start", "\(range.first)")
    query.add("end", "\(range.last)")
    let path = "/products/\(ExchangeRequest.encoded(id))/candles"
    return call(get(path, query, group: .publicData)) { value, _ throws(AnswerDefect) in
      let candles = try AnswerObject.rows(value, candle)
      return candles.sorted { $0.start < $1.start }
    }
  }

  /// A row: time, low, high, open, close, volume.
  private static func candle(_ row: JSONValue) throws(AnswerDefect) -> Candle {
    let cells = Array(row.elements)
    guard cells.count >= 6 else {
      throw AnswerObject.wrongKind("", row, "an array of six numbers")
    }
    func price(_ place: Int) throws(AnswerDefect) -> Price {
      let text = cells[place].number ?? "\(cells[place])"
      do { return try Price(text) } catch { throw .value("[\(place)]", "price", text) }
    }
    guard let start = cells[0].integer, (0...9_223_372_036).contains(start) else {
      throw .value("[0]", "time", "\(cells[0])")
    }
    var volume = cells[5].number ?? "\(cells[5])"
    let quantity: Quantity
    do {
      quantity = try volume.withUTF8 { bytes throws(DecimalError) in
        try Quantity.parse(bytes.span, excess: .roundDown).value
      }
    } catch { throw .value("[5]", "quantity", volume) }
    return Candle(
      start: Timestamp(seconds: start), open: try price(3), high: try price(2), low: try price(1),
      close: try price(4), volume: quantity)
  }
}
