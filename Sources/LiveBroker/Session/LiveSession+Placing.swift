import Execution
import Market
import Persistence

/// Orders on their way to the exchange.
extension LiveSession {
  /// Sends an order and tells the engine what the exchange says.
  ///
  /// An entry that is refused is refused. An exit is not given up: what is held must have one.
  func place(_ order: Order, _ role: OrderRole, of pair: Int) async {
    lanes[pair].sending = order.id
    defer { lanes[pair].sending = nil }
    if role == .entry, isUnwanted(order.id, of: pair) { return withhold(order, of: pair) }
    if role != .entry, var setback = lanes[pair].setback {
      await pause(&setback)
      lanes[pair].setback = setback
    }
    var placing = Placing(order, role, product: pairs[pair].product.id)
    while !isOver {
      placing.fit(product(of: pair))
      do throws(ExchangeError) {
        let placed = try await exchange.place(placing.wish, placing.priority)
        if placed.clientID.isEmpty || ClientOrderID(text: placed.clientID) == order.id {
          isThere(order.id, named: placed.id, of: pair)
          report(order.id, .accepted)
          return
        }
        // coinbase.md C.5: success with somebody else's order is no success.
        trouble(
          .lostAnswer, "the answer to order \(order.id) names \(placed.clientID); it is looked up",
          pair)
        if await isDecided(&placing, of: pair) { return }
      } catch {
        // Who says that there is one of this name has it, whatever a list said that was a moment old.
        if error.repetition == .afterLookUp || error.refusalKind == .duplicateID {
          if error.mayBeOnItsWay { sent[pair].lose(order.id) }
          trouble(.lostAnswer, "\(error)", pair)
          if await isDecided(&placing, of: pair) { return }
        } else if role == .entry {
          trouble(.refused, "\(error)", pair)
          return refuse(order, error.rejection ?? .other, of: pair)
        } else if await !mend(&placing, error, of: pair) {
          return
        }
      }
    }
  }

  /// The exchange has an order.
  private func isThere(_ id: ClientOrderID, named name: String, of pair: Int) {
    // Whatever was there before is replaced; the next position has nothing to go back to.
    lanes[pair].lastStop = nil
    if lanes[pair].dust == id { lanes[pair].dust = nil }
    self.name(id, name)
    // That it is over may have been told before anybody knew its name.
    if ends.contains(name) { add(.look(id, Lane.Sight()), to: pair) }
  }

  /// Looks an order up whose answer was lost, and lets a while pass before it is sent again.
  ///
  /// An entry is sent only so often, and not when its time is over; and only once by the Exchange's API,
  /// which makes two orders of what it gets twice, where the first may still be on its way.
  ///
  /// - Returns: Whether nothing is left to be done.
  private func isDecided(_ placing: inout Placing, of pair: Int) async -> Bool {
    if await lookUp(&placing, of: pair) { return true }
    placing.failures += 1
    let order = placing.wish.order
    let isTooLate =
      placing.isLate || placing.failures > Placing.mostEntries || isUnwanted(order.id, of: pair)
      || makesTwo && sent[pair][order.id]?.mayBeOnItsWay == true
    if placing.role == .entry, isTooLate {
      refuse(order, .other, of: pair)
      return true
    }
    if placing.failures > 1 { await pause(&placing.backoff) }
    return false
  }

