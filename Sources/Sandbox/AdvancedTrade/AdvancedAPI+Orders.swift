import JSON
import Market
import Network

extension AdvancedAPI {
  /// What is asked about orders.
  func orders(
    _ words: [String], _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse? {
    guard words.count == 3, words[0] == "orders", words[1] == "historical" else { return nil }
    switch words[2] {
    case "batch": return try batch(query, exchange)
    case "fills": return try fills(query, exchange)
    case let id:
      guard let order = exchange.order(id) else {
        return AdvancedAnswer.error(
          404, "NOT_FOUND", "order with this orderID was not found",
          details: "order with this orderID was not found")
      }
      return AdvancedAnswer.json(.object([("order", AdvancedOrders.order(order, exchange))]))
    }
  }

  private func batch(
    _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let ids = query.all("order_ids", "order_id")
    let products = query.all("product_ids", "product_id")
    let statuses = query.all("order_status")
    let types = query.all("order_types", "order_type")
    let times = query.all("time_in_forces")
    let assets = query.all("asset_filters")
    let side = query["order_side"]
    let (start, end) = (try query.time("start_date"), try query.time("end_date"))
    if statuses.contains("OPEN"), statuses.count > 1 {
      throw BadRequest("OPEN cannot be paired with other order statuses")
    }
    if let type = query["product_type"], type != "SPOT" {
      return page([], next: nil, "orders", hasNext: true)
    }
    if let source = query["order_placement_source"], source != "RETAIL_ADVANCED" {
      return page([], next: nil, "orders", hasNext: true)
    }
    let (found, next) = try Self.page(of: exchange.orders, query, default: 100) { order in
      (ids.isEmpty || ids.contains(order.id))
        && (products.isEmpty || products.contains(order.wish.productID))
        && (statuses.isEmpty || statuses.contains(AdvancedOrders.status(of: order)))
        && (types.isEmpty || types.contains(AdvancedOrders.type(of: order)))
        && (times.isEmpty || times.contains(AdvancedOrders.timeInForce(of: order)))
        && (assets.isEmpty
          || assets.contains(exchange.markets[order.market].listing.baseCurrency))
        && (side == nil || side == AdvancedOrders.side(order.wish.side))
        && (start.map { order.created >= $0 } ?? true) && (end.map { order.created < $0 } ?? true)
    }
    return page(
      found.map { AdvancedOrders.order($0, exchange) }, next: next, "orders", hasNext: true)
  }

  private func fills(
    _ query: AdvancedQuery, _ exchange: SandboxExchange
  ) throws(BadRequest) -> HTTPResponse {
    let ids = query.all("order_ids", "order_id")
    // By their numbers, since there may be many fills to look through.
    let numbers = Set(ids.compactMap { exchange.numberOfID[$0] })
    let products = query.all("product_ids", "product_id")
    let trades = query.all("trade_ids", "trade_id")
    let start = try query.time("start_sequence_timestamp")
    let end = try query.time("end_sequence_timestamp")
    let (found, next) = try Self.page(of: exchange.fills, query, default: 100) { fill in
      (ids.isEmpty || numbers.contains(fill.order))
        && (products.isEmpty || products.contains(exchange.orders[fill.order].wish.productID))
        && (trades.isEmpty || trades.contains("\(fill.fill.id)"))
        && (start.map { fill.fill.time >= $0 } ?? true) && (end.map { fill.fill.time < $0 } ?? true)
        && exchange.isListed(fill)
    }
    return page(
      found.map { AdvancedOrders.fill($0, exchange) }, next: next, "fills", hasNext: false)
  }

  private func page(
    _ items: [JSONTree], next: String?, _ key: String, hasNext: Bool
  ) -> HTTPResponse {
    var members: [(key: String, value: JSONTree)] = [(key, .array(items))]
    if hasNext {
      members.append(("has_next", .bool(next != nil)))
      members.append(("sequence", .string("0")))
    }
    members.append(("cursor", .string(next ?? "")))
    return AdvancedAnswer.json(.object(members))
  }

  /// The newest elements that fit, and the cursor behind which the next page begins.
  ///
  /// A cursor is a place in the sequence, so that what is added meanwhile moves nothing.
  private static func page<Element>(
    of all: [Element], _ query: AdvancedQuery, default count: Int,
    where fits: (Element) -> Bool
  ) throws(BadRequest) -> ([Element], next: String?) {
    let limit = try query.count("limit", default: count, most: 1000)
    var place = all.count
    if let cursor = query["cursor"] {
      guard let number = Int(cursor), (0...all.count).contains(number) else {
        throw BadRequest("cursor is '\(cursor)', which no answer gave")
      }
      place = number
    }
    var found: [Element] = []
    while place > 0 {
      guard fits(all[place - 1]) else {
        place -= 1
        continue
      }
      if found.count == limit { return (found, "\(place)") }
      found.append(all[place - 1])
      place -= 1
    }
    return (found, nil)
  }
}
