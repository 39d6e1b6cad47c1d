import Execution
import Market
import Persistence

/// Orders on their way out.
extension LiveSession {
  /// Asks for an order's end, waits until it has ended, and tells the engine how; coinbase.md A.9.
  ///
  /// That a cancel was accepted is no end, that its answer was lost no failure: what the exchange says of
  /// the order counts.
  func cancel(_ id: ClientOrderID, _ reason: CancelReason, of pair: Int) async {
    guard let order = known(id, of: pair), !order.isOver else { return }
    if reason == .ratchet || reason == .quantity {
      if let defect = defectOfNextStop(of: pair) {
        // First the new stop is looked at: an old one that is there is better than a new one that is not.
        trouble(.refused, "the stop stays where it is: \(defect)", pair)
        report(id, .cancelRefused)
        return
      }
      if reason == .ratchet, await !awaitInterval(id, of: pair) { return }
      if let trigger = order.order.trigger {
        lanes[pair].lastStop = (trigger, order.order.limit)
      }
    }
    var backoff = Backoff.answer
    while !isOver, sent[pair][id]?.isOver == false {
      // What is to be there in its place could not be kept: the exit stays meanwhile.
      guard stall == nil || order.order.side == .buy else {
        if standBack(id, reason, of: pair) { return }
        await pause(&backoff)
        continue
      }
      do throws(ExchangeError) {
        guard let name = try await exchangeID(of: id, pair) else {
          if order.mayBeOnItsWay { return giveUp(order.order, of: pair) }
          report(id, .cancelled)
          return
        }
        if order.order.side == .sell { lanes[pair].ending = id }
        switch try await exchange.cancel(name, product: pairs[pair].product.id) {
        case .requested, .alreadyRequested, .nothingToCancel:
          lanes[pair].reluctance = nil
          try await awaitEnd(of: id, named: name, pair)
          return
        case .refused(let why):
          trouble(.refused, "the cancel of order \(id) is refused: \(why)", pair)
          // It may have ended a moment before.
          if let found = try await exchange.order(name, .protective) {
            await take(found, id, of: pair)
          }
          if lanes[pair].ending == id { lanes[pair].ending = nil }
          // The next trade may ask for it again.
          var reluctance = lanes[pair].reluctance ?? .answer
          await pause(&reluctance)
          lanes[pair].reluctance = reluctance
          if sent[pair][id]?.isOver == false { report(id, .cancelRefused) }
          return
        }
      } catch {
        trouble(error.isLimit ? .limited : .lostAnswer, "\(error)", pair)
        await workOffNews(of: id, pair)
        guard sent[pair][id]?.isOver == false else { return }
        await pause(&backoff)
      }
    }
  }

  /// Deals with what the exchange has told of an order whose end is asked for, and with what comes of it for
  /// the exit: a purchase has its stop, however long the end takes, or an answer about it.
  ///
  /// What was told of others waits: their fills may be long in coming.
  private func workOffNews(of id: ClientOrderID, _ pair: Int) async {
    await clarify(id, of: pair)
    while let place = lanes[pair].work.firstIndex(where: { $0.sight(of: id)?.filled != nil }),
      case .look(_, let sight) = lanes[pair].work.remove(at: place)
    {
      await look(at: id, sight, of: pair)
    }
    await seeToExit(of: pair)
  }

  /// Asks what became of an order of which the exchange has only told that something did, as by its Exchange
  /// API: once, since what hangs on the answer is asked again.
  func clarify(_ id: ClientOrderID, of pair: Int) async {
    let count = lanes[pair].work.count
    guard let order = sent[pair][id], let name = order.exchangeID else { return }
    lanes[pair].work.removeAll { $0.sight(of: id).map { $0.filled == nil } ?? false }
    guard lanes[pair].work.count < count else { return }
    var sight = Lane.Sight()
    do throws(ExchangeError) {
      if let found = try await exchange.order(name, .protective) {
        sight = Lane.Sight(filled: found.filled, status: found.status, reason: found.reason)
      } else {
        // The Exchange forgets an order that ended without a fill.
        sight = Lane.Sight(filled: order.filled, status: .cancelled)
      }
    } catch {
      trouble(error.isLimit ? .limited : .lostAnswer, "\(error)", pair)
    }
    lanes[pair].work.append(.look(id, sight))
  }

