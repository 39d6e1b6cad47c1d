package import Market
import Persistence

/// An exchange with either of its APIs, as verbs: what the session does there.
///
/// Lists come whole, whatever the pages; an order is looked up by the name we gave it, however the API
/// wants to be asked for that.
package struct Coinbase: Sendable {
  /// Sends.
  package let client: ExchangeClient
  private var api: ExchangeAPI { client.api }

  /// An exchange that a client speaks to.
  package init(_ client: ExchangeClient) { self.client = client }

  // MARK: - Account

  /// Its clock.
  ///
  /// - Throws: `ExchangeError`, here and below.
  package func serverTime() async throws(ExchangeError) -> Timestamp {
    let call = api == .advancedTrade ? AdvancedTrade.serverTime() : ExchangeREST.serverTime()
    return try await client.perform(call, .query).time
  }

  /// How far this machine's clock is from its.
  package func clockSkew() async throws(ExchangeError) -> ClockSkew {
    let asked = Timestamp.now
    let time = try await serverTime()
    return ClockSkew(asked: asked, answered: .now, time: time)
  }

  /// What the key may do; `nil` where the exchange does not say.
  package func permissions() async throws(ExchangeError) -> KeyPermissions? {
    switch api {
    case .advancedTrade: try await client.perform(AdvancedTrade.keyPermissions(), .query)
    case .exchange: nil
    }
  }

  /// What the account has of each currency.
  package func balances(
    _ priority: RequestPriority = .query
  ) async throws(ExchangeError) -> [Balance] {
    try await all(priority) { cursor in
      api == .advancedTrade ? AdvancedTrade.balances(after: cursor) : ExchangeREST.balances()
    }
  }

  /// What the exchange takes of each fill.
  package func feeTier() async throws(ExchangeError) -> FeeTier {
    let call = api == .advancedTrade ? AdvancedTrade.feeTier() : ExchangeREST.feeTier()
    return try await client.perform(call, .query)
  }

  // MARK: - Market data

  /// A product.
  package func product(_ id: String) async throws(ExchangeError) -> ListedProduct {
    let call =
      api == .advancedTrade
      ? AdvancedTrade.product(id, isPublic: client.isAnonymous) : ExchangeREST.product(id)
    return try await client.perform(call, .query)
  }

  /// Whether the exchange has candles of this length.
  package func hasCandles(of interval: TimeSpan) -> Bool {
    candles("", .init(first: .init(seconds: 0), last: .init(seconds: 0)), interval) != nil
  }

  /// The candles that start at or after `start` and before `end`, oldest first.
  ///
  /// - Returns: None where the exchange has none of this length.
  package func candles(
    of product: String, from start: Timestamp, to end: Timestamp, interval: TimeSpan
  ) async throws(ExchangeError) -> [Candle] {
    var candles: [Candle] = []
    let perPage = 300
    for page in CandlePages(from: start, to: end, interval: interval, perPage: perPage) {
      guard let call = self.candles(product, page, interval) else { return [] }
      for candle in try await client.perform(call, .query)
      where candle.start >= start && candle.start < end
        && candles.last.map({ $0.start < candle.start }) ?? true
      {
        candles.append(candle)
      }
    }
    return candles
  }

  private func candles(
    _ product: String, _ page: CandlePages.Page, _ interval: TimeSpan
  ) -> ExchangeCall<[Candle]>? {
    switch api {
    case .advancedTrade:
      AdvancedTrade.candles(
        of: product, page, interval: interval, isPublic: client.isAnonymous)
    case .exchange: ExchangeREST.candles(of: product, page, interval: interval)
    }
  }

  // MARK: - Orders

  /// Places an order.
  ///
  /// - Throws: `ExchangeError`; where it says `afterLookUp`, ask `find` what became of it.
  package func place(
    _ wish: OrderWish, _ priority: RequestPriority
  ) async throws(ExchangeError) -> PlacedOrder {
    let call = api == .advancedTrade ? AdvancedTrade.place(wish) : ExchangeREST.place(wish)
    return try await client.perform(call, priority)
  }

  /// What the exchange would say to an order; `nil` of the Exchange, which cannot be asked.
  package func preview(_ wish: OrderWish) async throws(ExchangeError) -> OrderPreview? {
    switch api {
    case .advancedTrade: try await client.perform(AdvancedTrade.preview(wish), .query)
    case .exchange: nil
    }
  }

  /// Asks for the end of an order; that it has ended is another matter (coinbase.md A.9).
  package func cancel(
    _ id: String, product: String
  ) async throws(ExchangeError) -> CancelAnswer.Outcome {
    switch api {
    case .advancedTrade:
      let answers = try await client.perform(AdvancedTrade.cancel([id]), .protective)
      return answers.first?.outcome ?? .refused("no answer for it")
    case .exchange:
      let call = ExchangeREST.cancel(id, productID: product)
      return try await client.perform(call.request, .protective) {
        answer throws(ExchangeError) in try call.answer(to: answer).outcome
      }
    }
  }

  /// An order by the exchange's name; `nil` where it has none of that name, as the Exchange of one that
  /// was cancelled without a fill.
  ///
  /// A 404 that is not in the exchange's own words says nothing of the order: it is thrown.
  package func order(
    _ id: String, _ priority: RequestPriority
  ) async throws(ExchangeError) -> ExchangeOrder? {
    let call = api == .advancedTrade ? AdvancedTrade.order(id) : ExchangeREST.order(id)
    return try await found(call, priority)
  }

  /// An order by the name we gave it; `nil` where the exchange has none.
  ///
  /// - Parameters:
  ///   - order: As it was sent.
  ///   - product: Of which product.
  ///   - priority: How important the answer is.
  /// - Returns: What has become of it.
  /// - Throws: As above.
  package func find(
    _ order: Order, product: String, _ priority: RequestPriority
  ) async throws(ExchangeError) -> ExchangeOrder? {
    switch api {
    case .exchange: return try await found(ExchangeREST.order(named: order.id), priority)
    case .advancedTrade:
      var cursor: String?
      repeat {
        let page = try await client.perform(
          AdvancedTrade.orders(
            ofProducts: [product],
            since: order.submitted.advanced(by: Self.clockTolerance, times: -1), after: cursor),
          priority)
        if let found = AdvancedTrade.order(order.id, in: page) { return found }
        cursor = page.next
      } while cursor != nil
      return nil
    }
  }

  /// How far the exchange's and our notion of an order's time may be apart.
  private static let clockTolerance = TimeSpan(seconds: 120)

  private func found(
    _ call: ExchangeCall<ExchangeOrder>, _ priority: RequestPriority
  ) async throws(ExchangeError) -> ExchangeOrder? {
    do { return try await client.perform(call, priority) } catch {
      switch error.problem {
      case .notFound: return nil
      case .refused, .invalid, .unauthorized, .forbidden, .rateLimited, .unavailable, .unreadable,
        .lost, .unexpected:
        throw error
      }
    }
  }

  /// All orders of some products that can still fill.
  package func workingOrders(
    ofProducts products: [String], _ priority: RequestPriority = .query
  ) async throws(ExchangeError) -> [ExchangeOrder] {
    var orders: [ExchangeOrder] = []
    switch api {
    case .advancedTrade:
      for part in AdvancedTrade.WorkingPart.allCases {
        orders += try await all(priority) { cursor in
          AdvancedTrade.workingOrders(part, ofProducts: products, after: cursor)
        }
      }
    case .exchange:
      for product in products {
        orders += try await all(priority) { cursor in
          ExchangeREST.workingOrders(ofProduct: product, after: cursor)
        }
      }
    }
    // One that was moving in the first answer may be open in the second.
    var seen: Set<String> = []
    return orders.reversed().filter { seen.insert($0.id).inserted }.reversed()
  }

  /// The fills of an order, oldest first.
  package func fills(
    ofOrder id: String, _ priority: RequestPriority
  ) async throws(ExchangeError) -> [ExchangeFill] {
    let fills = try await all(priority) { cursor in
      api == .advancedTrade
        ? AdvancedTrade.fills(ofOrders: [id], after: cursor)
        : ExchangeREST.fills(ofOrder: id, after: cursor)
    }
    return fills.filter { $0.orderID == id }.sorted {
      ($0.time, UInt64($0.tradeID) ?? 0) < ($1.time, UInt64($1.tradeID) ?? 0)
    }
  }

  /// Every page of a list.
  private func all<Item: Sendable>(
    _ priority: RequestPriority = .query, _ call: (String?) -> ExchangeCall<Page<Item>>
  ) async throws(ExchangeError) -> [Item] {
    var items: [Item] = []
    var cursor: String?
    repeat {
      let page = try await client.perform(call(cursor), priority)
      items += page.items
      cursor = page.next
    } while cursor != nil
    return items
  }
}
