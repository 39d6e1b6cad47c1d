import Execution
package import Market
import Persistence
package import Strategy

/// How a session begins and begins again, and what an operator may ask of it.
extension LiveSession {
  /// Whenever the feed has been connected, before its first trade: orders in doubt are driven to an
  /// answer, and the strategy is brought up to the exchange's present.
  ///
  /// - Parameter now: The exchange's time; `nil` where it has not told.
  /// - Throws: `ExchangeError` where the exchange cannot be asked.
  package func startupReconcile(at now: Timestamp?) async throws(ExchangeError) {
    handling += 1
    defer { handling -= 1 }
    await settleAll()
    // Until one has come to its end: what an attempt has not done is still to be done.
    let isFirst = !knowsBooks
    if counts.connections > 0 { incident(.reconnected, "connection \(counts.connections + 1)") }
    counts.connections += 1
    resumeHalts()
    for pair in pairs.indices {
      // What traded while nobody listened is not in it: the exchange's candle takes its place.
      builders[pair] = nil
      isFresh[pair] = true
    }
    let isNew = !hasBegun
    if isNew, let now { try await warmUp(before: now) }
    // The record begins with a state that is warm, or not yet.
    if !isNew || now != nil { keepState(isBeginning: isNew) }
    if let now { passed(now) }
    if isPaper {
      restoreBooks()
      knowsBooks = true
    }
    // What operators have left for this start comes before all that it sends and decides.
    await serveOperators()
    if !isPaper {
      try await checkClock()
      try await reconcileOrders(isFirst: isFirst)
    }
    knowsBooks = true
    // Before the candles that are not late: their decisions need not wait for a feed that is in order.
    // What it is told of by is the feed, where that was the reason.
    release(.restart)
    release(.feed)
    await goOnSelling(isFirst: isFirst)
    if !isNew, let now { await catchUp(to: now) }
    for pair in pairs.indices { owed[pair] = now.map { start(of: $0, pair) } }
    hearing = Hearing(since: now)
    isListening = true
  }

  /// Candles of the past, for the indicators alone: nothing is decided on them.
  private func warmUp(before now: Timestamp) async throws(ExchangeError) {
    guard settings.warmUp > 0 else { return }
    let starts = pairs.map { now.advanced(by: $0.interval, times: -settings.warmUp) }
    // All or none: where one cannot be had, the next attempt begins with all of them.
    var histories: [[Candle]] = []
    for history in await closedCandles(from: starts, to: now) {
      histories.append(try history.get())
    }
    for (pair, candles) in histories.enumerated() {
      for candle in candles { machine.warm(pair, with: candle) }
      // What the exchange did not have yet is asked for with the first close.
      if let last = candles.last { closed(pair, at: end(of: last, pair)) }
      say(
        .info(
          "\(pairs[pair].product.id): \(candles.count) candles of history"
            + (candles.last.map { ", the last of \($0.start)" } ?? "")))
    }
  }

  /// Asks for every order that the engine has not seen the end of; sends what was never sent.
  private func reconcileOrders(isFirst: Bool) async throws(ExchangeError) {
    let working = try await exchange.workingOrders(ofProducts: pairs.map(\.product.id))
    for pair in pairs.indices {
      guard lanes[pair].isIdle else {
        // Something is still on its way there, and must not be sent a second time beside it.
        add(.reconcile(working.filter { $0.productID == pairs[pair].product.id }), to: pair)
        continue
      }
      for order in [\PairStanding.entry, \.exit] {
        guard let managed = machine.standing(of: pair)[keyPath: order] else { continue }
        try await reconcile(managed, of: pair, sendsEntries: true)
      }
    }
    resumeDoubts(isFirst: isFirst)
    await settleAll()
    for pair in pairs.indices {
      let product = pairs[pair].product.id
      for id in sent[pair].inDoubt { await lookForLate(id, of: pair) }
      for order in working where order.productID == product {
        await dealWithOrphan(order, of: pair)
      }
    }
    await settleAll()
  }

