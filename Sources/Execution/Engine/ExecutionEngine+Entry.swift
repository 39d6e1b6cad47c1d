public import Market
public import Strategy

/// From a candle's close to an entry order; SEMANTICS 4.
extension ExecutionEngine {
  @inlinable
  package mutating func candleClosed(
    _ candle: Candle, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    lastTrade = candle.close
    if position.isOpen { catchUp(with: candle) }
    portfolio.revalue(pair, at: candle.close)
    let signal = strategy.candleClosed(candle)
    let time = candle.start + settings.interval
    if portfolio.limits.watchesEquity {
      let finding = portfolio.look(day: candle.start.day, time: time)
      if finding.isDayLost { outbox.notes.append(.dayLost(time: time)) }
      if let trip = finding.trip {
        // Everything is sold first, by whoever has all pairs; then comes `decide`.
        outbox.notes.append(.tripped(trip))
        heldSignal = signal
        return
      }
    }
    if let signal {
      if mustWait(portfolio) {
        heldSignal = signal
        return
      }
      decide(on: signal, time: time, portfolio: &portfolio, into: &outbox)
    }
    candleIndex += 1
  }

  /// Whether a decision must wait for the pair's turn: the account is not where the pair is, and
  /// nothing that the pair knows of itself forbids the entry.
  @inlinable @inline(__always)
  func mustWait(_ portfolio: borrowing Portfolio) -> Bool {
    portfolio.isBehind && obstacle == nil
  }

  /// Ends a close event whose decision waited.
  @inlinable
  mutating func decideOnHeld(
    time: Timestamp, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    if let signal = heldSignal.take() {
      decide(on: signal, time: time, portfolio: &portfolio, into: &outbox)
    }
    candleIndex += 1
  }

  /// Submits an entry or counts why not.
  @inlinable
  mutating func decide(
    on signal: EntrySignal, time: Timestamp, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    let limit: Price
    var quantity: Quantity
    do {
      (limit, quantity) = try terms(of: signal, account: portfolio.account)
    } catch {
      outbox.notes.append(.signal(time: time, .skipped(error)))
      return
    }
    switch portfolio.approve(quantity, at: limit, for: pair, of: settings.product) {
    case .approved(let allowed, let isCut):
      if isCut { outbox.notes.append(.sizeCut(from: quantity, to: allowed, time: time)) }
      quantity = allowed
    case .tooSmall:
      outbox.notes.append(.sizeCut(from: quantity, to: .zero, time: time))
      outbox.notes.append(.signal(time: time, .skipped(.size)))
      return
    case .refused(let refusal, let isCut):
      if isCut { outbox.notes.append(.sizeCut(from: quantity, to: .zero, time: time)) }
      outbox.notes.append(.refused(refusal, time: time))
      outbox.notes.append(.signal(time: time, .skipped(.risk)))
      return
    }
    let order = Order(
      id: nextOrderID(), side: .buy, limit: limit, quantity: quantity,
      isPostOnly: signal.isPostOnly, submitted: time)
    portfolio.reserve(quantity, at: limit, takerRate: settings.takerRate, for: pair)
    assert(
      portfolio.account.available >= WideMoney(.zero),
      "I7: an entry must not need more than there is")
    entry = ManagedOrder(order, role: .entry)
    entryCancel = nil
    entryDeadline = time.advanced(by: settings.interval, times: signal.timeToLive)
    outbox.commands.append(.submit(order, role: .entry))
    outbox.notes.append(.signal(time: time, .entry(order.id.number)))
  }

  /// Price and quantity of the entry, or the first cause that forbids it; 4.3 and 4.4.
  ///
  /// Always inlined: called, it would get a copy of the whole engine.
  @inlinable @inline(__always)
  func terms(
    of signal: EntrySignal, account: Account
  ) throws(SkipCause) -> (limit: Price, quantity: Quantity) {
    if let obstacle { throw obstacle }
    // 1.3: no price of 0, neither the entry's nor that of the stop that would follow.
    let product = settings.product
    let limit = product.floorTick(signal.reference, times: signal.offset.complement)
    let trigger = strategy.exit.trigger(highest: limit, of: product)
    let stopLimit = strategy.exit.limit(trigger: trigger, of: product)
    guard limit > .zero, trigger > .zero, stopLimit > .zero else { throw .size }
    let quantity = entryQuantity(at: limit, account: account)
    guard product.allowsEntry(quantity, at: limit) else { throw .size }
    if isHalted { throw .risk }
    return (limit, quantity)
  }

  /// What forbids an entry whatever the account says; the first causes of 4.3.
  @inlinable @inline(__always)
  var obstacle: SkipCause? {
    if position.isOpen { return .position }
    if entry != nil || exit != nil { return .workingOrder }
    if let last = lastExitCandle, candleIndex - last < strategy.cooldown { return .cooldown }
    return nil
  }

  /// floorLot(budget / (price × (1 + taker rate))), with the budget at most the cash available; 4.4.
  @inlinable @inline(__always)
  func entryQuantity(at limit: Price, account: Account) -> Quantity {
    let budget = min(
      WideMoney(account.equity, times: settings.positionSize), account.available)
    guard let quantity = budget.quantity(at: limit, plus: settings.takerRate) else { return .zero }
    return settings.product.floorLot(quantity)
  }

  /// Ends what was to end by now; 4.5.
  @inlinable
  package mutating func clock(_ time: Timestamp, into outbox: inout Outbox) {
    guard time >= entryDeadline else { return }
    entryDeadline = .never
    cancelEntry(.expiry, into: &outbox)
  }

  /// Asks for the entry's end, now or as soon as the exchange is known to have it.
  @inlinable
  mutating func cancelEntry(_ reason: CancelReason, into outbox: inout Outbox) {
    guard let order = entry, order.state != .cancelPending else { return }
    entryCancel = entryCancel ?? reason
    guard order.state.isCancellable, let reason = entryCancel else { return }
    entry?.requestCancel(reason)
    outbox.commands.append(.cancel(order.order.id, reason: reason))
  }

  /// The id of the next order: numbers go up by one in the sequence of submission.
  @inlinable
  mutating func nextOrderID() -> ClientOrderID {
    lastNumber += 1
    return ClientOrderID(session: settings.session, pair: settings.pair, number: lastNumber)
  }
}
