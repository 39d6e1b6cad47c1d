package import Market
import Matching

/// An order that was looked through and can be placed.
package struct OrderDraft: Hashable, Sendable {
  /// Which of the listings.
  package let market: Int
  /// How much.
  package let quantity: Quantity
  /// At which price at worst.
  package let limit: Price
  /// What it will hold.
  package let hold: Money
  /// Whether it waits for a trigger.
  package let isStop: Bool
}

extension SandboxExchange {
  /// Looks a wish through; coinbase.md A.7.
  ///
  /// - Throws: The first reason to refuse it.
  package func draft(_ wish: PlacementWish) throws(PlacementRefusal) -> OrderDraft {
    guard let place = market(wish.productID) else { throw .unknownProduct }
    let market = markets[place]
    switch market.halt?.mode {
    case nil: break
    case .closed?: throw .tradingDisabled
    case .cancelOnly?: throw .cancelOnly
    }
    let limit = try self.limit(of: wish, market)
    let quantity = try quantity(of: wish, market, at: limit)
    if case .until(let end) = wish.terms.lifetime, end <= now { throw .endTimePassed }
    try checkSize(quantity, wish, market, at: limit)
    try checkTrigger(wish, market)
    if case .limit(_, _, isPostOnly: true) = wish.terms, !market.engine.isBetweenCandles,
      wish.side == .buy ? market.price <= limit : market.price >= limit
    {
      throw .postOnlyWouldTake
    }
    if working.count >= Self.mostWorking { throw .tooManyOrders }
    var hold = Self.hold(quantity, wish.side, at: limit, market)
    if case .quote(let amount) = wish.size, wish.side == .buy, case .market = wish.terms {
      hold = amount
    }
    let listing = market.listing
    let currency = wish.side == .buy ? listing.quoteCurrency : listing.baseCurrency
    guard hold <= ledger[currency].available else { throw .insufficientFunds }
    var isStop = false
    if case .stopLimit = wish.terms { isStop = true }
    return OrderDraft(
      market: place, quantity: quantity, limit: limit, hold: hold, isStop: isStop)
  }

  /// What an order holds: price × size and the fee of a taker, or the base currency that it sells.
  static func hold(
    _ quantity: Quantity, _ side: Side, at limit: Price, _ market: ProductMarket
  ) -> Money {
    switch side {
    case .sell: return Money(quantity)
    case .buy:
      let notional = limit * quantity
      return notional + notional.fee(at: market.listing.model.takerRate)
    }
  }

  /// As on the exchange, there is an end to orders in the book.
  private static let mostWorking = 5000
  /// More of quote currency is no order, and what is below overflows nothing.
  private static let mostNotional: Money = 1_000_000_000_000

  private func limit(
    of wish: PlacementWish, _ market: ProductMarket
  ) throws(PlacementRefusal) -> Price {
    let tick = market.listing.product.quoteIncrement
    switch wish.terms {
    case .market:
      // Between candles nobody knows the next price: a tenth away is the end.
      let price = market.takerPrice(wish.side)
      guard market.engine.isBetweenCandles else { return price }
      let product = market.listing.product
      let tenth = Rate(steps: Rate.one.steps / 10)
      switch wish.side {
      case .buy: return product.ceilTick(price, times: tenth.growth) ?? .greatest
      case .sell: return product.atLeastOneTick(product.floorTick(price, times: tenth.complement))
      }
    case .limit(let limit, _, _), .stopLimit(_, let limit, _, _):
      guard limit > .zero, limit.steps % tick.steps == 0 else { throw .limitPrecision }
      return limit
    }
  }

  private func quantity(
    of wish: PlacementWish, _ market: ProductMarket, at limit: Price
  ) throws(PlacementRefusal) -> Quantity {
    let product = market.listing.product
    switch wish.size {
    case .base(let quantity):
      guard quantity > .zero, product.floorLot(quantity) == quantity else { throw .sizePrecision }
      return quantity
    case .quote(let amount):
      guard amount > .zero, amount <= Self.mostNotional, limit > .zero else {
        throw amount > .zero ? .tooLarge : .quoteTooSmall(product.quoteMinSize)
      }
      guard amount.steps % Self.quoteStep.steps == 0 else { throw .quoteSizePrecision }
      if case .market = wish.terms {
        return market.quantity(for: amount, wish.side, at: limit)
      }
      return product.floorLot(WideMoney(amount).quantity(at: limit, plus: .zero) ?? .zero)
    }
  }

  /// No quote currency has more decimals.
  private static let quoteStep = Money(steps: 10_000_000_000)

  private func checkSize(
    _ quantity: Quantity, _ wish: PlacementWish, _ market: ProductMarket, at limit: Price
  ) throws(PlacementRefusal) {
    let product = market.listing.product
    guard let notional = limit.notional(of: quantity), notional <= Self.mostNotional,
      quantity.steps <= Self.mostSteps
    else { throw .tooLarge }
    // Minimums bind entries only, unless told otherwise; SEMANTICS 5.9.
    if wish.side == .sell, !settings.enforcesExitMinimums {
      guard quantity > .zero else { throw .baseTooSmall(product.baseMinSize) }
      return
    }
    guard quantity > .zero, quantity >= product.baseMinSize else {
      throw .baseTooSmall(product.baseMinSize)
    }
    if case .quote(let amount) = wish.size {
      guard amount >= product.quoteMinSize else { throw .quoteTooSmall(product.quoteMinSize) }
    } else if notional < product.quoteMinSize {
      throw .quoteTooSmall(product.quoteMinSize)
    }
  }

  /// 1e15 units.
  private static let mostSteps: Int128 = 100_000_000_000_000_000_000_000

  private func checkTrigger(
    _ wish: PlacementWish, _ market: ProductMarket
  ) throws(PlacementRefusal) {
    guard case .stopLimit(let trigger, let limit, let direction, _) = wish.terms else { return }
    guard trigger > .zero, trigger.steps % market.listing.product.quoteIncrement.steps == 0 else {
      throw .stopPrecision
    }
    switch wish.side {
    case .sell: if limit > trigger { throw .stopBelowLimit }
    case .buy: if limit < trigger { throw .stopAboveLimit }
    }
    switch direction {
    case .down: if trigger >= market.price { throw .stopAboveLastTrade }
    case .up: if trigger <= market.price { throw .stopBelowLastTrade }
    }
  }
}