  /// Orders that were given up in the last hour, at first in that of the process before, may have arrived
  /// since.
  private func resumeDoubts(isFirst: Bool) {
    let last = isFirst ? begun : clock
    let since = last.advanced(by: Self.longestDoubt, times: -1)
    for pair in pairs.indices {
      do {
        for row in try ordersGivenUp(of: pair, since: since) {
          sent[pair].resume(givenUp: row.order, at: row.done ?? row.order.submitted)
        }
      } catch {
        return fail(error)
      }
    }
  }

  /// Asks for an order that the engine has not seen the end of.
  ///
  /// - Parameters:
  ///   - managed: The order.
  ///   - pair: Whose.
  ///   - sendsEntries: Whether an entry that was never sent may be.
  /// - Throws: `ExchangeError` where the exchange cannot be asked.
  func reconcile(
    _ managed: ManagedOrder, of pair: Int, sendsEntries: Bool
  ) async throws(ExchangeError) {
    let id = managed.order.id
    let product = pairs[pair].product.id
    resume(managed, of: pair)
    let found: ExchangeOrder?
    if managed.state.isAnswered, let name = sent[pair][id]?.exchangeID {
      // Lists may be older than the order.
      found = try await exchange.order(name, .protective)
    } else {
      found = try await exchange.find(managed.order, product: product, .protective)
    }
    guard let found else { return missed(managed, of: pair, sendsEntries: sendsEntries) }
    name(id, found.id)
    if managed.state == .pending || managed.state == .unknown { report(id, .accepted) }
    // In the lane, since an answer about its fills may be long in coming, and the feed must not wait for it.
    add(
      .look(
        id, Lane.Sight(filled: found.filled, status: found.status, reason: found.reason)),
      to: pair)
    // What waits for a store that cannot be written is asked for when it can: the stop stays meanwhile.
    guard managed.state == .cancelPending, stall == nil else { return }
    let reason = managed.cancelReason ?? .flat
    if reason == .ratchet || reason == .quantity,
      let listed = try? await exchange.product(product), !listed.isTradable
    {
      say(.trouble("\(product): no orders are taken now; the stop that is there stays"))
      report(id, .cancelRefused)
    } else {
      add(.command(.cancel(id, reason: reason)), to: pair)
    }
  }

  /// The exchange has no order of that name.
  private func missed(_ managed: ManagedOrder, of pair: Int, sendsEntries: Bool) {
    let id = managed.order.id
    let standing = machine.standing(of: pair)
    guard !managed.state.isAnswered else {
      // That the exchange does not find one which it has taken says less of an entry than of its list.
      if managed.role == .entry, sent[pair][id]?.exchangeID == nil {
        giveUp(managed.order, of: pair)
      } else {
        report(id, .cancelled)
      }
      return
    }
    // It may be what waits for a store that cannot be written, and is sent when that can.
    guard stall == nil, !lanes[pair].isSending(id) else { return }
    guard
      [standing.entry, standing.exit].contains(where: {
        $0.map { $0.order.id == id && !$0.state.isAnswered } ?? false
      })
    else { return }
    // Recorded, and as it looks never sent: the process ended between the two.
    if managed.role == .entry,
      makesTwo || !sendsEntries || standing.isHalted || isUnwanted(id, of: pair)
    {
      giveUp(managed.order, of: pair)
    } else {
      // What it sells may have been bought a moment before the process ended.
      if managed.role != .entry { lanes[pair].lastPurchase = .now }
      say(.info("\(pairs[pair].product.id): order \(id) was recorded and not sent; it is sent now"))
      add(.command(.submit(managed.order, role: managed.role)), to: pair)
    }
  }

