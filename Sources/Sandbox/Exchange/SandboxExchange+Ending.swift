package import Market
import Matching

extension SandboxExchange {
  /// Takes an order out of the book.
  ///
  /// - Returns: The order as it is then, or why it cannot be.
  package mutating func cancel(_ id: String) -> Result<SandboxOrder, CancelRefusal> {
    guard let number = numberOfID[id] else { return .failure(.unknownOrder) }
    switch orders[number].status {
    case .open: break
    case .filled: return .failure(.filled)
    case .cancelled, .expired, .failed: return .failure(.over)
    }
    if faults == nil || !miscancel(number) { takeOut(number, .cancelled, why: "") }
    return .success(orders[number])
  }

  /// Changes limit and size of a limit order that waits; it loses its place in the queue.
  package mutating func edit(
    _ id: String, limit: Price, quantity: Quantity
  ) -> Result<SandboxOrder, EditRefusal> {
    guard let number = numberOfID[id] else { return .failure(.unknownOrder) }
    let order = orders[number]
    guard order.status.isWorking else { return .failure(.over) }
    guard case .limit(_, .untilCancelled, let isPostOnly) = order.wish.terms else {
      return .failure(.onlyLimits)
    }
    guard quantity > order.filled else { return .failure(.belowFilled) }
    // As if it were new, with what it holds given back.
    var other = self
    other.ledger.hold(-order.held, of: currencyHeld(by: order))
    other.working.removeAll { $0 == number }
    let left = quantity - order.filled
    var wish = order.wish
    wish.size = .base(left)
    wish.terms = .limit(limit, .untilCancelled, isPostOnly: isPostOnly)
    let draft: OrderDraft
    do { draft = try other.draft(wish) } catch { return .failure(.refused(error)) }
    if let name = order.inEngine { markets[order.market].engine.cancel(name, into: &reports) }
    reports.removeAll(keepingCapacity: true)
    ledger.hold(draft.hold - order.held, of: currencyHeld(by: order))
    orders[number].edits.append(
      SandboxOrder.Edit(limit: order.limit, quantity: order.quantity, time: now))
    orders[number].held = draft.hold
    orders[number].limit = limit
    orders[number].quantity = quantity
    tell(number, .edited(from: order.quantity))
    submit(number)
    return .success(orders[number])
  }

  /// Ends the orders whose time is over.
  mutating func expire() {
    for number in working {
      if case .until(let end) = orders[number].wish.terms.lifetime, end <= now {
        takeOut(number, .expired, why: "")
      }
    }
  }

  /// Ends an order, wherever it waits.
  mutating func takeOut(_ number: Int, _ status: SandboxOrder.Status, why reason: String) {
    let market = orders[number].market
    if let name = orders[number].inEngine {
      markets[market].engine.cancel(name, into: &reports)
      reports.removeAll(keepingCapacity: true)
    }
    end(number, status, why: reason)
  }

  /// Ends an order that the engine no longer has, and gives back what it held.
  mutating func end(_ number: Int, _ status: SandboxOrder.Status, why reason: String) {
    let market = orders[number].market
    if faults == nil || status != .cancelled || !keepsHold(of: number) {
      ledger.hold(-orders[number].held, of: currencyHeld(by: orders[number]))
    }
    faults?.forget(number)
    orders[number].held = .zero
    orders[number].disguise = .none
    orders[number].status = status
    orders[number].cancelReason = reason
    orders[number].inEngine = nil
    working.removeAll { $0 == number }
    markets[market].fallingStops.removeAll { $0 == number }
    markets[market].risingStops.removeAll { $0 == number }
    markets[market].deferred.removeAll { $0 == number }
    tell(number, .ended)
  }

  /// Books what the engine said: triggers first, since they come before what they lead to.
  mutating func bookReports(of market: Int) {
    for number in markets[market].fallingStops {
      guard let name = orders[number].inEngine,
        !markets[market].engine.isWaitingForTrigger(name)
      else { continue }
      markets[market].fallingStops.removeAll { $0 == number }
      orders[number].trigger = .triggered
      tell(number, .triggered)
    }
    let said = reports
    reports.removeAll(keepingCapacity: true)
    for report in said {
      let number = markets[market].ownerOfName[Int(report.order.number) - 1]
      switch report.news {
      case .accepted, .cancelled, .cancelRefused, .expired, .unanswered: break
      case .rejected: end(number, .failed(.postOnlyWouldTake), why: "")
      case .filled(var fill):
        fill.id += markets[market].extraFills
        book(fill, number)
      }
    }
  }

  /// Moves the money of an execution.
  mutating func book(_ fill: Fill, _ number: Int) {
    let place = orders[number].market
    let listing = markets[place].listing
    fills.append(SandboxFill(order: number, fill: fill))
    if faults != nil { listLate(SandboxFill(order: number, fill: fill)) }
    markets[place].lastFill = fill.id
    if orders[number].disguise == .pending { orders[number].disguise = .none }
    orders[number].filled += fill.quantity
    orders[number].filledValue += fill.notional
    orders[number].fees += fill.fee
    orders[number].fillCount += 1
    orders[number].lastFill = fill.time
    let base = Money(fill.quantity)
    ledger.add(fill.cashFlow, of: listing.quoteCurrency)
    if faults == nil || !keepsCredit(fill, of: place) {
      ledger.add(fill.side == .buy ? base : -base, of: listing.baseCurrency)
    }
    let order = orders[number]
    let held =
      order.left > .zero
      ? Self.hold(order.left, fill.side, at: order.limit, markets[place]) : .zero
    ledger.hold(held - order.held, of: currencyHeld(by: order))
    orders[number].held = held
    if order.left == .zero { orders[number].status = .filled }
    tell(number, .filled(fill))
    if order.left == .zero { end(number, .filled, why: "") }
  }
}
