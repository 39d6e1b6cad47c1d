import Execution
import Market
import Persistence

/// The exchange's books beside the record: DESIGN, decision 5.
extension LiveSession {
  /// Compares all there is with the exchange's books, as after a connection was made, while trading goes on.
  ///
  /// A pair's orders are looked at in its lane, so that no answer is on its way meanwhile.
  package func reconcile() async {
    guard failure == nil, hasBegun, !isPaper else { return }
    counts.reconciliations += 1
    do throws(ExchangeError) {
      try await checkClock()
      if !isListening { await endOverdue() }
      let working = try await exchange.workingOrders(ofProducts: pairs.map(\.product.id))
      for pair in pairs.indices {
        add(.reconcile(working.filter { $0.productID == pairs[pair].product.id }), to: pair)
      }
      await settleAll()
      try await compareBalances()
      try await followPrices()
    } catch {
      say(.trouble("the exchange's books cannot be read: \(error)"))
    }
  }

  /// Takes the last price of what is held from the exchange's candles while no feed tells of trades: a stop is
  /// moved, and one that the market has jumped past is rescued, all the same.
  ///
  /// That of a candle which began when nobody listened any more, and behind the last purchase: what traded before
  /// is known, or was before the position.
  ///
  /// - Throws: `ExchangeError` where the exchange cannot be asked.
  private func followPrices() async throws(ExchangeError) {
    let minute = TimeSpan(seconds: 60)
    for pair in pairs.indices where misses(pair) {
      let first = max(
        deafSince, lanes[pair].bought, clock.advanced(by: minute, times: -2))
      let connections = counts.connections
      let candles = try await exchange.candles(
        of: pairs[pair].product.id, from: first, to: clock + minute, interval: minute)
      // A feed that is there meanwhile knows better.
      guard misses(pair), connections == counts.connections, let last = candles.last,
        last.start >= lanes[pair].bought
      else { continue }
      deliver(.trade(price: last.close, time: clock), to: pair)
    }
  }

  /// Whether a pair's position has trades that nobody tells of.
  ///
  /// Before the first connection nobody knows what time it is at the exchange.
  private func misses(_ pair: Int) -> Bool {
    knowsBooks && stage != .leaving && machine.standing(of: pair).held > .zero
      && (isListening ? owesTrades.contains(pair) : handling == 0)
  }

  /// Ends entries whose time is over while no feed tells the time: nobody would see what they buy.
  private func endOverdue() async {
    // Since its last word: the exchange's clock is not always that of its market, as on a local one.
    passed(clock + TimeSpan(ContinuousClock.now - heard) * settings.timeScale)
    for pair in pairs.indices where machine.standing(of: pair).deadline <= clock {
      deliver(.clock(clock), to: pair)
      await settle(pair)
    }
  }

  /// Looks at all orders of a pair: those that should work, and those that should not.
  func reconcile(_ working: [ExchangeOrder], of pair: Int) async {
    for order in [\PairStanding.entry, \.exit] {
      // Anew for each: what was asked about the one may have sent or ended the other.
      guard let managed = machine.standing(of: pair)[keyPath: order] else { continue }
      let id = managed.order.id
      // A process before may have been about to ask for its end.
      let isLeft =
        managed.state == .cancelPending && lanes[pair].placeOfCancel(of: id) == nil
      guard managed.state.isAnswered, !isLeft else {
        await driveOn(managed, of: pair)
        continue
      }
      let isKnown = working.contains {
        $0.ownID == id && $0.filled == managed.filled && $0.status.isWorking
      }
      if !isKnown { await look(at: id, Lane.Sight(), of: pair) }
    }
    for id in sent[pair].inDoubt { await lookForLate(id, of: pair) }
    for order in working { await dealWithOrphan(order, of: pair) }
    await putExitRight(working, of: pair)
    retryDust(of: pair)
  }

  /// An order without an answer that nobody waits for, or whose end nobody asks for though it is wanted, as
  /// where the exchange could not be asked about it when the feed was connected.
  private func driveOn(_ managed: ManagedOrder, of pair: Int) async {
    let id = managed.order.id
    guard lanes[pair].dust != id, !lanes[pair].isSending(id) else { return }
    do throws(ExchangeError) {
      try await reconcile(managed, of: pair, sendsEntries: false)
    } catch {
      // The next look at the books asks again.
      say(.trouble("\(pairs[pair].product.id): \(error)"))
    }
  }

  /// An exit that was not sent as the engine has asked for is replaced when it can be.
  private func putExitRight(_ working: [ExchangeOrder], of pair: Int) async {
    guard stall == nil, let exit = machine.standing(of: pair).exit, exit.state.isCancellable,
      let name = sent[pair][exit.order.id]?.exchangeID,
      let found = working.first(where: { $0.id == name })
    else { return }
    if isLeftBehind(found, exit.order, of: pair) {
      trouble(
        .refused,
        "order \(found.id) is offered in a stop's place, and the market has left it behind: the stop "
          + "takes its place", pair)
      await cancel(exit.order.id, .escalation, of: pair)
    } else if await isTooSmall(found, exit.order, of: pair) {
      lanes[pair].lack = nil
      await cancel(exit.order.id, .quantity, of: pair)
    }
  }

