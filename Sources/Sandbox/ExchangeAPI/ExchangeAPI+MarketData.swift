import JSON
import Market
import Network

extension ExchangeAPI {
  /// Time, currencies, products and prices.
  func marketData(
    _ words: [String], _ query: ExchangeQuery, _ exchange: SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse? {
    switch (words[0], words.count) {
    case ("time", 1):
      let seconds = Money(steps: Int128(clock.nanoseconds) * 1_000_000_000)
      return ExchangeAnswer.json(
        .object([("iso", .string("\(clock)")), ("epoch", .number("\(seconds)"))]))
    case ("currencies", 1):
      return ExchangeAnswer.json(
        .array(exchange.ledger.currencies.map { currency($0, exchange) }))
    case ("currencies", 2):
      guard exchange.ledger.currencies.contains(words[1]) else { return nil }
      return ExchangeAnswer.json(currency(words[1], exchange))
    case ("products", 1):
      return ExchangeAnswer.json(.array(exchange.markets.map(ExchangeProducts.product)))
    case ("products", 2...):
      guard let place = exchange.market(words[1]) else { return nil }
      let market = exchange.markets[place]
      guard words.count == 3 else {
        return words.count == 2 ? ExchangeAnswer.json(ExchangeProducts.product(market)) : nil
      }
      switch words[2] {
      case "ticker":
        return ExchangeAnswer.json(ExchangeProducts.ticker(market, now: exchange.now))
      case "trades":
        return try ExchangePage(query).answer(
          market.recent.reversed(), number: \.id, ExchangeProducts.trade)
      case "book":
        guard let level = Int(query["level"] ?? "1"), (1...3).contains(level) else {
          throw ExchangeDefect("Invalid level")
        }
        return ExchangeAnswer.json(
          ExchangeProducts.book(market, level: level, now: exchange.now))
      case "candles": return try candles(market, query, exchange)
      case "stats":
        return ExchangeAnswer.json(ExchangeProducts.stats(market, now: exchange.now))
      default: return nil
      }
    default: return nil
    }
  }

  private func currency(_ name: String, _ exchange: SandboxExchange) -> JSONTree {
    let isQuote = exchange.settings.listings.contains { $0.quoteCurrency == name }
    let least = isQuote ? "0.01" : "0.00000001"
    return .object([
      ("id", .string(name)), ("name", .string(name)), ("min_size", .string(least)),
      ("status", .string("online")), ("message", .string("")), ("max_precision", .string(least)),
      ("convertible_to", .array([])), ("default_network", .string("")),
      ("supported_networks", .array([])), ("display_name", .string("")),
      (
        "details",
        .object([
          ("type", .string(isQuote ? "fiat" : "crypto")), ("symbol", .null),
          ("network_confirmations", .null), ("sort_order", .integer(0)),
          ("push_payment_methods", .array([])), ("group_types", .array([])),
          ("display_name", .null), ("processing_time_seconds", .null),
          ("min_withdrawal_amount", .null), ("max_withdrawal_amount", .null),
        ])
      ),
    ])
  }

  // MARK: - Candles

  private static let granularities: Set<Int64> = [60, 300, 900, 3600, 21_600, 86_400]
  /// Intervals; that makes one row more.
  private static let mostIntervals: Int64 = 300
  /// Without a span, the latest.
  private static let standardCount: Int64 = 350

  private func candles(
    _ market: ProductMarket, _ query: ExchangeQuery, _ exchange: SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse {
    guard let seconds = Int64(query["granularity"] ?? "60"), Self.granularities.contains(seconds)
    else { throw ExchangeDefect("Unsupported granularity") }
    let interval = exchange.settings.interval.seconds
    guard seconds % interval == 0 else {
      throw ExchangeDefect(
        "Unsupported granularity: the data are candles of \(interval) s, and none can be made of them"
      )
    }
    let end = try query.time("end") ?? exchange.now
    let begin =
      try query.time("start")
      ?? Timestamp(seconds: max(0, end.seconds - (Self.standardCount - 1) * seconds))
    let hasSpan = query["start"] != nil && query["end"] != nil
    if hasSpan, end.seconds - begin.seconds > Self.mostIntervals * seconds {
      throw ExchangeDefect(
        "granularity too small for the requested time range. Count of aggregations requested exceeds "
          + "300")
    }
    // Buckets from the first that starts in the span to the last.
    let first = Timestamp(seconds: (begin.seconds + seconds - 1) / seconds * seconds)
    let candles = exchange.listedCandles(
      of: market, length: TimeSpan(seconds: seconds), from: first, through: end)
    return ExchangeAnswer.json(
      .array(candles.reversed().prefix(Int(Self.standardCount)).map(ExchangeProducts.candle)))
  }
}
