import Market
import Matching
import Strategy
import TestKit
import Testing

@testable import Execution

/// The portfolio told again, slowly, from nothing but the log.
///
/// Sums instead of running totals, and SEMANTICS 4.3, 4.4 and 8.2 to 8.6 from their words. It expects
/// what must come of each signal, each look at equity, and the sequence of 8.3.
struct PortfolioOracle {
  private struct Working {
    var order: Order
    var role: OrderRole
    var filled: Quantity
  }

  private struct PairState {
    var close = Price.zero
    var closes = 0
    var quantity = Quantity.zero
    var lastExit: Int?
    var working: [UInt64: Working] = [:]
    /// Points that were played, four of each candle.
    var points = 0
  }

  let world: PortfolioWorld
  let seed: UInt64
  private var states: [PairState]
  /// Σ of all cash flows, and the cash that the account began with.
  private(set) var cash = PortfolioWorld.cash
  private(set) var trip: BreakerTrip?
  private var day: Int64?
  private var firstEquity = Money.zero
  private var isDayLost = false
  /// Time and pair of the last close.
  private var last = (Int64.min, 0)
  /// Equity after all close events of a time.
  private(set) var curve: [(time: Timestamp, equity: Money)] = []

  init(_ world: PortfolioWorld, seed: UInt64) {
    self.world = world
    self.seed = seed
    states = world.pairs.map { _ in PairState() }
  }

  var equity: Money {
    states.reduce(cash) { $0 + $1.close * $1.quantity }
  }
  var quantities: [Quantity] { states.map(\.quantity) }

  // MARK: - Events

  mutating func take(_ entry: SharedLog.Entry) {
    let pair = entry.pair
    var decision: Timestamp?
    switch entry.event {
    case .trade:
      states[pair].points += 1
    case .candleClosed(let candle):
      let time = candle.start + PortfolioWorld.interval
      checkSequence(time, pair)
      states[pair].close = candle.close
      let news = look(candle.start.day, time)
      #expect(entry.outbox.notes.contains(.dayLost(time: time)) == news.dayLost, recipe)
      let trips = entry.outbox.notes.compactMap { note in
        if case .tripped(let trip) = note { trip } else { nil }
      }
      #expect(trips == (news.trip.map { [$0] } ?? []), recipe)
      // Where the breaker trips everything is sold before `decide` comes.
      if news.trip == nil { decision = time }
    case .decide(let time):
      decision = time
    case .report(let report):
      take(report, of: pair)
    case .clock, .cancelEntry, .enter, .liquidate, .forceExit, .halt, .resume: break
    }
    if let decision {
      let isSignal = world.pairs[pair].strategy.signals.contains(states[pair].closes)
      expect(isSignal ? self.decision(of: pair) : nil, in: entry.outbox, at: decision)
      states[pair].closes += 1
      if curve.last?.time == decision { curve.removeLast() }
      curve.append((decision, equity))
    }
    for case .submit(let order, let role) in entry.outbox.commands {
      states[pair].working[order.id.number] = Working(order: order, role: role, filled: .zero)
      if role == .entry { checkLimits(of: order, pair) }
    }
  }

  /// SEMANTICS 8.3: closes go by time and pair by pair.
  ///
  /// Before those of a time, every point up to it was played, and none behind it.
  private mutating func checkSequence(_ time: Timestamp, _ pair: Int) {
    let now = (time.nanoseconds, pair)
    #expect(last < now, "8.3: \(recipe)")
    last = now
    for (state, pair) in zip(states, world.pairs) {
      let candles = pair.candles.count { $0.start < time }
      #expect(state.points == 4 * candles, "8.3: \(recipe)")
    }
  }

  private mutating func take(_ report: OrderReport, of pair: Int) {
    let number = report.order.number
    switch report.news {
    case .accepted, .cancelRefused, .unanswered: break
    case .cancelled, .expired, .rejected: states[pair].working[number] = nil
    case .filled(let fill):
      guard var order = states[pair].working[number] else {
        Issue.record("a fill of an order that does not work, seed \(seed)")
        return
      }
      order.filled += fill.quantity
      states[pair].working[number] = order.filled == order.order.quantity ? nil : order
      switch fill.side {
      case .buy:
        cash -= fill.price * fill.quantity + fill.fee
        states[pair].quantity += fill.quantity
      case .sell:
        cash += fill.price * fill.quantity - fill.fee
        states[pair].quantity -= fill.quantity
        states[pair].lastExit = states[pair].closes
      }
    }
  }

  private mutating func look(_ today: Int64, _ time: Timestamp) -> (
    trip: BreakerTrip?, dayLost: Bool
  ) {
    var dayLost = false
    if day != today { (day, firstEquity, isDayLost) = (today, equity, false) }
    if let limit = world.limits.dailyLossLimit, !isDayLost,
      WideMoney(equity) <= WideMoney(firstEquity, percent: 100 - limit)
    {
      isDayLost = true
      dayLost = true
    }
    guard let loss = world.limits.emergencyLiquidationLoss, trip == nil else {
      return (nil, dayLost)
    }
    let level = WideMoney(PortfolioWorld.cash, percent: 100 + loss)
    guard WideMoney(equity) <= level else { return (nil, dayLost) }
    trip = BreakerTrip(time: time, equity: equity, level: level)
    return (trip, dayLost)
  }

  // MARK: - Decisions

  private struct Decision: Equatable {
    var skipped: SkipCause?
    var refusal: Refusal?
    var limit: Price?
    var quantity: Quantity?
    var isCut = false
  }

