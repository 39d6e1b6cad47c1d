public import Market
public import Strategy

/// From a candle's close to an entry order; SEMANTICS 4.
extension ExecutionEngine {
  @inlinable
  package mutating func candleClosed(
    _ candle: Candle, account: inout Account, into outbox: inout Outbox
  ) {
    if position.isOpen {
      account.revalue(position.quantity, from: latestClose, to: candle.close)
    }
    latestClose = candle.close
    lastTrade = candle.close
    if let signal = strategy.candleClosed(candle) {
      decide(on: signal, time: candle.start + settings.interval, account: &account, into: &outbox)
    }
    candleIndex += 1
  }

  /// Submits an entry or counts why not.
  @inlinable
  mutating func decide(
    on signal: EntrySignal, time: Timestamp, account: inout Account, into outbox: inout Outbox
  ) {
    let limit: Price
    let quantity: Quantity
    do {
      (limit, quantity) = try terms(of: signal, account: account)
    } catch {
      outbox.notes.append(.signal(time: time, .skipped(error)))
      return
    }
    let order = Order(
      id: nextOrderID(), side: .buy, limit: limit, quantity: quantity,
      isPostOnly: signal.isPostOnly, submitted: time)
    account.reserve(quantity, at: limit, takerRate: settings.takerRate)
    assert(account.available >= WideMoney(.zero), "I7: an entry must not need more than there is")
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
    if position.isOpen { throw .position }
    if entry != nil || exit != nil { throw .workingOrder }
    if let last = lastExitCandle, candleIndex - last < strategy.cooldown { throw .cooldown }
    // 1.3: no price of 0, neither the entry's nor that of the stop that would follow.
    let product = settings.product
    let limit = product.floorTick(signal.reference, times: signal.offset.complement)
    let trigger = strategy.exit.trigger(highest: limit, of: product)
    let stopLimit = strategy.exit.limit(trigger: trigger, of: product)
    guard limit > .zero, trigger > .zero, stopLimit > .zero else { throw .size }
    let quantity = entryQuantity(at: limit, account: account)
    guard quantity > .zero, quantity >= product.baseMinSize,
      limit * quantity >= product.quoteMinSize
    else { throw .size }
    if isHalted { throw .risk }
    return (limit, quantity)
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
