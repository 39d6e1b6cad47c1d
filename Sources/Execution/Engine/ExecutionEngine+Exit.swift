public import Market
public import Strategy

/// The trailing exit and its rescue; SEMANTICS 5.
extension ExecutionEngine {
  /// A trade on the exchange; 5.4 and 5.6.
  @inlinable
  package mutating func trade(at price: Price, time: Timestamp, into outbox: inout Outbox) {
    lastTrade = price
    guard position.isOpen else { return }
    var needsCover = exitWaits
    exitWaits = false
    if position.plan.role == .stop, position.triggeredAt == nil {
      if price > position.trigger {
        if price > position.highest { position.highest = price }
        if position.highest >= position.ratchetLevel {
          ratchet(at: time, into: &outbox)
          needsCover = true
        }
      }
      if price <= position.trigger {
        stopTriggered(at: time, into: &outbox)
        needsCover = true
      }
    }
    if let since = position.lastRescue ?? position.triggeredAt, let exit = position.exit,
      time >= since + exit.rescue.after
    {
      rescue(from: price, time: time, into: &outbox)
      needsCover = true
    }
    if needsCover { cover(at: time, into: &outbox) }
  }

  /// Takes a candle's high for a price that was seen, where nobody told of the trade.
  ///
  /// The session was away, or the feed had a hole. It acts at the next trade, as a later fill does (5.3). Of a
  /// candle in which the position was opened the high may have been before.
  @inlinable
  mutating func catchUp(with candle: Candle) {
    guard candle.high > position.highest, candle.start >= position.entryTime,
      position.plan.role == .stop, position.triggeredAt == nil
    else { return }
    position.highest = candle.high
    findQuietPrices()
  }

  /// Raises the trigger to where the highest price puts it; 5.4.
  @inlinable
  mutating func ratchet(at time: Timestamp, into outbox: inout Outbox) {
    guard let rule = position.exit else { return }
    let product = settings.product
    let old = position.trigger
    let raised = product.atLeastOneTick(rule.trigger(highest: position.highest, of: product))
    guard raised > old else { return }  // I1: a rule may ask for a fall, the engine does not obey.
    setStop(trigger: raised, rule: rule)
    position.ratchets += 1
    outbox.notes.append(
      .ratchet(from: old, to: raised, highest: position.highest, time: time))
  }

  /// Plans a stop at `trigger`.
  @inlinable
  mutating func setStop(trigger: Price, rule: S.Exit) {
    let product = settings.product
    assert(!position.isOpen || trigger >= position.trigger, "I1: a trigger fell")
    position.trigger = trigger
    position.ratchetLevel = rule.ratchetLevel(trigger: trigger, of: product) ?? .greatest
    let limit = product.atLeastOneTick(rule.limit(trigger: trigger, of: product))
    plan(.stop, trigger: trigger, limit: limit)
  }

  @inlinable
  mutating func plan(
    _ role: OrderRole, trigger: Price?, limit: Price, isRescue: Bool = false
  ) {
    position.plan = ExitPlan(
      role: role, trigger: trigger, limit: limit, isRescue: isRescue,
      revision: position.plan.revision + 1)
  }

  /// The stop is known to be triggered: τ, and the end of the entry's rest; 5.5 and 5.6.
  @inlinable
  mutating func stopTriggered(at time: Timestamp, into outbox: inout Outbox) {
    position.triggeredAt = time
    cancelEntry(.stopTriggered, into: &outbox)
  }

  /// Replaces what did not sell by a limit sell below the last trade; 5.6.
  ///
  /// While an exit order is on its way the rescue waits for it: a stop that was just moved up is
  /// placed first, and may sell by itself. One that was refused is not on its way: what was too small at
  /// a price of long ago may be large enough at this one.
  @inlinable
  mutating func rescue(from price: Price, time: Timestamp, into outbox: inout Outbox) {
    guard let rule = position.exit else { return }
    if let order = exit,
      !order.state.isCancellable || exitRevision != position.plan.revision
    {
      position.deferredRescue = price
      return
    }
    position.deferredRescue = nil
    position.lastRescue = time
    let role = position.plan.role == .stop ? OrderRole.escalation : position.plan.role
    let limit = rule.rescue.price(after: price, of: settings.product)
    plan(role, trigger: nil, limit: limit, isRescue: true)
  }

  /// An operator sells everything at `price`; 5.10.
  @inlinable
  package mutating func forceExit(at price: Price, time: Timestamp, into outbox: inout Outbox) {
    cancelEntry(.forced, into: &outbox)
    guard position.isOpen else { return }
    let product = settings.product
    plan(.forced, trigger: nil, limit: product.atLeastOneTick(product.floorTick(price)))
    position.lastRescue = time
    position.deferredRescue = nil
    cover(at: time, into: &outbox)
  }

  /// Sells everything below the last trade, since the breaker has tripped; 8.5.
  @inlinable
  package mutating func liquidate(at time: Timestamp, into outbox: inout Outbox) {
    guard position.isOpen else { return }
    planLiquidation(at: time)
    cover(at: time, into: &outbox)
  }

  @inlinable
  mutating func planLiquidation(at time: Timestamp) {
    guard let rule = position.exit else { return }
    let limit = rule.rescue.price(after: lastTrade, of: settings.product)
    plan(.liquidation, trigger: nil, limit: limit, isRescue: true)
    position.lastRescue = time
    position.deferredRescue = nil
  }

  /// Brings the exit order there is in line with the one there should be; invariant I3.
  ///
  /// Cancel, confirmed, then submit: while an answer is on its way nothing is done, and the answer
  /// leads back here.
  @inlinable
  mutating func cover(at time: Timestamp, into outbox: inout Outbox) {
    if !exitWaits {
      if exit == nil {
        if position.isOpen { submitExit(at: time, into: &outbox) }
      } else if exitSettles, let reason = misfit, let id = exit?.order.id {
        exit?.requestCancel(reason)
        outbox.commands.append(.cancel(id, reason: reason))
      }
    }
    findQuietPrices()
  }

  @inlinable
  mutating func submitExit(at time: Timestamp, into outbox: inout Outbox) {
    let order = Order(
      id: nextOrderID(), side: .sell, limit: position.plan.limit, trigger: position.plan.trigger,
      quantity: position.quantity, submitted: time)
    let role = position.plan.role
    exit = ManagedOrder(order, role: role)
    exitRevision = position.plan.revision
    if role != .stop {
      position.lastRescue = time
      // What was wanted of the order before: this one has its own time to sell.
      position.deferredRescue = nil
    }
    if position.plan.isRescue { position.escalations += 1 }
    outbox.commands.append(.submit(order, role: role))
  }

  /// Why the exit order is not the one there should be; `nil` where it is, or where there is none.
  ///
  /// Always inlined: called, it would get a copy of the whole engine.
  @inlinable @inline(__always)
  var misfit: CancelReason? {
    guard let remaining = exit?.remaining else { return nil }
    if !position.isOpen { return .flat }
    if exitRevision != position.plan.revision { return position.plan.role.replaces }
    return remaining == position.quantity ? nil : .quantity
  }
}

extension OrderRole {
  /// Why an exit order gives way to one of this role.
  @usableFromInline var replaces: CancelReason {
    switch self {
    case .entry, .stop: .ratchet
    case .escalation: .escalation
    case .liquidation: .breaker
    case .forced: .forced
    }
  }
}
