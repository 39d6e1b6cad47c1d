import Execution
import Market
import Persistence

/// Exit orders that the exchange refuses: what is held must have one all the same.
extension LiveSession {
  /// Does something about an exit order that was not taken, so that it can be sent again.
  ///
  /// - Returns: Whether it is to be sent again.
  func mend(_ placing: inout Placing, _ error: ExchangeError, of pair: Int) async -> Bool {
    let id = placing.wish.order.id
    placing.failures += 1
    if placing.failures == 1 || placing.failures % 10 == 0 {
      trouble(error.isLimit ? .limited : .refused, "\(error)", pair)
    }
    switch error.refusalKind ?? (error.isInvalid ? .other : nil) {
    case .stopAboveLastTrade where placing.wish.order.trigger != nil:
      // SEMANTICS 5.8: sent as the limit sell that it would become.
      placing.wish.order.trigger = nil
      trouble(.refused, "the market is through the stop: it is sold at its limit", pair)
      return true
    case .tooSmall:
      // SEMANTICS 5.9: it waits for more, or for the next look at the books.
      lanes[pair].dust = id
      return false
    case .insufficientFunds:
      // The coins may be held by a request of this very order that has arrived after all.
      if sent[pair][id]?.mayBeOnItsWay == true, await lookUp(&placing, of: pair) { return false }
      noteShortage(of: pair)
      let wanted = placing.wish.order.quantity
      if !leaveOut(&placing, of: pair) {
        guard await lookForCoins(&placing, of: pair) else { return false }
      }
      // At once: a market that moves would have another order by then, of all that is held.
      let isSold = machine.standing(of: pair).held < placing.whole
      if placing.wish.order.quantity != wanted || isSold { return true }
    case .pricePrecision, .sizePrecision:
      if await refit(&placing, of: pair) || goBack(&placing, of: pair) { return true }
    case .stopAndLimitCrossed, .limitTooFar, .other:
      if goBack(&placing, of: pair) || approachMarket(&placing, of: pair) { return true }
    case .postOnlyWouldTake, .tooLarge, .stopAboveLastTrade, .stopBelowLastTrade, .endTimePassed,
      .halted, .unknownProduct, .duplicateID, .tooManyOrders, .rateLimited, .unsupported, nil:
      break
    }
    await askForEndOfEntry(&placing.asked, of: pair)
    await pause(&placing.backoff)
    return await !makesWay(&placing, of: pair)
  }

  /// What is wanted in the place of an exit that is refused need not wait for it: that was not refused.
  ///
  /// - Returns: Whether the engine was told, or knows, that the order is over.
  func makesWay(_ placing: inout Placing, of pair: Int) async -> Bool {
    let id = placing.wish.order.id
    let standing = machine.standing(of: pair)
    let isDue = standing.isRescueDue && placing.failures >= Placing.failuresBeforeRescue
    guard standing.isSalePlanned || isDue else { return false }
    if await isThereAfterAll(&placing, of: pair) { return true }
    // What an order that is cancelled still sells counts; a rescue takes the place of a refused one alone.
    let isPlanned = machine.standing(of: pair).isSalePlanned
    report(id, isPlanned && sent[pair][id]?.isInDoubt == true ? .cancelled : .rejected(.other))
    return true
  }

  /// Better the old stop than none: A.9, step 7.
  ///
  /// Once, since it may be refused as well.
  ///
  /// - Returns: Whether it is another one.
  private func goBack(_ placing: inout Placing, of pair: Int) -> Bool {
    guard let trigger = placing.wish.order.trigger, let old = lanes[pair].lastStop else {
      return false
    }
    lanes[pair].lastStop = nil
    guard trigger != old.trigger else { return false }
    placing.wish.order.trigger = old.trigger
    placing.wish.order.limit = old.limit
    alarm("the new stop is refused; the old one goes back", pair)
    return true
  }

  /// Notes and tells what is sent in the place of what was refused.
  private func alarm(_ words: String, _ pair: Int) {
    incident(.refused, words, pair: pair)
    say(.alarm("\(pairs[pair].product.id): \(words)"))
  }

  /// The exchange's steps may have become coarser while the session runs.
  ///
  /// - Returns: Whether the order is another one by that.
  private func refit(_ placing: inout Placing, of pair: Int) async -> Bool {
    guard let listed = try? await exchange.product(placing.wish.productID) else { return false }
    lanes[pair].product = listed.product
    let before = placing.wish.order
    placing.fit(listed.product)
    return placing.wish.order != before
  }

  /// An entry whose end is wanted does not wait for an exit that is refused, nor for fills: its cancel is
  /// behind that in the lane, and all it can wait for there is its answer.
  ///
  /// - Parameters:
  ///   - asked: The entry whose end was asked for meanwhile.
  ///   - pair: Whose.
  func askForEndOfEntry(_ asked: inout ClientOrderID?, of pair: Int) async {
    guard let entry = machine.standing(of: pair).entry, entry.state == .cancelPending,
      asked != entry.order.id, let name = sent[pair][entry.order.id]?.exchangeID
    else { return }
    switch try? await exchange.cancel(name, product: pairs[pair].product.id) {
    case .requested, .alreadyRequested, .nothingToCancel: asked = entry.order.id
    case .refused, nil: break
    }
  }

  /// What is refused in words that nobody knows may be so for its distance from the market.
  ///
  /// What the market is through becomes the limit sell of SEMANTICS 5.8. What is above it is offered at its
  /// price, but for what an operator sells: his price is the least that he takes (5.10). What is below it, to
  /// be sold at once, is offered at its price where it is refused again.
  ///
  /// - Returns: Whether that is something new, to be sent at once.
  private func approachMarket(_ placing: inout Placing, of pair: Int) -> Bool {
    let last = machine.standing(of: pair).lastTrade
    if let trigger = placing.wish.order.trigger {
      guard last <= trigger else { return false }
      placing.wish.order.trigger = nil
      return true
    }
    let limit = placing.wish.order.limit
    let least =
      placing.role == .forced ? machine.standing(of: pair).exit?.order.limit ?? limit : last
    let target = max(last, least)
    guard limit != target, limit > target || placing.failures > 1 else { return false }
    placing.wish.order.limit = target
    alarm("the offer is refused; it is made at the last price, \(target)", pair)
    // A market that moves with each answer is not run after without a pause.
    return placing.failures < Placing.failuresBeforePause
  }
}