  /// Does something about an exit order that was not taken, so that it can be sent again.
  ///
  /// - Returns: Whether it is to be sent again.
  private func mend(_ placing: inout Placing, _ error: ExchangeError, of pair: Int) async -> Bool {
    let id = placing.wish.order.id
    placing.failures += 1
    if placing.failures == 1 || placing.failures % 10 == 0 {
      trouble(error.isLimit ? .limited : .refused, "\(error)", pair)
    }
    switch error.refusalKind ?? (error.isInvalid ? .other : nil) {
    case .stopAboveLastTrade where placing.wish.order.trigger != nil:
      // SEMANTICS 5.8: sent as the limit sell that it would become.
      placing.wish.order.trigger = nil
      return true
    case .tooSmall:
      // SEMANTICS 5.9: it waits for more, or for the next look at the books.
      lanes[pair].dust = id
      return false
    case .insufficientFunds:
      // The coins may be held by a request of this very order that has arrived after all.
      if sent[pair][id]?.mayBeOnItsWay == true, await lookUp(&placing, of: pair) { return false }
      if placing.failures >= placing.nextLook, !mayLag(pair) {
        placing.nextLook = placing.failures + Placing.failuresBeforeLook
        placing.looks += 1
        await cancelOrphans(of: pair)
        guard await shrink(&placing, of: pair) else {
          // Nor can what is not there be offered: the lane is free for what can be done.
          lanes[pair].dust = id
          return false
        }
      }
    case .pricePrecision, .sizePrecision:
      if await refit(&placing, of: pair) || goBack(&placing, of: pair) { return true }
    case .stopAndLimitCrossed, .limitTooFar, .other:
      if goBack(&placing, of: pair) || approachMarket(&placing, of: pair) { return true }
    case .postOnlyWouldTake, .tooLarge, .stopAboveLastTrade, .stopBelowLastTrade, .endTimePassed,
      .halted, .unknownProduct, .duplicateID, .tooManyOrders, .rateLimited, .unsupported, nil:
      break
    }
    await askForEndOfEntry(&placing, of: pair)
    await pause(&placing.backoff)
    return await !makesWay(&placing, of: pair)
  }

