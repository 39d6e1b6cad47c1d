import Execution
package import Market
import Matching
import Persistence

/// What the exchange tells without being asked: trades, the time, and what becomes of our orders.
extension LiveSession {
  /// Handles a message of the feed; the next one may be handed in when it has returned.
  ///
  /// - Returns: Whether the session can go on.
  @discardableResult
  package func take(_ message: FeedMessage) async -> Bool {
    guard failure == nil else { return false }
    handling += 1
    defer { handling -= 1 }
    for event in message.events {
      switch event {
      case .trades(let trades, isSnapshot: false):
        for trade in trades where stage != .leaving { await onTrade(trade) }
      case .heartbeat(let beat):
        notice(beat)
        if stage != .leaving, let time = message.time { await onTime(time) }
      case .orders(let orders, _):
        if let time = message.time { passed(time) }
        for order in orders { take(order) }
      case .news(let news):
        if let time = message.time { passed(time) }
        take(news)
      case .candles(let candles, _): for candle in candles { check(candle) }
      case .subscribed(let channels): notice(channels)
      // What traded before the subscription is not ours to act on; a refusal has ended the connection.
      case .trades(_, isSnapshot: true), .refused, .ticker, .other: break
      }
    }
    return failure == nil
  }

  // MARK: - Orders

  private func take(_ order: FeedOrder) {
    guard let id = order.ownID, id.session == session, sent.indices.contains(Int(id.pair)) else {
      return
    }
    let pair = Int(id.pair)
    guard let known = sent[pair][id] else { return }
    if known.isInDoubt { return add(.look(id, Lane.Sight()), to: pair) }
    guard !known.isOver else { return }
    if known.exchangeID == nil { name(id, order.id) }
    guard order.filled > known.filled || !order.status.isWorking else { return }
    add(
      .look(
        id, Lane.Sight(filled: order.filled, status: order.status, reason: order.reason)),
      to: pair)
  }

  private func take(_ news: FeedOrderNews) {
    if case .received(let text) = news.step, let id = ClientOrderID(text: text),
      id.session == session, sent.indices.contains(Int(id.pair))
    {
      let known = sent[Int(id.pair)][id]
      if known?.isInDoubt == true { return add(.look(id, Lane.Sight()), to: Int(id.pair)) }
      if let name = known?.exchangeID, name != news.orderID {
        return add(.twin(news.orderID), to: Int(id.pair))
      }
      name(id, news.orderID)
    }
    switch news.step {
    case .match, .done: break
    case .received, .open, .stopPlaced, .changed: return
    }
    for pair in sent.indices {
      guard let id = sent[pair].id(ofExchange: news.orderID) else { continue }
      return add(.look(id, Lane.Sight()), to: pair)
    }
    // Nobody's, or of one whose name is still on its way to us: a stop of the Exchange is told of by its
    // name alone.
    ends.append(news.orderID)
    if ends.count > 64 { ends.removeFirst() }
  }

  // MARK: - Trades

  /// A trade of one of the pairs' products.
  ///
  /// The engine counts time in microseconds, rounded up: an exchange's clock has no more digits, and a
  /// local one puts the last trade of a candle, which SEMANTICS 6.1 has at the candle's very end, a
  /// nanosecond before it.
  package func onTrade(_ trade: FeedTrade) async {
    guard let pair = pairs.firstIndex(where: { $0.product.id == trade.productID }) else { return }
    var builder =
      builders[pair] ?? CandleBuilder(interval: pairs[pair].interval, began: trade.time)
    let before = builder.counts
    let closed = builder.add(
      id: trade.id, price: trade.price, size: trade.size, time: trade.time)
    builders[pair] = builder
    // What came before, or is no trade, is none to act on either: the Exchange tells of our own trades
    // a second time, on its channel `user`.
    guard builder.counts.repeated == before.repeated, builder.counts.invalid == before.invalid
    else {
      return
    }
    counts.trades += 1
    owesTrades.remove(pair)
    if let closed { await onClose(closed, of: pair) }
    let time = Timestamp(nanoseconds: (trade.time.nanoseconds + 999) / 1000 * 1000)
    passed(time)
    // Across a gap an entry may be over before the market opens; SEMANTICS 4.5.
    if machine.standing(of: pair).deadline <= start(of: trade.time, pair) {
      deliver(.clock(start(of: trade.time, pair)), to: pair)
      await settle(pair)
    }
    if isPaper {
      // One that is late for its candle moves no price, so the engine must not act on it either.
      guard move(pair, to: trade, at: time, inCandleFrom: start(of: trade.time, pair)) else {
        return
      }
    }
    // One that was told late: for the engine, time does not go back.
    deliver(.trade(price: trade.price, time: clock), to: pair)
  }

  /// When the candle of a moment began.
  func start(of time: Timestamp, _ pair: Int) -> Timestamp {
    let interval = pairs[pair].interval.nanoseconds
    return Timestamp(nanoseconds: time.nanoseconds / interval * interval)
  }

  // MARK: - Time

