package import Market

/// Something that is over after so much of the data's time, or so many requests, whichever comes first.
struct Lag: Hashable, Sendable {
  let until: Timestamp
  var seenLeft: Int?

  init(_ dice: inout FaultDice, from now: Timestamp) {
    until = now + dice.drawDelay()
    seenLeft = dice.rule.seen.map { max(1, dice.draw($0)) }
  }

  /// Counts a request that sees it.
  mutating func count() { seenLeft = seenLeft.map { $0 - 1 } }

  func isOver(_ now: Timestamp) -> Bool { now >= until || seenLeft.map { $0 <= 0 } ?? false }

  /// For the log.
  func text(from now: Timestamp) -> String {
    let span = FaultText.text(until - now)
    return seenLeft.map { "for \(span) or \($0) requests" } ?? "for \(span)"
  }
}

/// What a cancelled order held and has not been given back, or what was bought and is not in the account
/// yet; coinbase.md A.9.
package struct LateAmount: Hashable, Sendable {
  /// Of which currency.
  package let currency: String
  /// How much.
  package let amount: Money
  var lag: Lag
}

/// A fill that the list of fills does not have yet.
package struct LateFill: Hashable, Sendable {
  /// What was executed.
  package let fill: SandboxFill
  var lag: Lag
}

/// A candle that has closed and that the list of candles does not have yet; coinbase.md A.4.
package struct LateCandle: Hashable, Sendable {
  /// Of which of the listings.
  package let market: Int
  /// When it began.
  package let start: Timestamp
  var lag: Lag
  /// Whether anybody has asked for it in vain.
  var isMissed = false
}

/// What goes wrong in the book of an exchange.
struct ExchangeFaults: Sendable {
  private static let kinds: Set<FaultKind> = [
    .cancelFilled, .cancelLate, .holdLate, .creditLate, .partialFill, .orderPending,
    .stopRefused, .stopUnfilled, .stopFailed, .fillsLate, .candlesLate, .productHalted,
  ]
  var dice: FaultSet
  /// Holds that are released late, oldest first.
  var holds: [LateAmount] = []
  /// What was bought and comes late, oldest first.
  var credits: [LateAmount] = []
  /// Fills that are listed late, oldest first.
  var fills: [LateFill] = []
  /// Candles that are listed late, oldest first.
  var candles: [LateCandle] = []
  /// Orders that show PENDING, by number.
  var pending: [(number: Int, lag: Lag)] = []
  /// Orders whose cancel has yet to take effect, by number.
  var cancelling: [(number: Int, lag: Lag)] = []
  /// Stops that were accepted and will fail, by number, and when.
  var failing: [(number: Int, time: Timestamp)] = []
  /// Stops that will not fill when they trigger, by number and for how long.
  var fated: [(number: Int, delay: TimeSpan)] = []
  /// Those of them that have triggered, and until when they rest.
  var resting: [(number: Int, until: Timestamp)] = []

  /// `nil` of a plan that has nothing for the book.
  init?(_ plan: FaultPlan) {
    dice = FaultSet(plan, Self.kinds)
    if dice.isEmpty { return nil }
  }

  /// Forgets an order that is over.
  mutating func forget(_ number: Int) {
    pending.removeAll { $0.number == number }
    cancelling.removeAll { $0.number == number }
    failing.removeAll { $0.number == number }
    fated.removeAll { $0.number == number }
    resting.removeAll { $0.number == number }
  }
}
