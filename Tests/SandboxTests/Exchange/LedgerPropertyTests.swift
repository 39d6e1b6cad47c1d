import Market
import Matching
import Simulator
import TestKit
import Testing

@testable import Sandbox

@Suite("The account of the sandbox")
struct LedgerPropertyTests {
  /// Somebody who trades at random on two products that share a currency, and two that do not.
  private struct Trader {
    var exchange: SandboxExchange
    var random: SplitMix64
    var count = 0

    init(seed: UInt64) {
      var random = SplitMix64(seed: seed)
      let products = [
        Product(id: "BTC-USD"),
        Product(
          id: "SHIB-USD", quoteIncrement: price("0.00000001"), baseIncrement: 1, baseMinSize: 1),
        Product(id: "ETH-BTC", quoteIncrement: price("0.00001"), quoteMinSize: money("0.00001")),
      ]
      let open = [price("100"), price("0.00002"), price("0.05")]
      let candles = zip(products, open).map { product, open in
        Self.candles(from: open, tick: product.quoteIncrement, &random)
      }
      exchange = SandboxExchange(
        SandboxSettings(listings: products.map { Listing($0) }, cash: 10_000, seed: seed),
        candles: candles)
      self.random = random
    }

    private static func candles(
      from open: Price, tick: Price, _ random: inout SplitMix64
    ) -> [Candle] {
      var last = open.steps / tick.steps
      func walk(_ random: inout SplitMix64) -> Int64 {
        max(1, last + Int64.random(in: -max(2, last / 50)...max(2, last / 50), using: &random))
      }
      return (0..<40).map { index in
        let points = (0..<4).map { _ in
          last = walk(&random)
          return Price(steps: last * tick.steps)
        }
        return Candle(
          start: .testStart + TimeSpan(seconds: 300) * index, open: points[0],
          high: points.max() ?? open, low: points.min() ?? open, close: points[3],
          volume: Quantity(steps: Int128.random(in: 0...50_000, using: &random) * 100_000_000))
      }
    }

    /// Something that a client does.
    mutating func act() {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6: place()
      case 6..<8:
        guard let number = exchange.working.randomElement(using: &random) else { return }
        _ = exchange.cancel(exchange.orders[number].id)
      case 8:
        guard let number = exchange.working.randomElement(using: &random) else { return }
        let order = exchange.orders[number]
        _ = exchange.edit(order.id, limit: order.limit, quantity: order.quantity + order.quantity)
      default: _ = exchange.cancel("nobody")
      }
    }