  /// What closed while nobody listened: the candles of all pairs in the order of their ends, as in a
  /// backtest (SEMANTICS 8.3), since all of them move one account.
  private func catchUp(to now: Timestamp) async {
    let answers = await closedCandles(from: pairs.indices.map(lastClose), to: now)
    // Of a pair whose candles cannot be had now the next close asks again; the market must not wait for it.
    let missed = answers.enumerated().map { pair, answer -> [Candle] in
      do throws(ExchangeError) { return try answer.get() } catch {
        say(.trouble("\(pairs[pair].product.id): \(error); it is asked again at the next close"))
        return []
      }
    }
    var late: [(pair: Int, candle: Candle)] = []
    var fresh: [(pair: Int, candle: Candle)] = []
    for (pair, missed) in missed.enumerated() {
      guard let last = missed.last else { continue }
      say(
        .info(
          "\(pairs[pair].product.id): \(missed.count) candles closed while the session was away"))
      late += missed.map { (pair, $0) }
      // The last one may have closed a moment ago: its decision is not late, only its session was.
      guard end(of: last, pair) + Self.freshness >= now else { continue }
      fresh.append(late.removeLast())
    }
    let order = { (one: (pair: Int, candle: Candle), other: (pair: Int, candle: Candle)) in
      (self.end(of: one.candle, one.pair), one.pair)
        < (self.end(of: other.candle, other.pair), other.pair)
    }
    await catchUp(late.sorted(by: order))
    for (pair, candle) in fresh.sorted(by: order) { await onCandle(candle, of: pair) }
  }

  private func end(of candle: Candle, _ pair: Int) -> Timestamp {
    candle.start + pairs[pair].interval
  }

  /// The candles of each pair that start at its time or later and are over by now, of all pairs at once.
  private func closedCandles(
    from starts: [Timestamp?], to now: Timestamp
  ) async -> [Result<[Candle], ExchangeError>] {
    let (exchange, pairs) = (exchange, pairs)
    let results = await withTaskGroup(of: (Int, Result<[Candle], ExchangeError>).self) { group in
      for (index, pair) in pairs.enumerated() {
        guard let start = starts[index], start < now else { continue }
        group.addTask {
          do throws(ExchangeError) {
            let candles = try await exchange.candles(
              of: pair.product.id, from: start, to: now, interval: pair.interval)
            // The last one may be in progress.
            return (index, .success(candles.filter { $0.start + pair.interval <= now }))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    return pairs.indices.map { results[$0] ?? .success([]) }
  }

  /// How long after a candle's end its decision may still be made.
  private static var freshness: TimeSpan { TimeSpan(seconds: 10) }

  /// Candles that closed while nobody was here: the indicators see them, entries are not made on them.
  ///
  /// - Parameter missed: In the order of their ends.
  func catchUp(_ missed: [(pair: Int, candle: Candle)]) async {
    guard !missed.isEmpty, stage == .trading else { return }
    let behind = Set(missed.map(\.pair)).sorted()
    for pair in behind { halt(pair, for: .past) }
    for (pair, candle) in missed {
      // Again, since an operator may have let entries go on: those of the present are meant.
      halt(pair, for: .past)
      await onCandle(candle, of: pair)
    }
    for pair in behind { resume(pair, from: .past) }
  }

  // MARK: - Verbs of an operator

  /// An entry that the strategy has not asked for: priced, sized and approved, or skipped, as its own.
  package func submitEntry(pair: Int, _ signal: EntrySignal) {
    deliver(.enter(signal, time: clock), to: pair)
  }

  /// The end of a pair's entry.
  package func cancel(pair: Int) {
    deliver(.cancelEntry(.requested, time: clock), to: pair)
  }

  /// An execution, however it became known; one that was counted changes nothing (I4).
  package func handleFill(_ fill: Fill) {
    passed(fill.time)
    report(fill.order, .filled(fill), at: fill.time)
  }

  /// Sells everything of a pair at a limit; SEMANTICS 5.10.
  package func forceExit(pair: Int, at price: Price) {
    deliver(.forceExit(price: price, time: clock), to: pair)
  }

  func cancel(_ entry: ManagedOrder?, of pair: Int) {
    guard entry != nil else { return }
    cancel(pair: pair)
  }
}
