import Market
import Matching

extension SandboxExchange {
  /// Places an order; it takes effect at once.
  ///
  /// - Parameters:
  ///   - wish: What is wanted.
  ///   - repeats: Whether a client's name that was used before gives the old order's answer and makes
  ///     no other: so it is on Advanced Trade, not on the Exchange.
  /// - Returns: The order, as it is after what happened to it at once.
  package mutating func place(
    _ wish: PlacementWish, repeats: Bool = true
  ) -> Result<SandboxOrder, PlacementRefusal> {
    if repeats, !wish.clientID.isEmpty, let old = order(clientID: wish.clientID) {
      return .success(old)
    }
    let draft: OrderDraft
    do { draft = try self.draft(wish) } catch {
      logExitMinimum(error, wish)
      return .failure(error)
    }
    if faults != nil, let refusal = refuses(wish, in: draft.market) { return .failure(refusal) }
    let number = orders.count
    var order = SandboxOrder(
      number: number, id: OrderName.make(number, seed: settings.seed), wish: wish,
      market: draft.market, created: now, quantity: draft.quantity, limit: draft.limit,
      trigger: draft.isStop ? .waiting : .none, updated: now)
    order.held = draft.hold
    orders.append(order)
    working.append(number)
    numberOfID[order.id] = number
    if !wish.clientID.isEmpty { numberOfClientID[wish.clientID] = number }
    ledger.hold(draft.hold, of: currencyHeld(by: order))
    let isFated = faults != nil && misplace(number)
    tell(number, .accepted)
    let market = draft.market
    if case .stopLimit(_, _, .up, _) = wish.terms {
      markets[market].risingStops.append(number)
    } else if isFated {
      // It waits for its trigger outside the book.
    } else if wish.terms.lifetime.isImmediate, markets[market].engine.isBetweenCandles {
      markets[market].deferred.append(number)
    } else {
      submit(number)
    }
    return .success(orders[number])
  }

  /// Hands an order to the engine; what does not rest is cancelled right after.
  mutating func submit(_ number: Int) {
    let market = orders[number].market
    let wish = orders[number].wish
    settleMarketOrder(number)
    let order = orders[number]
    if order.quantity == .zero || isShort(order) {
      end(number, .cancelled, why: "not enough could be had at once")
      return
    }
    var trigger: Price?
    var isPostOnly = false
    switch wish.terms {
    case .market, .stopLimit(_, _, .up, _): break
    case .limit(_, _, let flag): isPostOnly = flag
    case .stopLimit(_, _, .down, _) where order.trigger == .triggered: break
    case .stopLimit(let price, _, .down, _):
      trigger = price
      markets[market].fallingStops.append(number)
    }
    markets[market].ownerOfName.append(number)
    let name = ClientOrderID(
      session: 0, pair: UInt32(market), number: UInt64(markets[market].ownerOfName.count))
    orders[number].inEngine = name
    markets[market].engine.submit(
      Order(
        id: name, side: wish.side, limit: order.limit, trigger: trigger, quantity: order.left,
        isPostOnly: isPostOnly, submitted: now), into: &reports)
    bookReports(of: market)
    if wish.terms.lifetime.isImmediate, orders[number].status.isWorking {
      takeOut(number, .cancelled, why: "the rest could not be had at once")
    }
  }

  /// A market order knows its price and size when it meets the market.
  private mutating func settleMarketOrder(_ number: Int) {
    guard case .market = orders[number].wish.terms else { return }
    let market = markets[orders[number].market]
    let price = market.takerPrice(orders[number].wish.side)
    if market.engine.isBetweenCandles { return }
    if case .quote(let amount) = orders[number].wish.size {
      orders[number].quantity = market.quantity(for: amount, orders[number].wish.side, at: price)
      orders[number].limit = price
      return
    }
    // Sent when nothing traded, it holds what the worst price costs, and no more.
    let worst = orders[number].limit
    orders[number].limit =
      orders[number].wish.side == .buy ? min(worst, price) : max(worst, price)
  }

  /// Whether all or nothing is asked for, and it would not be all.
  private func isShort(_ order: SandboxOrder) -> Bool {
    guard order.wish.terms.lifetime == .wholeOrNothing else { return false }
    let market = markets[order.market]
    let crosses =
      order.wish.side == .buy ? market.price <= order.limit : market.price >= order.limit
    return !crosses || market.engine.liquidityLeft < order.quantity
  }

  /// Which currency an order holds.
  func currencyHeld(by order: SandboxOrder) -> String {
    let listing = markets[order.market].listing
    return order.wish.side == .buy ? listing.quoteCurrency : listing.baseCurrency
  }
}

extension ProductMarket {
  /// What a taker pays or gets now, slippage included; SEMANTICS 6.4 and 6.5.
  func takerPrice(_ side: Side) -> Price {
    let product = listing.product
    let slippage = listing.model.slippage
    switch side {
    case .buy: return product.ceilTick(price, times: slippage.growth) ?? .greatest
    case .sell:
      return product.atLeastOneTick(product.floorTick(price, times: slippage.complement))
    }
  }

  /// How much an amount of quote currency is at a price; a buyer pays the fee out of it.
  func quantity(for amount: Money, _ side: Side, at price: Price) -> Quantity {
    let rate = side == .buy ? listing.model.takerRate : .zero
    return listing.product.floorLot(WideMoney(amount).quantity(at: price, plus: rate) ?? .zero)
  }
}