    private mutating func place() {
      let place = Int.random(in: 0..<exchange.markets.count, using: &random)
      let market = exchange.markets[place]
      let product = market.listing.product
      let side: Side = Bool.random(using: &random) ? .buy : .sell
      func near() -> Price {
        let ticks = market.price.steps / product.quoteIncrement.steps
        let away = Int64.random(in: -max(2, ticks / 40)...max(2, ticks / 40), using: &random)
        return Price(steps: max(1, ticks + away) * product.quoteIncrement.steps)
      }
      let currency = side == .buy ? market.listing.quoteCurrency : market.listing.baseCurrency
      let available = exchange.ledger[currency].available
      let limit = near()
      let most =
        side == .buy
        ? WideMoney(available).quantity(at: limit, plus: rate("0.009")) ?? .zero
        : Quantity(steps: available.steps / 10_000_000_000)
      // Sometimes all there is, sometimes more.
      let share = Int128.random(in: 1...11, using: &random)
      let size = product.floorLot(Quantity(steps: most.steps * share / 10))
      count += 1
      let terms: OrderTerms =
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .market(.immediate)
        case 1: .limit(limit, .immediate, isPostOnly: false)
        case 2: .limit(limit, .wholeOrNothing, isPostOnly: false)
        case 3:
          .limit(
            limit, .until(exchange.now + TimeSpan(seconds: 700)),
            isPostOnly: Bool.random(using: &random))
        case 4, 5:
          .stopLimit(
            trigger: near(), limit: limit, Bool.random(using: &random) ? .down : .up,
            .untilCancelled)
        default: .limit(limit, .untilCancelled, isPostOnly: Bool.random(using: &random))
        }
      let inQuote = Int.random(in: 0..<4, using: &random) == 0 && side == .buy
      _ = exchange.place(
        PlacementWish(
          clientID: "c-\(count)", productID: product.id, side: side,
          size: inQuote
            ? .quote(Money(steps: available.steps / 20 / 10_000_000_000 * 10_000_000_000))
            : .base(size), terms: terms))
    }

    /// Plays everything, with something done now and then, and looks at the account each time.
    mutating func play(_ check: (SandboxExchange) -> Void) {
      for _ in 0..<40 {
        for market in exchange.markets.indices {
          guard let candle = exchange.nextCandle(of: market) else { continue }
          exchange.open(market)
          arrive(market, check)
          let (_, first, second, close) = CandlePath.nearest.points(of: candle)
          for (index, point) in [first, second, close].enumerated() {
            exchange.move(
              market, to: point, at: candle.start + TimeSpan(seconds: 100) * (index + 1))
            arrive(market, check)
          }
          exchange.close(market)
          act()
          check(exchange)
        }
      }
    }

    private mutating func arrive(_ market: Int, _ check: (SandboxExchange) -> Void) {
      while exchange.step(market) {
        check(exchange)
        if Bool.random(using: &random) { act() }
        check(exchange)
      }
      exchange.printTrade(market, size: .zero)
      act()
      check(exchange)
    }
  }

  /// What must always hold.
  private static func check(_ exchange: SandboxExchange, seed: UInt64) {
    var totals = exchange.settings.balances
    for fill in exchange.fills {
      let listing = exchange.settings.listings[exchange.orders[fill.order].market]
      totals[listing.quoteCurrency, default: .zero] += fill.fill.cashFlow
      let base = Money(fill.fill.quantity)
      totals[listing.baseCurrency, default: .zero] += fill.fill.side == .buy ? base : -base
    }
    var held: [String: Money] = [:]
    for order in exchange.orders {
      let listing = exchange.settings.listings[order.market]
      #expect(order.status.isWorking || order.held == .zero, "SEED=\(seed)")
      #expect(order.filled <= order.quantity && order.held >= .zero, "SEED=\(seed)")
      #expect(order.status.isWorking == exchange.working.contains(order.number), "SEED=\(seed)")
      held[
        order.wish.side == .buy ? listing.quoteCurrency : listing.baseCurrency, default: .zero] +=
        order.held
      if case .market = order.wish.terms { continue }
      guard order.status.isWorking else { continue }
      let notional = order.limit * order.left
      #expect(
        order.held
          == (order.wish.side == .buy
            ? notional + notional.fee(at: listing.model.takerRate) : Money(order.left)),
        "SEED=\(seed)")
    }
    for currency in exchange.ledger.currencies {
      let balance = exchange.ledger[currency]
      #expect(balance.total == totals[currency] ?? .zero, "\(currency), SEED=\(seed)")
      #expect(balance.held == held[currency] ?? .zero, "\(currency), SEED=\(seed)")
      #expect(balance.available >= .zero, "\(currency), SEED=\(seed)")
    }
    for order in exchange.orders {
      let fills = exchange.fills.filter { $0.order == order.number }
      #expect(order.fillCount == fills.count)
      #expect(order.filled == fills.reduce(.zero) { $0 + $1.fill.quantity })
      #expect(order.filledValue == fills.reduce(.zero) { $0 + $1.fill.notional })
      #expect(order.fees == fills.reduce(.zero) { $0 + $1.fill.fee })
    }
  }

  @Test("Balances and holds reconcile with orders and fills", arguments: Seeds.ofThisRun)
  func reconciles(seed: UInt64) {
    var trader = Trader(seed: seed)
    var checks = 0
    trader.play { exchange in
      checks += 1
      if checks % 16 == 0 { Self.check(exchange, seed: seed) }
    }
    Self.check(trader.exchange, seed: seed)
    #expect(trader.exchange.fills.count > 20, "SEED=\(seed)")
    let statuses = Set(trader.exchange.orders.map { AdvancedStatus($0.status) })
    #expect(statuses.count >= 3, "SEED=\(seed): \(statuses)")
    // The numbers of a product's fills count from 1.
    for market in trader.exchange.markets.indices {
      let ids = trader.exchange.fills.filter { trader.exchange.orders[$0.order].market == market }
        .map(\.fill.id)
      #expect(ids == ids.indices.map { UInt64($0) + 1 })
    }
    // Of all products together they are told apart by their entries.
    let entries = trader.exchange.fills.map { AdvancedOrders.entry(of: $0, trader.exchange) }
    #expect(Set(entries).count == entries.count)
  }

  @Test("The same calls give the same orders", arguments: Seeds.few)
  func repeats(seed: UInt64) {
    var (one, other) = (Trader(seed: seed), Trader(seed: seed))
    one.play { _ in }
    other.play { _ in }
    #expect(one.exchange.orders == other.exchange.orders)
    #expect(one.exchange.fills == other.exchange.fills)
    #expect(Set(one.exchange.orders.map(\.id)).count == one.exchange.orders.count)
  }

  /// A status without what belongs to it.
  private enum AdvancedStatus: Hashable {
    case open, filled, cancelled, expired, failed

    init(_ status: SandboxOrder.Status) {
      self =
        switch status {
        case .open: .open
        case .filled: .filled
        case .cancelled: .cancelled
        case .expired: .expired
        case .failed: .failed
        }
    }
  }
}
