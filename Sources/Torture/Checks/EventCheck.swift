import Execution
import Glibc
import Market
import Sandbox

/// Walks through everything that happened and looks at what must hold at each event: I1, I2, I3's bare
/// moments, I7, and that a session lives.
package struct EventCheck: Sendable {
  private var testimony: Testimony
  private var markets: [MarketView]
  private var cash: Money
  private var violations: [Violation] = []
  private var time: Timestamp?
  private var nextFault = 0
  /// The markets that the session which runs has found bare, before the market was shown to it.
  private var foundBare: Set<Int> = []
  private var lastFault: Timestamp?
  /// The end of the last one, of those that last, too.
  private var lastTrouble: Timestamp?
  /// Of each market, the end of the last one that keeps a session that is there from what a position needs.
  private var lastDarkness: [Timestamp?]
  /// How many trades the process that runs has followed.
  private var followed = 0
  /// Since when, by the exchange's time, trades have been followed without a break.
  private var followedSince: Timestamp?

  /// So many candles a session may take to get over something that went wrong.
  private static let candlesForRepair = 3
  /// And so many until nothing of it is left that could keep an entry in the book.
  private static let candlesForExpiry = 5
  /// The feed of a process that was killed a moment ago may still count as one that follows, for one trade.
  private static let tradesOfTheDead = 1
  /// And so long by the clock: books are compared within three seconds, the longest back-off is as long.
  private static let secondsForRepair = 10.0
  /// So long one that was told to end may still follow the market, without doing anything about it.
  private static let secondsForFarewell = 1.0

  /// What is violated on the way.
  package static func violations(of testimony: Testimony) -> [Violation] {
    var check = EventCheck(testimony)
    for happening in testimony.happenings { check.take(happening) }
    return check.violations
  }

  /// A check to which nothing has happened yet.
  init(_ testimony: Testimony) {
    self.testimony = testimony
    markets = testimony.settings.listings.map { _ in MarketView() }
    lastDarkness = markets.map { _ in nil }
    let quote = testimony.settings.listings[0].quoteCurrency
    cash = testimony.settings.balances[quote] ?? .zero
  }

  /// Takes what happens while it happens.
  ///
  /// - Parameters:
  ///   - happening: What happened.
  ///   - faults: Everything that went wrong on purpose until then.
  /// - Returns: Whether something is amiss that nothing explains, and that is violated if it lasts.
  mutating func isUneasy(after happening: Happening, _ faults: [FaultEntry]) -> Bool {
    testimony.faults = faults
    take(happening)
    return markets.contains(where: \.isUneasy)
  }

  /// Takes what happened.
  mutating func take(_ happening: Happening) {
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
      follow(trade, isFollowed)
      markets[trade.market].price = trade.price
      checkCover(trade, isFollowed, clock)
      checkEntries(trade, clock)
    case .started:
      foundBare = Set(markets.indices.filter { markets[$0].isBaredByCancel })
      (followed, followedSince) = (0, nil)
    case .ended(_, code: 128 + SIGTERM): checkFarewell()
    case .ended(let number, let code): checkLife(of: number, code)
    case .heartbeat: break
    }
  }

  private mutating func follow(_ trade: MarketTrade, _ isFollowed: Bool) {
    guard isFollowed else {
      followedSince = nil
      return
    }
    foundBare = []
    followed += 1
    followedSince = followedSince ?? trade.time
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
    guard isFollowed, !isDark(place, at: trade.time) else {
      markets[place].bareSince = nil
      return
    }
    let since = market.bareSince ?? clock
    markets[place].bareSince = since
    guard clock - since >= allowance, !market.isBareTold else { return }
    markets[place].isBareTold = true
    add(
      .cover,
      "\(testimony.name(place)): \(market.held) is held, exits are for \(market.covered), and the "
        + "market goes on")
  }

  /// How long by the clock something may be amiss before a session that follows.
  private var allowance: Double {
    // Only kills and absences: a session that follows has everything it needs.
    testimony.settings.faults.rules.isEmpty ? 0 : Self.secondsForRepair
  }

  /// A session that was told to end has finished what it had begun: a stop that it cancelled has its
  /// successor.
  ///
  /// What an entry bought while it went is the next one's, and so is what it found and had no time for.
  private mutating func checkFarewell() {
    for (place, market) in markets.enumerated()
    where market.isBaredByCancel && !foundBare.contains(place) {
      guard let time, !hasFault(before: time), lacking(place, at: time) != nil else { continue }
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

  // MARK: - What explains something

  /// Whether anything went wrong so little before a moment that it explains what a session leaves behind.
  private mutating func hasFault(before time: Timestamp) -> Bool {
    noteFaults(until: time)
    return isSoon(time, after: lastFault, candles: Self.candlesForRepair)
  }

  /// Whether something went wrong so little before a moment that it explains what a product lacks, though the
  /// session is there: the market waits until it has dealt with most faults then.
  private mutating func isDark(_ place: Int, at time: Timestamp) -> Bool {
    noteFaults(until: time)
    return isSoon(time, after: lastDarkness[place], candles: Self.candlesForRepair)
  }

  private func isSoon(_ time: Timestamp, after last: Timestamp?, candles: Int) -> Bool {
    last.map { $0 + testimony.settings.interval * candles >= time } ?? false
  }

  private mutating func noteFaults(until time: Timestamp) {
    while nextFault < testimony.faults.count, testimony.faults[nextFault].time <= time {
      let fault = testimony.faults[nextFault]
      let end = fault.until ?? fault.time
      lastFault = fault.time
      lastTrouble = max(end, lastTrouble ?? end)
      if fault.kind.mayLeaveBare {
        for place in markets.indices where fault.market.map({ $0 == place }) ?? true {
          lastDarkness[place] = max(end, lastDarkness[place] ?? end)
        }
      }
      nextFault += 1
    }
  }

  // MARK: - Life

  /// A process that cannot begin may say so and end; one that has followed the market goes on.
  private mutating func checkLife(of number: Int, _ code: Int32) {
    // Signals are ours, or the end of the seed.
    guard (1..<64).contains(code), followed > Self.tradesOfTheDead else { return }
    add(
      .life,
      "process \(number) had followed the market, and ended with \(code): see session-\(number).txt"
    )
  }

  /// An entry whose time is over is cancelled by a session that is there: SEMANTICS 4.5.
  private mutating func checkEntries(_ trade: MarketTrade, _ clock: Double) {
    let place = trade.market
    noteFaults(until: trade.time)
    guard let entry = overdue(place, at: trade.time) else {
      markets[place].overdueSince = nil
      markets[place].isOverdueTold = false
      return
    }
    let since = markets[place].overdueSince ?? clock
    markets[place].overdueSince = since
    guard clock - since >= max(allowance, Self.secondsForFarewell), !markets[place].isOverdueTold
    else { return }
    markets[place].isOverdueTold = true
    add(.life, "\(testimony.name(entry)) of \(entry.created) is over its time, and works on")
  }

  /// The oldest entry that should be over for long; `nil` where there is none, or something may explain it.
  private func overdue(_ place: Int, at time: Timestamp) -> SandboxOrder? {
    let (interval, grace) = (testimony.settings.interval, Self.candlesForExpiry)
    guard let life = testimony.entryLives?[place],
      let followedSince, followedSince + interval * grace <= time,
      !isSoon(time, after: lastTrouble, candles: grace)
    else { return nil }
    return markets[place].working.values.filter { order in
      order.wish.side == .buy && order.created + interval * (life + grace) <= time
    }.min { $0.number < $1.number }
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
      .restart, .maintenance, .balanceMoved, .exitMinimums, .creditLate:
      true
    case .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer, .messageRepeated,
      .cancelFilled, .holdLate, .partialFill, .stopRefused, .stopUnfilled:
      false
    }
  }
}
