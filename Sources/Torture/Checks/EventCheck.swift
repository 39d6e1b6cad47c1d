import Execution
import Glibc
import Market
import Sandbox

/// Walks through everything that happened and looks at what must hold at each event: I1, I2, I3's bare
/// moments, I6's one entry at a time, I7, and that a session lives.
package struct EventCheck: Sendable {
  private(set) var testimony: Testimony
  var markets: [MarketView]
  private(set) var cash: Money
  private var violations: [Violation] = []
  private var time: Timestamp?
  private var nextFault = 0
  /// The markets that the session which runs has found bare, before the market was shown to it.
  private var foundBare: Set<Int> = []
  /// The end of the last fault.
  private var lastTrouble: Timestamp?
  /// Of each market, the end of the last one that keeps a session that is there from what a position needs.
  private var lastDarkness: [Timestamp?]
  /// Of each market, the end of the last one of those that a session can do nothing about while they last.
  private var lastHindrance: [Timestamp?]
  /// The end of the last one after which an order may be there that was given up: decision note 19.
  private var lastDoubt: Timestamp?
  /// The process that was told to end before its time, and may follow the market for a while yet.
  private var parting: Int?
  /// How many trades the process that runs has followed.
  private var followed = 0
  /// Since when, by the exchange's time, trades have been followed without a break.
  private var followedSince: Timestamp?

  /// So many candles a session may take to get over something that went wrong.
  static let candlesForRepair = 3
  /// And so many until nothing of it is left that could keep an entry in the book.
  private static let candlesForExpiry = 5
  /// The feed of a process that was killed a moment ago may still count as one that follows, for one trade.
  private static let tradesOfTheDead = 1
  /// And so long by the clock: books are compared within three seconds, the longest back-off is as long.
  private static let secondsForRepair = 10.0
  /// So long one that was told to end may still follow the market, without doing anything about it.
  private static let secondsForFarewell = 1.0
  /// So many candles lie at most between an entry that was given up and what came of it.
  private static let candlesOfDoubt = 12

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
    lastHindrance = lastDarkness
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
      if case .accepted = step { checkStop(order) }
      checkSells(order)
    case .trade(let trade, let isFollowed, let clock):
      time = trade.time
      follow(trade, isFollowed)
      markets[trade.market].price = trade.price
      checkCover(trade, isFollowed, clock)
      checkLongBareness(trade, isFollowed, clock)
      checkRescue(trade, isFollowed, clock)
      checkEntries(trade, clock)
    case .started(let number):
      foundBare = Set(markets.indices.filter { markets[$0].isBaredByCancel })
      (followed, followedSince) = (0, nil)
      // That it was told to end may have been noted before it was noted that it began.
      if parting != number { parting = nil }
      // What the one before has sent may arrive yet.
      if let time { lastDoubt = max(time, lastDoubt ?? time) }
      for place in markets.indices { markets[place].forgetSpells() }
    case .parting(let number): parting = number
    case .ended(_, code: 128 + SIGTERM): checkFarewell()
    case .ended(let number, let code): checkLife(of: number, code)
    case .asked(let action): take(asked: action)
    case .answered(let action, let answer): take(answered: action, answer, at: time)
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

  mutating func add(_ rule: Violation.Rule, _ text: String) {
    violations.append(Violation(rule, "\(time.map { "\($0) " } ?? "")\(text)"))
  }

  // MARK: - I1

  private mutating func checkStop(_ order: SandboxOrder) {
    guard let trigger = order.stopTrigger else { return }
    checkLimit(of: order, trigger)
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
    if market.wanted > max(market.held, .zero) || market.held < .zero {
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
    let allowed = isBeingSold(place, at: trade.time) ? Self.secondsForRepair : allowance
    guard clock - since >= allowed, !market.isBareTold else { return }
    markets[place].isBareTold = true
    add(
      .cover,
      "\(testimony.name(place)): \(market.held) is held, exits are for \(market.covered), and the "
        + "market goes on")
  }

  /// How long by the clock something may be amiss before a session that follows.
  private var allowance: Double {
    // Only kills and absences: a session that follows has everything it needs, and the market waits while it
    // moves a stop, unless that has had to wait for longer.
    testimony.settings.faults.rules.isEmpty && !testimony.movesStopsLate ? 0 : Self.secondsForRepair
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
  func lacking(_ place: Int, at time: Timestamp) -> MarketView? {
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
    return isSoon(time, after: lastTrouble, candles: Self.candlesForRepair)
  }

  /// Whether something went wrong so little before a moment that it explains what a product lacks, though the
  /// session is there: the market waits until it has dealt with most faults then.
  mutating func isDark(_ place: Int, at time: Timestamp) -> Bool {
    noteFaults(until: time)
    return isSoon(time, after: lastDarkness[place], candles: Self.candlesForRepair)
  }

  /// Whether something lasts, or has so little before, that keeps a product from what it needs.
  mutating func isHindered(_ place: Int, at time: Timestamp) -> Bool {
    noteFaults(until: time)
    return isSoon(time, after: lastHindrance[place], candles: Self.candlesForRepair)
  }

  /// Whether of two entries, the first of them of this time, one may have been given up and arrived all the
  /// same.
  mutating func isDoubtful(since entry: Timestamp, at time: Timestamp) -> Bool {
    noteFaults(until: time)
    return isSoon(entry, after: lastDoubt, candles: Self.candlesOfDoubt)
  }

  /// Whether a session follows the market and does what it has to: not one that was told to end.
  func isTended(_ isFollowed: Bool) -> Bool { isFollowed && parting == nil }

  func isSoon(_ time: Timestamp, after last: Timestamp?, candles: Int) -> Bool {
    last.map { $0 + testimony.settings.interval * candles >= time } ?? false
  }

  private mutating func noteFaults(until time: Timestamp) {
    while nextFault < testimony.faults.count, testimony.faults[nextFault].time <= time {
      let fault = testimony.faults[nextFault]
      let end = fault.until ?? fault.time
      lastTrouble = max(end, lastTrouble ?? end)
      if fault.kind.mayLeaveBare {
        let hindrance = hindrance(by: fault)
        for place in markets.indices where fault.market.map({ $0 == place }) ?? true {
          lastDarkness[place] = max(end, lastDarkness[place] ?? end)
          if let hindrance {
            lastHindrance[place] = max(hindrance, lastHindrance[place] ?? hindrance)
          }
        }
      }
      if FaultKind.doubtful.contains(fault.kind) {
        let arrival = end + longestDelay(of: fault.kind)
        lastDoubt = max(arrival, lastDoubt ?? arrival)
      }
      nextFault += 1
    }
  }

  /// Until when a session can do nothing about a fault; `nil` of one of a moment, however often it comes.
  private func hindrance(by fault: FaultEntry) -> Timestamp? {
    if let until = fault.until { return until }
    // Whoever was not served comes back by the clock.
    if fault.kind == .restart || fault.kind == .maintenance { return fault.time }
    let delay = longestDelay(of: fault.kind)
    return delay > testimony.settings.interval ? fault.time + delay : nil
  }

  /// How long what goes wrong is on its way, or late, at most.
  private func longestDelay(of kind: FaultKind) -> TimeSpan {
    testimony.settings.faults.rules.filter { $0.kind == kind }.map(\.delay.upperBound).max()
      ?? TimeSpan(nanoseconds: 0)
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
}

extension FaultKind {
  /// Those behind which an order may arrive that the session has given up.
  fileprivate static let doubtful: Set<FaultKind> = [
    .latency, .lostAnswer, .cutAnswer, .serverError, .restart, .maintenance,
  ]

  /// Whether the market goes on though a session has not heard, or cannot do, what a position needs.
  ///
  /// Of the others it hears at once, and the market waits until it has dealt with them.
  fileprivate var mayLeaveBare: Bool {
    switch self {
    case .latency, .messageDropped, .messageDelayed, .messageReordered, .sequenceGap,
      .socketDropped, .socketSilent, .cancelLate, .orderPending, .clockSkew, .productHalted,
      .restart, .maintenance, .balanceMoved, .exitMinimums, .creditLate, .fillsLate, .stopFailed:
      true
    case .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer, .messageRepeated,
      .cancelFilled, .holdLate, .partialFill, .stopRefused, .stopUnfilled, .candlesLate:
      false
    }
  }
}
