import JSON
import Market
import Matching
import Network

/// REST of the Exchange: requests in, answers out; coinbase.md B.2.
///
/// Whether a key may ask has been settled before.
struct ExchangeAPI {
  /// What the clock shows, which is not the data's time.
  let clock: Timestamp

  /// Answers a request.
  func answer(_ request: HTTPRequest, _ exchange: inout SandboxExchange) -> HTTPResponse {
    do throws(ExchangeDefect) {
      return try route(request, &exchange) ?? ExchangeAnswer.notFound
    } catch {
      return error.response
    }
  }

  private func route(
    _ request: HTTPRequest, _ exchange: inout SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse? {
    let words = request.path.split(separator: "/").map(PercentEncoding.decoded)
    let query = ExchangeQuery(request)
    switch request.method {
    case .get:
      switch words.first {
      case "time", "products", "currencies": return try marketData(words, query, exchange)
      case "orders", "fills": return try orders(words, query, exchange)
      default: return account(words, exchange)
      }
    case .post: return words == ["orders"] ? try place(request, &exchange) : nil
    case .delete: return words.first == "orders" ? try cancel(words, query, &exchange) : nil
    case .head, .put, .patch, .options: return nil
    }
  }

  // MARK: - Account

  private func account(_ words: [String], _ exchange: SandboxExchange) -> HTTPResponse? {
    switch (words.first, words.count) {
    case ("accounts", 1):
      return ExchangeAnswer.json(
        .array(exchange.ledger.currencies.indices.map { account($0, exchange) }))
    case ("accounts", 2), ("accounts", 3):
      let place = exchange.ledger.currencies.indices.first {
        exchange.names.account($0) == words[1]
      }
      guard let place else { return nil }
      if words.count == 2 { return ExchangeAnswer.json(account(place, exchange)) }
      return words[2] == "holds" ? ExchangeAnswer.json(holds(place, exchange)) : nil
    case ("fees", 1): return ExchangeAnswer.json(fees(exchange))
    case ("profiles", 1):
      return ExchangeAnswer.json(
        .array([
          .object([
            ("id", .string(exchange.names.portfolio)), ("user_id", .string(exchange.names.user)),
            ("name", .string("default")), ("active", .bool(true)), ("is_default", .bool(true)),
          ])
        ]))
    default: return nil
    }
  }

  private func account(_ place: Int, _ exchange: SandboxExchange) -> JSONTree {
    let currency = exchange.ledger.currencies[place]
    let balance = exchange.ledger[currency]
    return .object([
      ("id", .string(exchange.names.account(place))), ("currency", .string(currency)),
      ("balance", balance.total.text(decimals: 16)), ("hold", balance.held.text(decimals: 16)),
      ("available", balance.available.text(decimals: 16)),
      ("profile_id", .string(exchange.names.portfolio)), ("trading_enabled", .bool(true)),
      ("pending_deposit", .string("0.0000000000000000")), ("display_name", .string(currency)),
    ])
  }

  /// What working orders hold of a currency.
  private func holds(_ place: Int, _ exchange: SandboxExchange) -> JSONTree {
    let currency = exchange.ledger.currencies[place]
    return .array(
      exchange.working.reversed().map { exchange.orders[$0] }
        .filter { exchange.currencyHeld(by: $0) == currency }
        .map { order in
          .object([
            ("id", .string(order.id)), ("created_at", .string("\(order.created)")),
            ("updated_at", .string("\(order.updated)")),
            ("amount", order.held.text(decimals: 16)), ("type", .string("order")),
            ("ref", .string(order.id)),
          ])
        })
  }

  /// The rates of the first product: the Exchange knows one tier for all.
  private func fees(_ exchange: SandboxExchange) -> JSONTree {
    let model = exchange.settings.listings.first?.model
    let volume = exchange.fills.reduce(Money.zero) { $0 + $1.fill.notional }
    return .object([
      ("taker_fee_rate", (model?.takerRate ?? .zero).text(decimals: 4)),
      ("maker_fee_rate", (model?.makerRate ?? .zero).text(decimals: 4)),
      ("usd_volume", volume.text(decimals: 2)),
    ])
  }
}
