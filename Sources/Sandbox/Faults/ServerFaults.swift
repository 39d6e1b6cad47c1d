import Market

/// What a server with a plan of faults remembers.
struct ServerFaults: Sendable {
  let plan: FaultPlan
  /// Decides on requests.
  var requests: RequestFaults
  /// Decides on messages.
  var messages: MessageFaults
  /// Says what begins at a time of the data.
  var calendar: FaultCalendar
  /// Says how much of the market passes while a client is away.
  private var away: FaultDice
  /// So many points still pass though nobody follows.
  var pointsLeft = 0

  /// How far the clock is off, and until when.
  var skew: (by: TimeSpan, until: Timestamp)?
  /// Until when clients may be in vain trying what only the data's time makes possible.
  var blockedUntil: Timestamp?
  /// What is not served at the moment.
  var outage: Outage?

  /// Nothing has happened yet; `nil` of a plan without anything.
  init?(_ plan: FaultPlan, from begin: Timestamp) {
    guard !plan.isEmpty else { return nil }
    self.plan = plan
    requests = RequestFaults(plan)
    messages = MessageFaults(plan)
    calendar = FaultCalendar(plan, from: begin)
    away = FaultDice(FaultRule(.socketDropped), place: -2, seed: plan.seed)
  }

  /// A client that followed the market is gone.
  mutating func loseFollower() { pointsLeft = away.draw(plan.away) }
}

/// A time in which the exchange is down, or takes nothing but cancels.
struct Outage: Sendable {
  let kind: FaultKind
  let form: FaultRule.Form
  let mode: FaultRule.Mode
  /// It lasts until this time of the data, and so many requests longer.
  let until: Timestamp
  var seenLeft: Int
  /// By the clock it does not last longer than this, once the data's time is over.
  let end: ContinuousClock.Instant
}