  /// Whether an exit was sent smaller, for want of coins, and they are there.
  private func isTooSmall(_ found: ExchangeOrder, _ order: Order, of pair: Int) async -> Bool {
    let product = product(of: pair)
    guard let size = found.quantity else { return false }
    let lack = product.floorLot(order.quantity) - size
    guard lack > .zero, let balances = try? await exchange.balances(.protective),
      let there = balances.first(where: { $0.currency == product.base })?.availableQuantity
    else { return false }
    return there >= lack
  }

  /// Whether a stop that was refused is a sale above the market, which has come back from its trigger, or was
  /// never there.
  ///
  /// The engine takes it for a stop that waits, and would not follow the market.
  private func isLeftBehind(_ found: ExchangeOrder, _ order: Order, of pair: Int) -> Bool {
    guard let trigger = order.trigger, case .limit(let limit, _, _) = found.terms else {
      return false
    }
    let last = machine.standing(of: pair).lastTrade
    return trigger < last && last < limit
  }

  /// An exit that was sent again has arrived twice: the second one is ended.
  func dealWithTwin(_ name: String, of pair: Int) async {
    do throws(ExchangeError) {
      guard let found = try await exchange.order(name, .protective) else { return }
      await dealWithOrphan(found, of: pair)
    } catch {
      say(.trouble("\(pairs[pair].product.id): \(error)"))  // The next look at the books finds it.
    }
  }

  /// Looks for orders of ours that hold coins and should not be there, and ends them.
  func cancelOrphans(of pair: Int) async {
    let product = pairs[pair].product.id
    guard let working = try? await exchange.workingOrders(ofProducts: [product], .protective)
    else { return }
    for order in working { await dealWithOrphan(order, of: pair) }
  }

  /// Ends an order of this session that works at the exchange and that the engine does not know to work.
  ///
  /// What it has filled counts. Other people's orders are left alone.
  func dealWithOrphan(_ order: ExchangeOrder, of pair: Int) async {
    let standing = machine.standing(of: pair)
    guard let id = order.ownID, id.session == session, Int(id.pair) == pair else { return }
    // The Exchange may have two of one name.
    let isWanted = standing.entry?.order.id == id || standing.exit?.order.id == id
    guard !isWanted || sent[pair][id]?.exchangeID.map({ $0 != order.id }) ?? false else { return }
    // What it filled may be counted already, however long ago it was over.
    do { try recall(id) } catch { return say(.trouble("\(error)")) }
    do throws(ExchangeError) {
      // The list may be older than the order's end.
      guard let found = try await exchange.order(order.id, .protective) else { return }
      if found.status.isWorking {
        trouble(
          .orphan, "order \(order.id) of this session works and is not wanted; it is cancelled",
          pair)
      }
      let isDone = try await end(found, id, of: pair)
      // One that the engine has done with is looked for by its name from now on.
      if !isDone, !isWanted { sent[pair].doubt(id, since: clock) }
    } catch {
      say(.trouble("\(order.productID): \(error)"))
    }
  }

  /// Ends an order that should not be there, and counts what it filled; what was counted is not again.
  ///
  /// Only so often, since what is behind it in its lane may protect a position.
  ///
  /// - Returns: Whether that is done; where it is not, the next look at the books comes back to it.
  func end(
    _ order: ExchangeOrder, _ id: ClientOrderID, of pair: Int
  ) async throws(ExchangeError) -> Bool {
    var (order, backoff) = (order, Backoff.answer)
    for _ in 0..<Self.looksAtAnEnd where !isOver {
      if order.status.isWorking {
        _ = try await exchange.cancel(order.id, product: order.productID)
        // The Exchange forgets an order that ended without a fill.
        guard let now = try await exchange.order(order.id, .protective) else { return true }
        order = now
      }
      if !order.status.isWorking {
        guard order.filled > .zero else { return true }
        let fills = try await exchange.fills(ofOrder: order.id, .protective).compactMap {
          $0.fill(of: id)
        }
        // The list of fills may come a moment after the order's figures.
        if fills.reduce(Quantity.zero, { $0 + $1.quantity }) >= order.filled {
          guard let known = sent[pair][id] else {
            alarm(about: fills, of: order, pair)
            return true
          }
          let purchases = await purchases(beside: id, of: pair)
          if count(fills, of: id, behind: purchases, pair) {
            for fill in fills where !known.fills.contains(fill.id) {
              trouble(.missedFill, "\(fill.quantity) at \(fill.price) of order \(order.id)", pair)
            }
            return true
          }
        }
      }
      await pause(&backoff)
    }
    return false
  }

  /// An order of this session is not in its record, as with a copy of the database that is older.
  private func alarm(about fills: [Fill], of order: ExchangeOrder, _ pair: Int) {
    let quantity = fills.reduce(Quantity.zero) { $0 + $1.quantity }
    let words =
      "order \(order.id) is not in the record and has \(order.side == .buy ? "bought" : "sold") "
      + "\(quantity) \(pairs[pair].product.base). It is not counted: account and record differ by it. "
      + "See to it by hand"
    incident(.orphan, words, pair: pair)
    say(.alarm("\(pairs[pair].product.id): \(words)"))
  }

  /// With the pauses between them some ten seconds: a cancel takes up to five.
  private static var looksAtAnEnd: Int { 7 }
}
