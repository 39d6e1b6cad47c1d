import Execution
import Market
import Network
import Sandbox
import Strategy
import Synchronization
import TestKit
import Testing

@testable import LiveBroker

/// Rows of coinbase.md C about orders, in sessions that meet them.
@Suite("What others hit: sessions", .timeLimit(.minutes(10)))
struct SessionRowTests {
  @Test func `C07 dust in the account stays there, whatever is bought and sold`() async throws {
    let stage = try SessionStage(
      seed: 6, count: 300,
      more: ["product.base_increment=0.001", "sandbox.balances=0.0004567 BTC"])
    let bodies = Bodies()
    let (fills, trouble) = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return .passes
    } afterwards: { session, _ in
      let coins = try #require(
        try await session.exchange.balances().first { $0.currency == "BTC" })
      let held = await session.standing(of: 0).held
      #expect(coins.totalQuantity == held + quantity("0.0004567"))
    }
    #expect(try fills == stage.backtest() && fills.contains { $0.side == .sell })
    #expect(trouble.isEmpty, "nothing was refused")
    for body in bodies.orders {
      let size = try #require(body.member("base_size"))
      #expect(quantity(size).steps % quantity("0.001").steps == 0)
    }
  }

  @Test func `C07 of a whole balance as much is sold as is on the lot`() async throws {
    var stage = try SessionStage(seed: 6, count: 60, more: ["product.base_increment=0.001"])
    stage.timeScale = 50
    let most = quantity("0.0034567")
    _ = try await stage.rehearse { _, request in
      if request.path.hasSuffix("/accounts") {
        return .says(
          """
          {"accounts":[{"uuid":"1","name":"BTC","currency":"BTC","available_balance":{"value":\
          "\(most)","currency":"BTC"},"hold":{"value":"0","currency":"BTC"},"active":true}],\
          "has_next":false,"cursor":"","size":1}
          """)
      }
      guard request.isSale, let size = request.text.member("base_size") else { return .passes }
      // What is not on the lot, the exchange itself refuses.
      return quantity(size) > most ? .refused("INSUFFICIENT_FUND") : .passes
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      await session.settleAll()
      #expect(await session.standing(of: 0).held > most)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.quantity) == [quantity("0.003")])
    }
  }

  @Test func `C09 a session whose post-only entry is refused buys nothing, and goes on`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 40)
    let bodies = Bodies()
    _ = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return .passes
    } afterwards: { session, heard in
      func enter(at percent: Int64) async -> Price {
        let price = await session.standing(of: 0).lastTrade
        let limit = Price(steps: price.steps / 100 * percent)
        await session.submitEntry(
          pair: 0, EntrySignal(reference: limit, timeToLive: 100, isPostOnly: true))
        await session.settleAll()
        return limit
      }
      let (count, bought) = (bodies.orders.count, heard.fills.count)
      _ = await enter(at: 102)
      let refused = await session.standing(of: 0)
      #expect(refused.entry == nil && refused.held == .zero && heard.fills.count == bought)
      #expect(heard.trouble.contains { $0.contains("INVALID_LIMIT_PRICE_POST_ONLY") })
      // Once: what would take now is not sent again as something else.
      #expect(bodies.orders.count == count + 1)
      let limit = await enter(at: 50)
      let entry = try #require(await session.standing(of: 0).entry)
      #expect(entry.state == .open && entry.order.isPostOnly && entry.order.limit <= limit)
    }
  }

  @Test func `C10 a session's stop that the market is through goes as its limit order`()
    async throws
  {
    let stage = try SessionStage(seed: 6, count: 60)
    let bodies = Bodies()
    _ = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return request.isSale && request.text.contains("stop_price")
        ? .refused("STOP_PRICE_ABOVE_LAST_TRADE_PRICE") : .passes
    } afterwards: { session, _ in
      try await session.buyAtOnce()
      try await session.awaitSale()
      let sales = bodies.orders.filter { $0.contains(#""SELL""#) }.suffix(2)
      let (stop, offer) = (try #require(sales.first), try #require(sales.last))
      #expect(stop.contains("STOP_DIRECTION_STOP_DOWN") && !offer.contains("stop_price"))
      for name in ["client_order_id", "limit_price", "base_size"] {
        #expect(stop.member(name) == offer.member(name) && stop.member(name) != nil)
      }
    }
  }

  @Test func `C10 every stop of a session is one that falls, with its limit below`() async throws {
    let stage = try SessionStage(seed: 6, count: 300)
    let bodies = Bodies()
    let (_, trouble) = try await stage.rehearse { _, request in
      bodies.take(request.body)
      return .passes
    }
    #expect(trouble.isEmpty, "nothing was refused")
    let stops = bodies.orders.filter { $0.contains("stop_price") }
    #expect(stops.count > 5)
    for stop in stops {
      #expect(stop.contains(#""SELL""#) && stop.contains("STOP_DIRECTION_STOP_DOWN"))
      let trigger = try #require(stop.member("stop_price"))
      let limit = try #require(stop.member("limit_price"))
      #expect(price(limit) < price(trigger))
    }
  }

  @Test func `C12 a position has one exit at the exchange at a time`() async throws {
    // Coins enough for a second one: the exchange would take it.
    var stage = try SessionStage(seed: 6, count: 300, more: ["sandbox.balances=5 BTC"])
    let exits = Exits()
    var feed = FeedDoor.Habits()
    feed.forgery = { message in
      exits.take(message)
      return nil
    }
    stage.feed = feed
    let (fills, _) = try await stage.rehearse()
    #expect(try fills == stage.backtest() && fills.contains { $0.side == .sell })
    #expect(exits.count > 10 && exits.most == 1)
  }

  @Test(
    "C21 an exit that is refused for hours is taken in the end, and is the same all the time",
    arguments: ["INSUFFICIENT_FUND", "TRADING_DISABLED"])
  func refusedForHours(reason: String) async throws {
    var stage = try SessionStage(seed: 6, count: 60)
    // Fifteen to thirty seconds pass from one attempt to the next: so many take two hours at least.
    stage.timeScale = 5000
    let refusals = 500
    let isOver = Mutex(false)
    let stops = Bodies()
    _ = try await stage.rehearse { _, request in
      guard isOver.withLock({ $0 }), request.isSale else { return .passes }
      stops.take(request.body)
      return stops.orders.count <= refusals ? .refused(reason) : .passes
    } afterwards: { session, heard in
      isOver.withLock { $0 = true }
      try await session.buyAtOnce()
      await session.settleAll()
      let standing = await session.standing(of: 0)
      let working = try await session.exchange.workingOrders(ofProducts: ["BTC-USD"])
      #expect(working.map(\.ownID) == [standing.exit?.order.id])
      #expect(working.map(\.quantity) == [standing.held] && working.map(\.trigger) == [.waiting])
      #expect(stops.orders.count == refusals + 1 && Set(stops.orders).count == 1)
      #expect(heard.trouble.contains { $0.contains(reason) })
    }
  }
}

/// Sells that work at the exchange, as it tells of them.
private final class Exits: Sendable {
  private struct State {
    var working: Set<String> = []
    var all: Set<String> = []
    var most = 0
  }

  private let state = Mutex(State())

  /// How many there were.
  var count: Int { state.withLock { $0.all.count } }
  /// How many of them worked at the same time.
  var most: Int { state.withLock { $0.most } }

  func take(_ message: String) {
    guard message.contains(#""channel":"user""#),
      let events = try? AdvancedTrade.feedMessage(Array(message.utf8)).events
    else { return }
    for case .orders(let orders, _) in events {
      for order in orders where order.side == .sell {
        state.withLock { state in
          state.all.insert(order.id)
          if order.status.isWorking {
            state.working.insert(order.id)
          } else {
            state.working.remove(order.id)
          }
          state.most = max(state.most, state.working.count)
        }
      }
    }
  }
}
