import JSON
import Market
import Network

/// REST of Advanced Trade: requests in, answers out; coinbase.md A.4 to A.11.
///
/// Whether a key may ask has been settled before.
struct AdvancedAPI {
  /// The root of its paths.
  static let root = "/api/v3/brokerage"

  /// What the key of the request may do, which it can ask for itself.
  let permissions: KeyPermissions
  /// What the clock shows, which is not the data's time.
  let clock: Timestamp

  /// Whether a path is one of this API's.
  static func owns(_ path: String) -> Bool {
    path.hasPrefix(root + "/") || path.hasPrefix("/v2/")
  }

  /// Answers a request.
  func answer(_ request: HTTPRequest, _ exchange: inout SandboxExchange) -> HTTPResponse {
    do throws(BadRequest) {
      return try route(request, &exchange) ?? AdvancedAnswer.notFound("\(request.path) not found")
    } catch {
      return error.response
    }
  }

  private func route(
    _ request: HTTPRequest, _ exchange: inout SandboxExchange
  ) throws(BadRequest) -> HTTPResponse? {
    guard request.path.hasPrefix(Self.root + "/") else { return consumerAnswer(request, exchange) }
    var words = request.path.dropFirst(Self.root.count + 1).split(separator: "/")
      .map(PercentEncoding.decoded)
    let query = AdvancedQuery(request)
    switch request.method {
    case .get:
      if words.first == "market" { words.removeFirst() }
      if let answer = try marketData(words, query, exchange) { return answer }
      if let answer = try account(words, query, exchange) { return answer }
      return try orders(words, query, exchange)
    case .post: return try post(words, request, &exchange)
    case .head, .put, .patch, .delete, .options: return nil
    }
  }

  /// What ccxt asks the older API of Coinbase's for.
  private func consumerAnswer(
    _ request: HTTPRequest, _ exchange: SandboxExchange
  ) -> HTTPResponse? {
    switch request.path {
    case "/v2/currencies", "/v2/currencies/crypto":
      AdvancedAnswer.json(.object([("data", .array([]))]))
    case "/v2/exchange-rates":
      AdvancedAnswer.json(
        .object([
          ("data", .object([("currency", .string("USD")), ("rates", .object([]))]))
        ]))
    case "/v2/accounts": AdvancedAnswer.json(AdvancedAccounts.consumerAccounts(exchange))
    default: nil
    }
  }

  // MARK: - Account

  private func account(
    _ words: [String], _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse? {
    switch (words.first, words.count) {
    case ("accounts", 1): return try accounts(query, exchange)
    case ("accounts", 2):
      for place in exchange.ledger.currencies.indices
      where exchange.names.account(place) == words[1] {
        return AdvancedAnswer.json(
          .object([("account", AdvancedAccounts.account(place, exchange))]))
      }
      return AdvancedAnswer.notFound("account with this uuid was not found")
    case ("key_permissions", 1):
      return AdvancedAnswer.json(AdvancedAccounts.permissions(permissions, exchange))
    case ("transaction_summary", 1):
      return AdvancedAnswer.json(AdvancedAccounts.summary(exchange))
    case ("portfolios", 1): return AdvancedAnswer.json(AdvancedAccounts.portfolios(exchange))
    default: return nil
    }
  }

  private func accounts(
    _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let limit = try query.count("limit", default: 49, most: 250)
    let all = exchange.ledger.currencies.indices
    let first = try query.count("cursor", default: 0, most: all.count)
    let page = all[first...].prefix(limit)
    let hasNext = page.endIndex < all.endIndex
    return AdvancedAnswer.json(
      .object([
        ("accounts", .array(page.map { AdvancedAccounts.account($0, exchange) })),
        ("has_next", .bool(hasNext)), ("cursor", .string(hasNext ? "\(page.endIndex)" : "")),
        ("size", .integer(Int64(page.count))),
      ]))
  }
}
