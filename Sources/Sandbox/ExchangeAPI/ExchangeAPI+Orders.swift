import JSON
import Market
import Network

extension ExchangeAPI {
  // MARK: - Reading

  /// Orders and fills.
  func orders(
    _ words: [String], _ query: ExchangeQuery, _ exchange: SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse? {
    switch (words[0], words.count) {
    case ("orders", 1): return try list(query, exchange)
    case ("orders", 2):
      guard let order = order(words[1], exchange), ExchangeOrders.isKept(order) else { return nil }
      return ExchangeAnswer.json(ExchangeOrders.order(order, exchange))
    case ("fills", 1): return try fills(query, exchange)
    default: return nil
    }
  }

  /// By the exchange's name, or `client:` and the client's.
  private func order(_ name: String, _ exchange: SandboxExchange) -> SandboxOrder? {
    name.hasPrefix("client:")
      ? exchange.order(clientID: String(name.dropFirst(7))) : exchange.order(name)
  }

  private static let statuses: Set = [
    "open", "pending", "active", "received", "done", "settled", "rejected", "all",
  ]

  private func list(
    _ query: ExchangeQuery, _ exchange: SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse {
    var statuses = query.all("status")
    guard statuses.isSubset(of: Self.statuses) else { throw ExchangeDefect("Invalid status") }
    if statuses.isEmpty { statuses = ["open", "pending", "active"] }
    if statuses.contains("settled") { statuses.insert("done") }
    let (begin, end) = (try query.time("start_date"), try query.time("end_date"))
    guard ["asc", "desc"].contains(query["sorting"] ?? "desc") else {
      throw ExchangeDefect("Invalid sorting")
    }
    let product = query["product_id"]
    // Most are over, and mostly those that are not are asked for.
    let pool =
      statuses.isDisjoint(with: ["all", "done", "rejected"])
      ? exchange.working.map { exchange.orders[$0] } : exchange.orders
    let found = pool.reversed().filter { order in
      ExchangeOrders.isKept(order)
        && (statuses.contains("all") || statuses.contains(ExchangeOrders.status(of: order)))
        && product.map { $0 == order.wish.productID } ?? true
        && begin.map { order.created >= $0 } ?? true && end.map { order.created < $0 } ?? true
    }
    let page = try ExchangePage(query)
    // Cursors are numbers from 1.
    func answer(_ orders: [SandboxOrder]) -> HTTPResponse {
      page.answer(
        orders, number: { UInt64($0.number + 1) }, { ExchangeOrders.order($0, exchange) })
    }
    return answer(query["sorting"] == "asc" ? found.reversed() : Array(found))
  }

  private func fills(
    _ query: ExchangeQuery, _ exchange: SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse {
    let (order, product) = (query["order_id"], query["product_id"])
    guard order != nil || product != nil else {
      throw ExchangeDefect("order_id or product_id must be provided")
    }
    // By numbers, since there may be many fills to look through.
    let number = order.map { exchange.numberOfID[$0] ?? -1 }
    let market = product.map { exchange.market($0) ?? -1 }
    let found = exchange.fills.reversed().filter { fill in
      (number == nil || fill.order == number)
        && (market == nil || exchange.orders[fill.order].market == market)
        && exchange.isListed(fill)
    }
    return try ExchangePage(query).answer(found, number: \.fill.id) {
      ExchangeOrders.fill($0, exchange)
    }
  }

  // MARK: - Placing

  func place(
    _ request: HTTPRequest, _ exchange: inout SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse {
    let body: JSONValue
    do { body = try JSONValue(parsing: request.body) } catch {
      throw ExchangeDefect("Invalid JSON: \(error)")
    }
    guard body.kind == .object else { throw ExchangeDefect("Invalid JSON: no object") }
    let wish = try ExchangeWish(body, now: exchange.now).read()
    // Here a client's name that is used again makes another order.
    switch exchange.place(wish, repeats: false) {
    case .success(let order): return ExchangeAnswer.json(ExchangeOrders.order(order, exchange))
    case .failure(.postOnlyWouldTake):
      return ExchangeAnswer.json(ExchangeOrders.rejected(wish, exchange))
    case .failure(let refusal):
      throw ExchangeDefect(Self.words(refusal, exchange.market(wish.productID), exchange))
    }
  }

  /// A refusal in the Exchange's words, as far as they are known.
  static func words(
    _ refusal: PlacementRefusal, _ market: Int?, _ exchange: SandboxExchange
  ) -> String {
    let product = market.map { exchange.markets[$0].listing.product }
    let tick = product.map { "\($0.quoteIncrement)" } ?? ""
    let lot = product.map { "\($0.baseIncrement)" } ?? ""
    return switch refusal {
    case .unknownProduct: "Product not found"
    case .unsupported: "Invalid order_type"
    case .limitPrecision, .stopPrecision: "price is too accurate. Smallest unit is \(tick)"
    case .sizePrecision: "size is too accurate. Smallest unit is \(lot)"
    case .quoteSizePrecision: "funds is too accurate. Smallest unit is 0.00000001"
    case .baseTooSmall(let least): "size is too small. Minimum size is \(least)"
    case .quoteTooSmall(let least): "funds is too small. Minimum size is \(least)"
    case .tooLarge: "size is too large"
    case .insufficientFunds: "Insufficient funds"
    case .postOnlyWouldTake: "post only"
    case .stopAboveLastTrade: "stop price must be below the last trade price"
    case .stopBelowLastTrade: "stop price must be above the last trade price"
    case .stopBelowLimit: "limit price must not be above the stop price"
    case .stopAboveLimit: "limit price must not be below the stop price"
    case .limitTooFar: "limit price is too far from the market price"
    case .endTimePassed: "Invalid cancel_after"
    case .tooManyOrders: "Too many open orders"
    case .cancelOnly: "Cancel only mode: new orders are not accepted"
    case .tradingDisabled: "Trading disabled for this product"
    case .unexplained: "Bad request"
    }
  }

  // MARK: - Cancelling

  func cancel(
    _ words: [String], _ query: ExchangeQuery, _ exchange: inout SandboxExchange
  ) throws(ExchangeDefect) -> HTTPResponse? {
    let product = query["product_id"]
    switch words.count {
    case 1:
      var ids: [JSONTree] = []
      for number in exchange.working {
        let order = exchange.orders[number]
        guard product.map({ $0 == order.wish.productID }) ?? true else { continue }
        if case .success(let gone) = exchange.cancel(order.id) { ids.append(.string(gone.id)) }
      }
      return ExchangeAnswer.json(.array(ids))
    case 2:
      guard let order = order(words[1], exchange), ExchangeOrders.isKept(order),
        product.map({ $0 == order.wish.productID }) ?? true
      else { throw ExchangeDefect("order not found", status: 404) }
      switch exchange.cancel(order.id) {
      case .success(let gone): return ExchangeAnswer.json(.string(gone.id))
      case .failure: throw ExchangeDefect("Order already done")
      }
    default: return nil
    }
  }
}