  /// Puts the wish to end an exit, which must wait for the store, behind that to end the entry: what the entry
  /// buys meanwhile can have no stop.
  ///
  /// - Returns: Whether there is such a wish, in the lane or being dealt with.
  private func standBack(_ id: ClientOrderID, _ reason: CancelReason, of pair: Int) -> Bool {
    let place = lanes[pair].placeOfCancel(of: machine.standing(of: pair).entry?.order.id)
    guard place != nil || lanes[pair].isOvertaken else { return false }
    lanes[pair].work.insert(
      .command(.cancel(id, reason: reason)), at: place.map { $0 + 1 } ?? lanes[pair].work.endIndex)
    return true
  }

  /// Lets a while pass since the last replacement; the stop that is there stays meanwhile.
  ///
  /// What the exchange says of orders of the pair is dealt with all the same. What is urgent does not wait: the
  /// end of a stop that covers too little, or that the market or an operator has made out of date, and that of
  /// an entry.
  ///
  /// - Returns: Whether the order still works afterwards.
  private func awaitInterval(_ id: ClientOrderID, of pair: Int) async -> Bool {
    let interval = settings.scaled(settings.replaceInterval)
    var (asked, askedAt): (ClientOrderID?, ContinuousClock.Instant?)
    while !isOver, !isUrgent(pair), let last = lanes[pair].lastReplacement,
      ContinuousClock.now - last < interval
    {
      if let place = lanes[pair].work.firstIndex(where: \.isLook),
        case .look(let other, let sight) = lanes[pair].work.remove(at: place)
      {
        await look(at: other, sight, of: pair)
        guard sent[pair][id]?.isOver == false else { return false }
        continue
      }
      // Where that is refused, or not answered, it is asked for again a second later.
      if askedAt.map({ .now - $0 >= settings.scaled(.seconds(1)) }) ?? true {
        await askForEndOfEntry(&asked, of: pair)
        askedAt = .now
      }
      let left = interval - (ContinuousClock.now - last)
      try? await Task.sleep(for: min(left, .milliseconds(50)))
    }
    lanes[pair].lastReplacement = .now
    return !isOver
  }

  /// Whether a pair's exit order is to be another one for more than a price that has risen.
  private func isUrgent(_ pair: Int) -> Bool {
    let standing = machine.standing(of: pair)
    return standing.isSalePlanned || standing.isTriggered
      || standing.exit.map { $0.remaining != standing.held } ?? true
  }

  /// What an exchange would find wrong with the stop that is to replace the one there is.
  private func defectOfNextStop(of pair: Int) -> String? {
    let standing = machine.standing(of: pair)
    let product = product(of: pair)
    guard standing.held > .zero, standing.held < product.baseMinSize else { return nil }
    return "the \(standing.held) held are less than the \(product.baseMinSize) it takes"
  }

  /// What the exchange calls an order; `nil` where it has none of that name of ours.
  func exchangeID(of id: ClientOrderID, _ pair: Int) async throws(ExchangeError) -> String? {
    guard let order = sent[pair][id] else { return nil }
    if let name = order.exchangeID { return name }
    guard
      let found = try await exchange.find(
        order.order, product: pairs[pair].product.id, .protective)
    else { return nil }
    name(id, found.id)
    return found.id
  }

  /// Reads an order until it is over: that a cancel was accepted is no end.
  private func awaitEnd(
    of id: ClientOrderID, named name: String, _ pair: Int
  ) async throws(ExchangeError) {
    var wait = Backoff(first: TimeSpan(nanoseconds: 50_000_000), longest: TimeSpan(seconds: 2))
    var looks = 0
    while !isOver, sent[pair][id]?.isOver == false {
      guard let found = try await exchange.order(name, .protective) else {
        report(id, .cancelled)  // The Exchange forgets an order that ended without a fill.
        return
      }
      await take(found, id, of: pair)
      guard found.status.isWorking else { return }
      looks += 1
      // A cancel that was lost inside the exchange is asked for again.
      if looks % 10 == 0 {
        _ = try await exchange.cancel(name, product: pairs[pair].product.id)
      }
      await workOffNews(of: id, pair)
      guard sent[pair][id]?.isOver == false else { return }
      await pause(&wait)
    }
  }
}
