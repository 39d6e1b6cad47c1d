public import Market
public import Strategy

/// What the exchange says about orders.
extension ExecutionEngine {
  @inlinable
  package mutating func take(
    _ report: OrderReport, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    if entry?.order.id == report.order {
      takeForEntry(report, portfolio: &portfolio, into: &outbox)
    } else if exit?.order.id == report.order {
      takeForExit(report, portfolio: &portfolio, into: &outbox)
    } else if let order = recent.order(report.order) {
      takeLate(report, for: order, portfolio: &portfolio, into: &outbox)
    } else {
      outbox.notes.append(.anomaly(.unknownOrder(report)))
    }
    cover(at: report.time, into: &outbox)
  }

  @inlinable
  mutating func takeForEntry(
    _ report: OrderReport, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    guard var order = entry.take() else { return }
    let before = order.remaining
    count(report, on: &order, portfolio: &portfolio, into: &outbox)
    if order.state.isAnswered { portfolio.answer(pair) }
    // What was set aside for it: the part that is filled now, all of it where it is over.
    let freed = order.state.isFinal ? before : before - order.remaining
    portfolio.release(
      freed, at: order.order.limit, takerRate: settings.takerRate, for: pair)
    if order.state.isFinal {
      finish(order, at: report.time, into: &outbox)
      entryDeadline = .never
      entryCancel = nil
    } else {
      entry = order
      if case .cancelRefused = report.news {
        // Asked again at the next clock, for the reason that is kept: at once would be a loop with the
        // exchange.
        if entryCancel != nil { entryDeadline = report.time }
      } else if let reason = entryCancel {
        cancelEntry(reason, into: &outbox)
      }
    }
  }

  @inlinable
  mutating func takeForExit(
    _ report: OrderReport, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    guard var order = exit.take() else { return }
    var isPlanned = isSalePlanned
    var mayGoAtOnce = order.state.isAnswered
    if case .rejected(.tooSmall) = report.news { mayGoAtOnce = false }
    count(report, on: &order, portfolio: &portfolio, into: &outbox)
    exitWaits = false
    if order.state.isFinal {
      finish(order, at: report.time, into: &outbox)
      if case .rejected(let why) = report.news, order.state == .rejected, why != .tooSmall,
        let price = position.deferredRescue
      {
        rescue(from: price, time: report.time, into: &outbox)
        isPlanned = true
      }
      // What is wanted in its place was not refused, and need not wait for a trade. Nor was one that the
      // exchange took and failed afterwards: whoever sends the next one lets a while pass. What is too small
      // waits for more, 5.9.
      exitWaits = order.state == .rejected && !isPlanned && !mayGoAtOnce
      return
    }
    exit = order
    switch report.news {
    case .cancelRefused:
      // Asked again at the next trade: at once would be a loop with the exchange.
      exitWaits = true
    case .accepted:
      if let price = position.deferredRescue {
        rescue(from: price, time: report.time, into: &outbox)
      }
    case .rejected, .filled, .cancelled, .expired, .unanswered: break
    }
  }

  /// A report about an order that was over: a fill that the cancel overtook counts.
  @inlinable
  mutating func takeLate(
    _ report: OrderReport, for order: ManagedOrder, portfolio: inout Portfolio,
    into outbox: inout Outbox
  ) {
    var order = order
    let before = order.remaining
    count(report, on: &order, portfolio: &portfolio, into: &outbox)
    recent.update(order)
    if order.remaining != before {
      note(order, at: report.time, into: &outbox)
    }
  }

  @inlinable
  mutating func count(
    _ report: OrderReport, on order: inout ManagedOrder, portfolio: inout Portfolio,
    into outbox: inout Outbox
  ) {
    if case .filled(let fill) = report.news {
      let limit = fill.side == .sell ? position.quantity : order.remaining
      if recent.hasCounted(fill) {
        outbox.notes.append(.anomaly(.repeatedFill(fill)))
        return
      }
      if let anomaly = order.count(fill, report, atMost: limit) {
        outbox.notes.append(.anomaly(anomaly))
        return
      }
      recent.count(fill)
      if order.role == .entry {
        bought(fill, of: order, portfolio: &portfolio, into: &outbox)
      } else {
        sold(fill, by: order.role, portfolio: &portfolio, into: &outbox)
      }
    } else if let input = order.input(of: report.news) {
      do throws(OrderTransitionError) {
        try order.move(input)
      } catch {
        outbox.notes.append(.anomaly(.transition(error, report)))
      }
    }
  }

  /// Keeps an order that is over for late reports.
  @inlinable
  mutating func finish(_ order: ManagedOrder, at time: Timestamp, into outbox: inout Outbox) {
    note(order, at: time, into: &outbox)
    recent.keep(order)
  }

  @inlinable
  func note(_ order: ManagedOrder, at time: Timestamp, into outbox: inout Outbox) {
    outbox.notes.append(
      .orderDone(order.order.id, order.state, because: order.cancelReason, time: time))
  }

  /// A fill of an entry opens the position or adds to it; 5.2 and 5.3.
  @inlinable
  mutating func bought(
    _ fill: Fill, of order: ManagedOrder, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    portfolio.apply(fill, of: pair)
    if position.isOpen {
      position.highest = max(position.highest, fill.price)
    } else {
      let revision = position.plan.revision
      let rule = strategy.exit
      position = Position()
      position.exit = rule
      position.plan.revision = revision
      position.highest = fill.price
      position.entryTime = fill.time
      position.entryOrder = order.order.id.number
      let product = settings.product
      setStop(
        trigger: product.atLeastOneTick(rule.trigger(highest: fill.price, of: product)), rule: rule)
      // The fill overtook the breaker's cancel of its entry: 8.5 sells it too.
      if portfolio.isTripped { planLiquidation(at: fill.time) }
    }
    // What was refused as too small may be enough now; 5.9.
    exitWaits = false
    position.quantity += fill.quantity
    position.bought += fill.quantity
    position.entryNotional += fill.notional
    position.fees += fill.fee
    outbox.notes.append(
      .fill(fill, candle: candleIndex, position: position.quantity))
  }

  /// A fill of an exit takes from the position and may close it; 5.7.
  @inlinable
  mutating func sold(
    _ fill: Fill, by role: OrderRole, portfolio: inout Portfolio, into outbox: inout Outbox
  ) {
    portfolio.apply(fill, of: pair)
    position.quantity -= fill.quantity
    position.exitNotional += fill.notional
    position.fees += fill.fee
    lastExitCandle = candleIndex
    outbox.notes.append(
      .fill(fill, candle: candleIndex, position: position.quantity))
    if role == .stop, position.triggeredAt == nil { stopTriggered(at: fill.time, into: &outbox) }
    guard !position.isOpen, let reason = role.exitReason else { return }
    outbox.notes.append(.trade(closedTrade(at: fill.time, reason)))
    let revision = position.plan.revision
    position = Position()
    position.plan.revision = revision
  }

  @inlinable
  func closedTrade(at time: Timestamp, _ reason: ExitReason) -> ClosedTrade {
    ClosedTrade(
      entryTime: position.entryTime, exitTime: time, entryOrder: position.entryOrder,
      quantity: position.bought, entryNotional: position.entryNotional,
      exitNotional: position.exitNotional, fees: position.fees, exitReason: reason,
      highest: position.highest, ratchets: position.ratchets, escalations: position.escalations)
  }
}