  /// The exchange says what time it is: candles whose end has passed are closed, in the order of the
  /// pairs, and what was to end by then ends.
  package func onTime(_ time: Timestamp) async {
    passed(time)
    let due = time.advanced(by: settings.candleGrace, times: -1)
    if isPaper {
      // Before any pair's close: what a breaker sells there waits for the next jump (SEMANTICS 8.5).
      for pair in pairs.indices where builders[pair]?.deadline.map({ $0 <= due }) ?? false {
        markets[pair].endCandle()
      }
    }
    for pair in pairs.indices { closeOwed(pair, by: due) }
    while let pair = nextToClose(by: due) {
      guard let deadline = builders[pair]?.deadline,
        let closed = builders[pair]?.advance(to: deadline)
      else { break }
      await onClose(closed, of: pair)
    }
    for pair in pairs.indices {
      _ = builders[pair]?.advance(to: due)
      guard machine.standing(of: pair).deadline <= due else { continue }
      deliver(.clock(due), to: pair)
      await settle(pair)
    }
    await serveOperators()
    keepState()
  }

  /// The pair whose candle ends first, by then; the first registered of several.
  private func nextToClose(by time: Timestamp) -> Int? {
    var first: (pair: Int, deadline: Timestamp)?
    for pair in pairs.indices {
      guard let deadline = builders[pair]?.deadline, deadline <= time else { continue }
      if first.map({ deadline < $0.deadline }) ?? true { first = (pair, deadline) }
    }
    return first?.pair
  }

  // MARK: - Candles

  private func onClose(_ closed: CandleBuilder.Result, of pair: Int) async {
    let isFresh = isFresh[pair]
    self.isFresh[pair] = false
    if isPaper { markets[pair].endCandle() }
    let mayLack = mayLack(closed, isFresh, of: pair)
    guard mayLack || !lateCloses.isEmpty else {
      await finish(closed.candle, of: pair)
      return
    }
    closeInTurn(pair, closed.candle.start, own: closed.candle, asking: mayLack)
  }

  /// Whether there were trades, of this candle or of some before it, that only the exchange knows.
  ///
  /// - Parameters:
  ///   - closed: The candle.
  ///   - isFresh: Whether it is the pair's first one after a connection was made.
  ///   - pair: The pair.
  /// - Returns: Whether the exchange is to be asked.
  private func mayLack(
    _ closed: CandleBuilder.Result, _ isFresh: Bool, of pair: Int
  ) -> Bool {
    !closed.isWhole || isFresh && lastClose(of: pair).map { $0 < closed.candle.start } ?? false
  }

  /// Closes the candle in which the feed was connected where no trade of it has come since: the exchange
  /// knows whether there were any before.
  private func closeOwed(_ pair: Int, by due: Timestamp) {
    guard let start = owed[pair], start + pairs[pair].interval <= due else { return }
    owed[pair] = nil
    let isBuilt = builders[pair]?.deadline.map { $0 <= start + pairs[pair].interval } ?? false
    guard !isBuilt, lastClose(of: pair).map({ $0 <= start }) ?? true else { return }
    if isPaper { markets[pair].endCandle() }
    closeInTurn(pair, start, own: nil, asking: true)
  }

  /// Closes a candle behind those that wait for the exchange, of whichever pair they are: which of two
  /// pairs gets the last cash must not depend on whose question is answered first (SEMANTICS 8.3).
  ///
  /// The feed does not wait for that, and all questions are asked at once.
  ///
  /// - Parameters:
  ///   - pair: The pair.
  ///   - start: The candle's start.
  ///   - own: The candle as the feed told it; `nil` where it told of no trade.
  ///   - asking: Whether the exchange is asked for it, and for those before it that we have not seen.
  private func closeInTurn(_ pair: Int, _ start: Timestamp, own: Candle?, asking: Bool) {
    let first = min(lastClose(of: pair) ?? start, start)
    let answer = Task {
      guard asking else { return [Candle]() }
      return await candlesOfExchange(from: first, to: start, of: pair, isSure: own != nil) ?? []
    }
    let before = lateCloses.last
    let task = Task {
      await before?.value
      let found = await withTaskCancellationHandler {
        await answer.value
      } onCancel: {
        answer.cancel()
      }
      // What has closed meanwhile is not news.
      let last = lastClose(of: pair) ?? first
      let missed = found.filter { last <= $0.start && $0.start < start }
      await catchUp(missed.map { (pair, $0) })
      if let candle = found.last(where: { $0.start == start }) ?? own {
        await finish(candle, of: pair)
      }
      lateCloses.removeFirst()
    }
    lateCloses.append(task)
  }

  private func finish(_ candle: Candle, of pair: Int) async {
    // One that the exchange has told of already, behind a connection that was made anew.
    guard lastClose(of: pair).map({ $0 <= candle.start }) ?? true else { return }
    await onCandle(candle, of: pair)
    unchecked[pair] = candle
  }