  private func unfilledEntries(_ pair: Int) -> [(limit: Price, quantity: Quantity)] {
    states[pair].working.values.filter { $0.role == .entry }.map {
      ($0.order.limit, $0.order.quantity - $0.filled)
    }
  }

  private func exposure(_ pair: Int) -> Money {
    unfilledEntries(pair).reduce(states[pair].close * states[pair].quantity) {
      $0 + $1.limit * $1.quantity
    }
  }

  private func isActive(_ pair: Int) -> Bool {
    states[pair].quantity != .zero || !unfilledEntries(pair).isEmpty
  }

  private var available: WideMoney {
    var available = WideMoney(cash)
    for pair in states.indices {
      let growth = world.pairs[pair].model.takerRate.growth
      for entry in unfilledEntries(pair) {
        available = available - WideMoney(entry.limit * entry.quantity, times: growth)
      }
    }
    return available
  }

  private func sameGroup(_ pair: Int, _ other: Int) -> Bool {
    let (group, otherGroup) = (world.pairs[pair].group, world.pairs[other].group)
    return pair == other || (group != nil && group == otherGroup)
  }

  private func decision(of pair: Int) -> Decision {
    let (terms, state, limits) = (world.pairs[pair], states[pair], world.limits)
    if state.quantity != .zero { return Decision(skipped: .position) }
    if !state.working.isEmpty { return Decision(skipped: .workingOrder) }
    if let last = state.lastExit, state.closes - last < terms.strategy.cooldown {
      return Decision(skipped: .cooldown)
    }
    let price = terms.product.floorTick(
      state.close, times: terms.strategy.signal.offset.complement)
    let budget = min(WideMoney(equity, times: terms.positionSize), available)
    var quantity = terms.product.floorLot(
      budget.quantity(at: price, plus: terms.model.takerRate) ?? .zero)
    guard terms.product.allowsEntry(quantity, at: price) else { return Decision(skipped: .size) }

    func refused(_ rule: PortfolioRule, _ value: WideMoney, _ limit: WideMoney, _ isCut: Bool)
      -> Decision
    {
      Decision(
        skipped: .risk, refusal: Refusal(rule: rule, value: value, limit: limit), isCut: isCut)
    }
    if let trip { return refused(.breaker, WideMoney(equity), trip.level, false) }
    if isDayLost, let limit = limits.dailyLossLimit {
      return refused(
        .dailyLossLimit, WideMoney(equity), WideMoney(firstEquity, percent: 100 - limit), false)
    }
    if let most = limits.maxPositions {
      let count = 1 + states.indices.filter { $0 != pair && isActive($0) }.count
      if count > most {
        return refused(.maxPositions, WideMoney(count: count), WideMoney(count: most), false)
      }
    }
    var isCut = false
    if let percent = limits.maxPositionSize {
      let most = WideMoney(equity, percent: percent)
      isCut = WideMoney(price * quantity) > most
      if isCut {
        quantity = terms.product.floorLot(most.quantity(at: price, plus: .zero) ?? .zero)
        guard terms.product.allowsEntry(quantity, at: price) else {
          return Decision(skipped: .size, isCut: true)
        }
      }
    }
    if let percent = limits.maxCorrelatedExposure {
      let most = WideMoney(equity, percent: percent)
      let others = states.indices.filter { sameGroup(pair, $0) }
      let value = WideMoney(others.reduce(price * quantity) { $0 + exposure($1) })
      if value > most { return refused(.maxCorrelatedExposure, value, most, isCut) }
    }
    return Decision(limit: price, quantity: quantity, isCut: isCut)
  }

  /// Compares what came of a signal with what must come of it.
  private mutating func expect(_ expected: Decision?, in outbox: Outbox, at time: Timestamp) {
    var found: Decision?
    for note in outbox.notes {
      switch note {
      case .signal(let noted, let outcome):
        #expect(noted == time, recipe)
        found = found ?? Decision()
        if case .skipped(let cause) = outcome { found?.skipped = cause }
      case .refused(let refusal, let noted):
        #expect(noted == time, recipe)
        found = found ?? Decision()
        found?.refusal = refusal
      case .sizeCut:
        found = found ?? Decision()
        found?.isCut = true
      case .fill, .tripped, .dayLost, .orderDone, .ratchet, .trade, .anomaly: break
      }
    }
    for case .submit(let order, role: .entry) in outbox.commands {
      found?.limit = order.limit
      found?.quantity = order.quantity
    }
    #expect(found == expected, recipe)
  }

  /// I7: with the entry that was just submitted, everything is within its limits.
  private func checkLimits(of order: Order, _ pair: Int) {
    #expect(available >= WideMoney(.zero), "I7: cash, \(recipe)")
    #expect(trip == nil && !isDayLost, "I7: an entry after a loss, \(recipe)")
    if let most = world.limits.maxPositions {
      #expect(states.indices.filter { isActive($0) }.count <= most, "I7: positions, \(recipe)")
    }
    if let percent = world.limits.maxPositionSize {
      let most = WideMoney(equity, percent: percent)
      #expect(WideMoney(order.limit * order.quantity) <= most, "I7: size, \(recipe)")
    }
    if let percent = world.limits.maxCorrelatedExposure {
      let group = states.indices.filter { sameGroup(pair, $0) }
      let value = WideMoney(group.reduce(Money.zero) { $0 + exposure($1) })
      #expect(value <= WideMoney(equity, percent: percent), "I7: group, \(recipe)")
    }
  }

  private var recipe: Comment { "seed \(seed), at \(last)" }
}
