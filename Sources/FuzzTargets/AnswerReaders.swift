import LiveBroker
import Market

/// Everybody who reads what an exchange says, by names that a corpus can use.
enum AnswerReaders {
  typealias Reader = @Sendable (HTTPAnswer) throws -> Void

  static let named = Dictionary(uniqueKeysWithValues: all)

  static let all: [(String, Reader)] = advancedTrade + exchange

  private static let id = ClientOrderID(session: 7, pair: 1, number: 42)
  private static let wish = OrderWish(
    Order(id: id, side: .sell, limit: 1, trigger: 2, quantity: 1, submitted: Timestamp(seconds: 0)),
    productID: "A-B")
  private static let interval = TimeSpan(seconds: 300)
  private static let pages = CandlePages(
    from: Timestamp(seconds: 0), to: Timestamp(seconds: 600), interval: interval, perPage: 300)

  private static let advancedTrade: [(String, Reader)] = [
    ("a-time", { _ = try AdvancedTrade.serverTime().answer(to: $0) }),
    ("a-permissions", { _ = try AdvancedTrade.keyPermissions().answer(to: $0) }),
    (
      "a-balances",
      { for balance in try AdvancedTrade.balances().answer(to: $0).items { _ = balance.isActive } }
    ),
    ("a-fees", { _ = try AdvancedTrade.feeTier().answer(to: $0) }),
    ("a-products", { _ = try AdvancedTrade.products().answer(to: $0) }),
    ("a-product", { _ = try AdvancedTrade.product("A-B").answer(to: $0) }),
    (
      "a-candles",
      { answer in
        for page in pages {
          _ = try AdvancedTrade.candles(of: "A-B", page, interval: interval)?.answer(to: answer)
        }
      }
    ),
    ("a-place", { _ = try AdvancedTrade.place(wish).answer(to: $0) }),
    ("a-preview", { _ = try AdvancedTrade.preview(wish).answer(to: $0) }),
    ("a-cancel", { _ = try AdvancedTrade.cancel(["a", "b"]).answer(to: $0) }),
    ("a-order", { _ = try AdvancedTrade.order("a").answer(to: $0) }),
    (
      "a-orders",
      {
        let page = try AdvancedTrade.orders(ofProducts: ["A-B"]).answer(to: $0)
        _ = AdvancedTrade.order(id, in: page)
      }
    ),
    (
      "a-fills",
      { for fill in try AdvancedTrade.fills().answer(to: $0).items { _ = fill.fill(of: id) } }
    ),
    ("a-feed", { _ = try AdvancedTrade.feedMessage($0.body) }),
  ]

  private static let exchange: [(String, Reader)] = [
    ("e-time", { _ = try ExchangeREST.serverTime().answer(to: $0) }),
    ("e-balances", { _ = try ExchangeREST.balances().answer(to: $0) }),
    ("e-fees", { _ = try ExchangeREST.feeTier().answer(to: $0) }),
    ("e-products", { _ = try ExchangeREST.products().answer(to: $0) }),
    ("e-product", { _ = try ExchangeREST.product("A-B").answer(to: $0) }),
    (
      "e-candles",
      { answer in
        for page in pages {
          _ = try ExchangeREST.candles(of: "A-B", page, interval: interval)?.answer(to: answer)
        }
      }
    ),
    ("e-place", { _ = try ExchangeREST.place(wish).answer(to: $0) }),
    ("e-cancel", { _ = try ExchangeREST.cancel("a", productID: "A-B").answer(to: $0) }),
    ("e-order", { _ = try ExchangeREST.order("a").answer(to: $0) }),
    ("e-orders", { _ = try ExchangeREST.workingOrders(ofProduct: "A-B").answer(to: $0) }),
    (
      "e-fills",
      {
        for fill in try ExchangeREST.fills(ofOrder: "a").answer(to: $0).items {
          _ = fill.fill(of: id)
        }
      }
    ),
    ("e-feed", { _ = try ExchangeFeed.message($0.body) }),
  ]
}