  /// What is wanted in the place of an exit that is refused need not wait for it: that was not refused.
  ///
  /// - Returns: Whether the engine was told, or knows, that the order is over.
  private func makesWay(_ placing: inout Placing, of pair: Int) async -> Bool {
    let id = placing.wish.order.id
    let standing = machine.standing(of: pair)
    let isDue = standing.isRescueDue && placing.failures >= Placing.failuresBeforeRescue
    guard standing.isSalePlanned || isDue else { return false }
    if sent[pair][id]?.mayBeOnItsWay == true {
      if await lookUp(&placing, of: pair) { return true }
      sent[pair].doubt(id, since: clock)
    }
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
    say(.alarm("\(placing.wish.productID): the new stop is refused; the old one goes back"))
    return true
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

  /// An entry whose end is wanted does not wait for an exit that is refused: its cancel is behind that in
  /// the lane, and all it can wait for there is its answer.
  private func askForEndOfEntry(_ placing: inout Placing, of pair: Int) async {
    guard let entry = machine.standing(of: pair).entry, entry.state == .cancelPending,
      placing.asked != entry.order.id, let name = sent[pair][entry.order.id]?.exchangeID
    else { return }
    switch try? await exchange.cancel(name, product: placing.wish.productID) {
    case .requested, .alreadyRequested, .nothingToCancel: placing.asked = entry.order.id
    case .refused, nil: break
    }
  }

  /// Sends the exit order that waits behind a question about the pair's entry: what is held does not wait
  /// for an exchange that takes its time to say how the entry has ended.
  func sendWaitingExit(of pair: Int) async {
    let index = lanes[pair].work.firstIndex {
      if case .command(.submit(_, let role)) = $0 { role != .entry } else { false }
    }
    guard lanes[pair].sending == nil, let index,
      case .command(.submit(let order, let role)) = lanes[pair].work.remove(at: index)
    else { return }
    await place(order, role, of: pair)
  }

  /// Whether nobody wants an entry any more that is about to be sent: its time is over, its end was asked
  /// for, or the breaker has tripped.
  func isUnwanted(_ entry: ClientOrderID, of pair: Int) -> Bool {
    let standing = machine.standing(of: pair)
    guard standing.entry?.order.id == entry else { return false }
    return standing.isEntryUnwanted || standing.deadline <= clock || machine.portfolio.isTripped
  }

  /// An exit that the exchange took and failed a moment later (coinbase.md A.7) may fail again.
  func setBack(_ pair: Int) { lanes[pair].setback = lanes[pair].setback ?? Placing.setback }

  /// An entry that nobody wants any more is not sent.
  private func withhold(_ order: Order, of pair: Int) {
    guard sent[pair][order.id]?.mayBeOnItsWay != true else { return giveUp(order, of: pair) }
    say(.info("\(pairs[pair].product.id): order \(order.id) is not sent: its time is over"))
    report(order.id, .cancelled)
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
    say(.alarm("\(placing.wish.productID): the offer is refused; it is made at the last price"))
    // A market that moves with each answer is not run after without a pause.
    return placing.failures < Placing.failuresBeforeLook
  }

  /// Whether coins may be ours that the account does not show yet: it follows the fills by some seconds, and
  /// by up to 20 after a purchase (coinbase.md A.9, C.21).
  private func mayLag(_ pair: Int) -> Bool {
    guard let last = lanes[pair].lastPurchase else { return false }
    return .now - last < settings.scaled(Placing.longestLag)
  }

  /// The exchange has less than is to be sold: what there is gets its exit order.
  ///
  /// Holds of old orders are released within seconds; those of orders that are not ours may stay.
  ///
  /// - Returns: Whether there is anything.
  private func shrink(_ placing: inout Placing, of pair: Int) async -> Bool {
    let (product, wanted) = (product(of: pair), placing.wish.order.quantity)
    guard let balances = try? await exchange.balances() else { return true }
    let balance = balances.first { $0.currency == product.base }
    let total = product.floorLot(balance?.totalQuantity ?? .zero)
    let isLate = placing.looks > 1
    let there = isLate ? product.floorLot(balance?.availableQuantity ?? .zero) : total
    guard wanted > there, there > .zero || total == .zero else { return true }
    let words =
      "the account has \(there) \(product.base) to sell, the record \(wanted): what is there is "
      + "covered. Bring the rest back, or cancel what holds it"
    incident(.balanceDiffers, words, pair: pair)
    hold(.balance, words, pair: pair)
    guard there > .zero else { return false }
    placing.wish.order.quantity = there
    return true
  }

  /// An order's answer was lost: finds out whether there is such an order, and never sends it blindly.
  ///
  /// - Returns: Whether the engine knows now; `false` where the exchange has no such order, so that the
  ///   same one, with the same id, is to be sent again.
  private func lookUp(_ placing: inout Placing, of pair: Int) async -> Bool {
    let order = placing.wish.order
    var backoff = Backoff.answer
    // Advanced Trade makes no second order of one id. The Exchange would, and the first may still be on
    // its way.
    var looks = makesTwo ? 3 : 1
    while !isOver {
      do throws(ExchangeError) {
        if let found = try await exchange.find(
          order, product: placing.wish.productID, placing.priority)
        {
          isThere(order.id, named: found.id, of: pair)
          if found.status == .failed {
            if placing.role != .entry { setBack(pair) }
            report(order.id, .rejected(found.rejection ?? .other))
          } else {
            report(order.id, .accepted)
            await take(found, order.id, of: pair)
          }
          return true
        }
        looks -= 1
        guard looks > 0 else { return false }
        await pause(&backoff)
      } catch {
        // Told to the engine, an entry is late by now; an exit is never too late.
        if !placing.isLate { report(order.id, .unanswered) }
        placing.isLate = true
        trouble(.lostAnswer, "\(error)", pair)
        await pause(&backoff)
      }
    }
    return true
  }

  /// Whether the exchange makes two orders of what it gets twice: coinbase.md B.2.
  var makesTwo: Bool { exchange.client.api == .exchange }

  /// Tells the engine that there is no such entry: the exchange has refused it, or has none of its name.
  ///
  /// Neither says anything of a request that broke off before.
  private func refuse(_ order: Order, _ rejection: Rejection, of pair: Int) {
    if sent[pair][order.id]?.mayBeOnItsWay == true {
      giveUp(order, of: pair)
    } else {
      report(order.id, .rejected(rejection))
    }
  }

  /// Ends an entry for the engine that may still be on its way to the exchange.
  ///
  /// Sent again it could be two; not sent again it is none at worst. Where it arrives after all it is ended,
  /// and what it bought until then counts.
  func giveUp(_ order: Order, of pair: Int) {
    trouble(
      .lostAnswer,
      "order \(order.id) is given up: it may still be on its way, and is not sent a second time",
      pair)
    sent[pair].doubt(order.id, since: clock)
    report(order.id, .cancelled)
  }

  /// Looks for an order that was given up; ends it where it has arrived, and counts what it bought.
  func lookForLate(_ id: ClientOrderID, of pair: Int) async {
    guard let order = sent[pair][id], order.isInDoubt else { return }
    let product = pairs[pair].product.id
    do throws(ExchangeError) {
      guard let found = try await exchange.find(order.order, product: product, .protective) else {
        // No request is on its way for so long.
        let since = order.inDoubt ?? order.order.submitted
        if clock - since > Self.longestDoubt { sent[pair].trust(id) }
        return
      }
      trouble(
        .orphan,
        "order \(found.id) was given up and has arrived: it is ended, and what it has filled counts",
        pair)
      guard try await end(found, id, of: pair) else { return }
      sent[pair].trust(id)
      // Last, since an order with a name is none that the next session doubts.
      name(id, found.id)
    } catch {
      say(.trouble("\(product): \(error)"))  // The next look at the books comes back to it.
    }
  }

  /// How long an order is looked for after it was given up.
  static var longestDoubt: TimeSpan { TimeSpan(seconds: 3600) }

  /// Sends again what was too small, now that there may be more, or another price.
  func retryDust(of pair: Int) {
    guard let dust = lanes[pair].dust else { return }
    lanes[pair].dust = nil
    guard let exit = machine.standing(of: pair).exit, exit.order.id == dust,
      !exit.state.isAnswered
    else { return }
    // The engine makes a new one at the next trade, for all that is held by then.
    report(dust, .rejected(.tooSmall))
  }
}

/// An order on its way: what is sent, which may not be what the engine has asked for.
struct Placing: Sendable {
  /// What is sent.
  var wish: OrderWish
  /// What it is for.
  let role: OrderRole
  /// Whether the engine was told that nobody knows whether there is such an order.
  var isLate = false
  /// How often the exchange has refused it.
  var failures = 0
  /// At how many refusals for want of coins somebody looks where they are.
  var nextLook = Placing.failuresBeforeLook
  /// How often somebody has.
  var looks = 0
  /// The entry whose end was asked for meanwhile.
  var asked: ClientOrderID?
  /// How long to wait before it is sent again.
  var backoff = Backoff(first: TimeSpan(nanoseconds: 100_000_000), longest: TimeSpan(seconds: 30))