  /// A candle is complete: expiry, then indicators and decision; SEMANTICS 4.5 and 8.3.
  ///
  /// What the expiry sends is answered first, since the decision depends on it, and so do those of the
  /// pairs behind. When the session ends, no candle closes any more: the next one has it from the exchange.
  package func onCandle(_ candle: Candle, of pair: Int) async {
    guard stage == .trading else { return }
    let time = candle.start + pairs[pair].interval
    passed(time)
    counts.candles += 1
    if machine.standing(of: pair).deadline <= time {
      await settle(pair)
      deliver(.clock(time), to: pair)
    }
    await settle(pair)
    guard stage == .trading else { return }
    let wasTripped = machine.portfolio.isTripped
    deliver(.candleClosed(candle), to: pair)
    closed(pair, at: time)
    await settle(pair)
    if machine.portfolio.isTripped, !wasTripped { await liquidate(after: pair) }
  }

  /// Cancels every entry, sells every position, and lets the pair that tripped the breaker decide;
  /// SEMANTICS 8.5.
  private func liquidate(after pair: Int) async {
    guard let time = machine.portfolio.trip?.time else { return }
    for index in pairs.indices {
      deliver(.cancelEntry(.breaker, time: time), to: index)
      await settle(index)
    }
    for index in pairs.indices {
      deliver(.liquidate(time: time), to: index)
      await settle(index)
    }
    deliver(.decide(time: time), to: pair)
    await settle(pair)
  }

  /// Finishes what the breaker has begun: the process that saw it trip may have been killed before every
  /// pair had heard of it, and no candle comes back to that.
  ///
  /// - Parameter isFirst: Whether the close that tripped it may be without its decision: not in the
  ///   process that made it.
  func goOnSelling(isFirst: Bool) async {
    guard let trip = machine.portfolio.trip else { return }
    do {
      let tripping = try isFirst ? undecided(since: trip.time) : nil
      await goOnSelling(deciding: tripping)
    } catch {
      fail(error)
    }
  }

  /// Cancels and sells what the breaker has not yet.
  ///
  /// - Parameter tripping: The pair whose close has tripped it, where that is without its decision.
  func goOnSelling(deciding tripping: Int?) async {
    for pair in pairs.indices {
      guard let entry = machine.standing(of: pair).entry, entry.state != .cancelPending else {
        continue
      }
      deliver(.cancelEntry(.breaker, time: clock), to: pair)
      await settle(pair)
    }
    for pair in pairs.indices {
      let standing = machine.standing(of: pair)
      guard standing.held > .zero, ![.liquidation, .forced].contains(standing.exitRole) else {
        continue
      }
      deliver(.liquidate(time: clock), to: pair)
      await settle(pair)
    }
    if let tripping { deliver(.decide(time: clock), to: tripping) }
  }

  /// The exchange's candles where ours lack trades: of the bucket in which the feed began, or with a hole
  /// in it.
  ///
  /// - Parameters:
  ///   - first: The start of the first one.
  ///   - last: The start of the last one.
  ///   - pair: The pair.
  ///   - isSure: Whether the last one is known to have had trades.
  /// - Returns: Those that there are; `nil` where the exchange does not say.
  private func candlesOfExchange(
    from first: Timestamp, to last: Timestamp, of pair: Int, isSure: Bool = true
  ) async -> [Candle]? {
    let (product, interval) = (pairs[pair].product.id, pairs[pair].interval)
    guard exchange.hasCandles(of: interval) else { return nil }
    var candles: [Candle]?
    for attempt in 0..<3 {
      if attempt > 0 { try? await Task.sleep(for: settings.scaled(.seconds(1))) }
      do throws(ExchangeError) {
        let found = try await exchange.candles(
          of: product, from: first, to: last + interval, interval: interval)
        if found.last?.start == last || !isSure { return found }
        candles = found
      } catch {
        say(.trouble("\(product): \(error)"))
      }
    }
    say(
      .trouble(
        "\(product): trades of the candle of \(last) are missing, and the exchange has none; ours "
          + "is used as it is"))
    return candles
  }

  /// Compares our last candle with the exchange's, once that is final: when a later one has begun.
  private func check(_ candle: FeedCandle) {
    guard let pair = pairs.firstIndex(where: { $0.product.id == candle.productID }) else { return }
    exchangeCandles[pair].removeAll { $0.start == candle.candle.start }
    exchangeCandles[pair].append(candle.candle)
    if exchangeCandles[pair].count > 4 { exchangeCandles[pair].removeFirst() }
    noticeLostCandle(of: pair)
    guard let own = unchecked[pair], candle.candle.start > own.start,
      let other = exchangeCandles[pair].first(where: { $0.start == own.start })
    else { return }
    unchecked[pair] = nil
    counts.checked += 1
    let comparison = CandleComparison(own: own, exchange: other)
    guard !comparison.differences.isEmpty else {
      release(.candles, pair: pair)
      return
    }
    counts.different += 1
    trouble(.candleDiffers, "\(comparison)", pair)
    hold(.candles, "a candle is not the exchange's; entries go on behind one that is", pair: pair)
  }
}
