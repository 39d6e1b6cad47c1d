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
    var placing = Placing(order, role, product: pairs[pair].product.id)
    if role != .entry, var setback = lanes[pair].setback {
      await pause(&setback)
      lanes[pair].setback = setback
      // The one before may have failed for want of coins, without what was known to be missing, too.
      if lanes[pair].shortage != nil {
        leaveOut(&placing, of: pair)
        guard await lookForCoins(&placing, of: pair) else { return }
      }
    }
    while !isOver {
      if await isSold(&placing, order, of: pair) { return }
      placing.fit(product(of: pair))
      do throws(ExchangeError) {
        let placed = try await exchange.place(placing.wish, placing.priority)
        if placed.clientID.isEmpty || ClientOrderID(text: placed.clientID) == order.id {
          isThere(placing, named: placed.id, of: pair)
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
          // It has the order, or may get it: an exit that makes way for another is looked for.
          if error.mayBeOnItsWay || error.refusalKind == .duplicateID || role != .entry {
            sent[pair].lose(order.id)
          }
          if error.refusalKind == .duplicateID { placing.duplicates += 1 }
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

  /// Whether less is held by now than an exit is to sell, as where an earlier one has arrived after all: what
  /// is left has another.
  private func isSold(_ placing: inout Placing, _ order: Order, of pair: Int) async -> Bool {
    guard placing.role != .entry, machine.standing(of: pair).held < order.quantity else {
      return false
    }
    if await isThereAfterAll(&placing, of: pair) { return true }
    report(order.id, .cancelled)
    return true
  }

  /// Looks for an order that is to be given up, where it may still be on its way.
  ///
  /// - Returns: Whether it is there, and the engine knows; where not, it may still arrive.
  func isThereAfterAll(_ placing: inout Placing, of pair: Int) async -> Bool {
    let id = placing.wish.order.id
    guard sent[pair][id]?.mayBeOnItsWay == true else { return false }
    if await lookUp(&placing, of: pair) { return true }
    sent[pair].doubt(id, since: clock)
    return false
  }

  /// The exchange has an order.
  private func isThere(_ placing: Placing, named name: String, of pair: Int) {
    let id = placing.wish.order.id
    // Whatever was there before is replaced; the next position has nothing to go back to.
    lanes[pair].lastStop = nil
    if placing.role != .entry { noteTaken(placing, of: pair) }
    if lanes[pair].dust == id { lanes[pair].dust = nil }
    self.name(id, name)
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
    // Once it is sent again at once, whatever else is wanted.
    guard placing.failures > 1 else { return false }
    await askForEndOfEntry(&placing.asked, of: pair)
    await pause(&placing.backoff)
    guard placing.role != .entry else { return false }
    return await isBurnt(&placing, of: pair) ? true : await makesWay(&placing, of: pair)
  }

  /// Whether an exit's name is taken by nothing that there is, as by an earlier request that was refused: the
  /// engine makes another order, and looks for this one from now on.
  private func isBurnt(_ placing: inout Placing, of pair: Int) async -> Bool {
    let isNamed = sent[pair][placing.wish.order.id]?.exchangeID != nil
    guard placing.duplicates >= Placing.mostDuplicates, !isNamed else { return false }
    if await isThereAfterAll(&placing, of: pair) { return true }
    trouble(
      .refused,
      "the exchange says that it has order \(placing.wish.order.id), and has none: another takes its place",
      pair)
    report(placing.wish.order.id, .cancelled)
    return true
  }

  /// Does what waits for the pair's exit behind a question about its entry, or about an order's fills: what
  /// is held does not wait for an exchange that takes its time to answer.
  ///
  /// All of it: a stop that is ended has its successor before anybody waits again.
  func seeToExit(of pair: Int) async {
    while !isOver, lanes[pair].sending == nil {
      if let exit = machine.standing(of: pair).exit { await clarify(exit.order.id, of: pair) }
      guard let next = nextForExit(of: pair) else { return }
      let wasOvertaken = lanes[pair].isOvertaken
      lanes[pair].isOvertaken = true
      defer { lanes[pair].isOvertaken = wasOvertaken }
      switch lanes[pair].work.remove(at: next) {
      case .command(.submit(let order, let role)): await place(order, role, of: pair)
      case .command(.cancel(let id, let reason)): await cancel(id, reason, of: pair)
      case .look(let id, let sight): await look(at: id, sight, of: pair)
      case .twin, .reconcile: break
      }
    }
  }

  /// What is to be done next for a pair's exit, and needs no fills to be read, whose list may be behind: that
  /// of an order which has sold meanwhile is not ended before they are known.
  private func nextForExit(of pair: Int) -> Int? {
    let exit = machine.standing(of: pair).exit?.order.id
    let known = exit.flatMap { sent[pair][$0]?.filled } ?? .zero
    let hasSold = lanes[pair].work.contains {
      $0.sight(of: exit).map { $0.filled.map { $0 > known } ?? true } ?? false
    }
    // While nothing can be kept a stop stays.
    let mayEnd = !hasSold && stall == nil
    return lanes[pair].work.firstIndex {
      switch $0 {
      case .command(.submit(_, let role)): role != .entry
      case .command(.cancel(let id, _)): id == exit && mayEnd && !lanes[pair].reading.contains(id)
      case .look(let id, let sight):
        id == exit && sight.filled == known && sight.status?.isWorking == false
      case .twin, .reconcile: false
      }
    }
  }

  /// Whether nobody wants an entry any more that is about to be sent: its time is over, its end was asked
  /// for, the breaker has tripped, or the stop of what it buys could not be kept.
  func isUnwanted(_ entry: ClientOrderID, of pair: Int) -> Bool {
    guard stall == nil else { return true }
    let standing = machine.standing(of: pair)
    guard standing.entry?.order.id == entry else { return false }
    return standing.isEntryUnwanted || standing.deadline <= clock || machine.portfolio.isTripped
  }

  /// An exit that the exchange took and failed a moment later (coinbase.md A.7) may fail again.
  func setBack(_ pair: Int, _ kind: RefusalKind) {
    lanes[pair].setback = lanes[pair].setback ?? Placing.setback
    if kind == .insufficientFunds { noteShortage(of: pair) }
  }

  /// An entry that nobody wants any more is not sent.
  private func withhold(_ order: Order, of pair: Int) {
    guard sent[pair][order.id]?.mayBeOnItsWay != true else { return giveUp(order, of: pair) }
    say(
      .info("\(pairs[pair].product.id): order \(order.id) is not sent: it is not wanted any more"))
    report(order.id, .cancelled)
  }

  /// An order's answer was lost: finds out whether there is such an order, and never sends it blindly.
  ///
  /// - Returns: Whether the engine knows now; `false` where the exchange has no such order, so that the
  ///   same one, with the same id, is to be sent again.
  func lookUp(_ placing: inout Placing, of pair: Int) async -> Bool {
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
          isThere(placing, named: found.id, of: pair)
          // The exchange has it: what is to be done for the exit need not wait until all of it is known.
          lanes[pair].sending = nil
          if found.status == .failed, placing.role == .entry {
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