  /// After so many refusals for want of coins somebody looks where they are: holds are released within
  /// seconds (coinbase.md A.9).
  static let failuresBeforeLook = 7

  /// The longest that a purchase takes to be shown in the account, and half of that for good measure.
  static let longestLag = Duration.seconds(30)

  /// Between an exit that the exchange took and failed and the next one.
  static let setback = Backoff(
    first: TimeSpan(nanoseconds: 100_000_000), longest: TimeSpan(seconds: 30))

  /// An exit is refused so often before a rescue takes its place: a market that moves is no reason for a new
  /// order with each answer.
  static let failuresBeforeRescue = 3

  /// An entry whose answers are lost so often is not sent again.
  static let mostEntries = 5

  init(_ order: Order, _ role: OrderRole, product: String) {
    wish = OrderWish(order, productID: product)
    self.role = role
  }

  /// Rounds down what is sent to the exchange's steps of today.
  ///
  /// The engine has those with which the record began. An exchange may make them coarser, and takes nothing
  /// between them.
  mutating func fit(_ product: Product) {
    wish.order.limit = product.floorTick(wish.order.limit)
    wish.order.trigger = wish.order.trigger.map { product.floorTick($0) }
    wish.order.quantity = product.floorLot(wish.order.quantity)
  }

  /// Who goes first.
  var priority: RequestPriority { role == .entry ? .entry : .protective }
}
