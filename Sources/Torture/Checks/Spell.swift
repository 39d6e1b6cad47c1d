import Market

/// How long something has lasted that a session is to end: by the market's time, and then by the clock.
///
/// In lockstep the market is quick: candles pass while a session waits for its next attempt. So what has
/// lasted too long for the market makes it wait, and counts when the clock has gone on as well.
struct Spell: Hashable, Sendable {
  /// Since when, by the exchange's time.
  let began: Timestamp
  /// Since when, by the clock, it has lasted too long for the market.
  private var overdue: Double?
  /// Whether somebody was told of it.
  private var isTold = false

  /// It begins.
  init(since began: Timestamp) { self.began = began }

  /// Whether the market is to wait for its end.
  var isUneasy: Bool { overdue != nil && !isTold }

  /// It goes on.
  ///
  /// - Parameters:
  ///   - time: By the exchange's time.
  ///   - clock: By the clock.
  ///   - span: So long it may last for the market.
  ///   - seconds: And so long after that by the clock.
  /// - Returns: Whether it has lasted too long, which is said once.
  mutating func isTooLong(
    at time: Timestamp, _ clock: Double, after span: TimeSpan, _ seconds: Double
  ) -> Bool {
    guard time > began + span else { return false }
    let since = overdue ?? clock
    overdue = since
    guard clock - since >= seconds, !isTold else { return false }
    isTold = true
    return true
  }
}
