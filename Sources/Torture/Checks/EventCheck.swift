import Execution
import Glibc
import Market
import Sandbox

/// Walks through everything that happened and looks at what must hold at each event: I1, I2, I3's bare
/// moments, I7.
package struct EventCheck {
  private let testimony: Testimony
  private var markets: [MarketView]
  private var cash: Money
  private var violations: [Violation] = []
  private var time: Timestamp?
  private var nextFault = 0
  /// The markets that the session which runs has found bare, before the market was shown to it.
  private var foundBare: Set<Int> = []
  private var lastFault: Timestamp?
  /// The end of the last one that keeps a session that is there from what a position needs.
  private var lastDarkness: Timestamp?

  /// So many candles a session may take to get over something that went wrong.
  private static let candlesForRepair = 3
  /// And so long by the clock: books are compared within three seconds, the longest back-off is as long.
  private static let secondsForRepair = 10.0

  /// What is violated on the way.
  package static func violations(of testimony: Testimony) -> [Violation] {
    var check = EventCheck(testimony)
    for happening in testimony.happenings { check.take(happening) }
    return check.violations
  }

  private init(_ testimony: Testimony) {
    self.testimony = testimony
    markets = testimony.settings.listings.map { _ in MarketView() }
    let quote = testimony.settings.listings[0].quoteCurrency
    cash = testimony.settings.balances[quote] ?? .zero
  }

  private mutating func take(_ happening: Happening) {
    switch happening {
    case .order(let order, let step):
      time = order.updated
      if case .accepted = step { checkBefore(order) }
      markets[order.market].take(order, step)
      if !markets[order.market].isBaredByCancel { foundBare.remove(order.market) }
      if case .filled(let fill) = step { cash += fill.cashFlow }
      if case .accepted = step { checkTrigger(order) }
      checkSells(order)
    case .trade(let trade, let isFollowed, let clock):
      time = trade.time
      if isFollowed { foundBare = [] }
      markets[trade.market].price = trade.price
      checkCover(trade, isFollowed, clock)
    case .started: foundBare = Set(markets.indices.filter { markets[$0].isBaredByCancel })
    case .ended(_, code: 128 + SIGTERM): checkFarewell()
    case .heartbeat, .ended: break
    }
  }

  private mutating func add(_ rule: Violation.Rule, _ text: String) {
    violations.append(Violation(rule, "\(time.map { "\($0) " } ?? "")\(text)"))
  }

  // MARK: - I1

  private mutating func checkTrigger(_ order: SandboxOrder) {
    guard let trigger = order.stopTrigger else { return }
    if let before = markets[order.market].trigger, trigger < before {
      add(
        .triggers,
        "\(testimony.name(order)) has its trigger at \(trigger), and one at \(before) was there "
          + "before in the same position")
    }
    markets[order.market].trigger = max(trigger, markets[order.market].trigger ?? trigger)
  }

  // MARK: - I2

  private mutating func checkSells(_ order: SandboxOrder) {
    let market = markets[order.market]
    if market.covered > max(market.held, .zero) || market.held < .zero {
      add(
        .sells,
        "\(testimony.name(order.market)): \(market.covered) is for sale, and \(market.held) is held "
          + "(at \(testimony.name(order)))")
    }
  }

  // MARK: - I3

  /// In lockstep an answer to a fill is there before the market moves on, unless the session is away or
  /// something went wrong a moment ago.
  ///
  /// A message that is lost without a trace is made up for when the books are compared. That happens by
  /// the clock, during which the market goes on for as long as it pleases.
  private mutating func checkCover(_ trade: MarketTrade, _ isFollowed: Bool, _ clock: Double) {
    let place = trade.market
    guard let market = lacking(place, at: trade.time) else {
      markets[place].bareSince = nil
      markets[place].isBareTold = false
      return
    }
    guard isFollowed, !hasFault(before: trade.time, isThere: true) else {
      markets[place].bareSince = nil
      return
    }
    let since = market.bareSince ?? clock
    markets[place].bareSince = since
    // Only kills and absences: a session that follows has everything it needs.
    let allowed = testimony.settings.faults.rules.isEmpty ? 0 : Self.secondsForRepair
    guard clock - since >= allowed, !market.isBareTold else { return }
    markets[place].isBareTold = true
    add(
      .cover,
      "\(testimony.name(place)): \(market.held) is held, exits are for \(market.covered), and the "
        + "market goes on")
  }

  /// A session that was told to end has finished what it had begun: a stop that it cancelled has its
  /// successor.
  ///
  /// What an entry bought while it went is the next one's, and so is what it found and had no time for.
  private mutating func checkFarewell() {
    for (place, market) in markets.enumerated()
    where market.isBaredByCancel && !foundBare.contains(place) {
      guard let time, !hasFault(before: time, isThere: false), lacking(place, at: time) != nil
      else { continue }
      add(
        .cover,
        "\(testimony.name(place)): the session was told to end, and left \(market.held) with exits for "
          + "\(market.covered)")
    }
  }

  /// A product of which more is held than exits are for, and could be offered; `nil` where nothing lacks.
  private func lacking(_ place: Int, at time: Timestamp) -> MarketView? {
    let market = markets[place]
    guard market.held > market.covered else { return nil }
    let offerable = testimony.offerable(market, of: place, at: time)
    guard offerable.held > market.covered, !testimony.isDust(offerable, of: place) else {
      return nil
    }
    return market
  }

  /// Looks for what went wrong so little before a moment that it explains what is lacking then.
  ///
  /// - Parameters:
  ///   - time: The moment.
  ///   - isThere: Whether the session stays: the market waits until it has dealt with most faults then.
  /// - Returns: Whether there is something.
  private mutating func hasFault(before time: Timestamp, isThere: Bool) -> Bool {
    while nextFault < testimony.faults.count, testimony.faults[nextFault].time <= time {
      let fault = testimony.faults[nextFault]
      lastFault = fault.time
      if fault.kind.mayLeaveBare {
        lastDarkness = max(fault.until ?? fault.time, lastDarkness ?? fault.time)
      }
      nextFault += 1
    }
    let last = isThere ? lastDarkness : lastFault
    return last.map { $0 + testimony.settings.interval * Self.candlesForRepair >= time } ?? false
  }

  // MARK: - I7

  /// Looks at an entry before it counts.
  private mutating func checkBefore(_ order: SandboxOrder) {
    guard order.wish.side == .buy else { return }
    let limits = testimony.limits
    let taken = markets.indices.filter { $0 == order.market || markets[$0].isTaken }.count
    if let most = limits.maxPositions, taken > most {
      add(
        .limits, "\(testimony.name(order)) is the entry of pair \(taken) of \(most) at once")
    }
    let equity = markets.reduce(cash.double) { $0 + $1.worth }
    let notional = order.limit.double * order.quantity.double
    // Equity is that of the session's last closes, ours that of the last trades.
    let tolerance = testimony.isFaulty ? 1.1 : 1.03
    if let most = limits.maxPositionSize?.double, notional > equity * most / 100 * tolerance {
      add(
        .limits,
        "\(testimony.name(order)) is for \(notional), which is more than \(most) % of \(equity)")
    }
    if let most = limits.maxCorrelatedExposure?.double {
      let exposure = notional + exposure(with: order.market)
      if exposure > equity * most / 100 * tolerance {
        add(
          .limits,
          "\(testimony.name(order)) makes its group's exposure \(exposure), which is more than "
            + "\(most) % of \(equity)")
      }
    }
  }

  /// What the group of a pair holds and has ordered.
  private func exposure(with place: Int) -> Double {
    var sum = 0.0
    for (other, market) in markets.enumerated() where testimony.isGrouped(other, place) {
      sum += market.worth
      for order in market.working.values where order.wish.side == .buy {
        sum += order.limit.double * order.left.double
      }
    }
    return sum
  }
}

extension FaultKind {
  /// Whether the market goes on though a session has not heard, or cannot do, what a position needs.
  ///
  /// Of the others it hears at once, and the market waits until it has dealt with them.
  fileprivate var mayLeaveBare: Bool {
    switch self {
    case .latency, .messageDropped, .messageDelayed, .messageReordered, .sequenceGap,
      .socketDropped, .socketSilent, .cancelLate, .orderPending, .clockSkew, .productHalted,
      .restart, .maintenance, .balanceMoved, .exitMinimums:
      true
    case .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer, .messageRepeated,
      .cancelFilled, .holdLate, .partialFill, .stopRefused, .stopUnfilled:
      false
    }
  }
}
