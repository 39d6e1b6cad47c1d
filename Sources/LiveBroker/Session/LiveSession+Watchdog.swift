import Execution
import Market
import Persistence

/// What a session watches beside the market: itself.
extension LiveSession {
  // MARK: - Holds

  /// Stops the entries of a pair, or of all; positions keep their exits.
  func hold(_ reason: Watchdog.Reason, _ why: String, pair only: Int? = nil) {
    // Before the first event is possible, no entry is; and the record begins with the state before that.
    guard hasBegun else { return }
    var isNew = false
    for pair in only.map({ [$0] }) ?? Array(pairs.indices) {
      if halt(pair, for: reason) { isNew = true }
    }
    guard isNew else { return }
    incident(.halted, "\(reason.rawValue): \(why)", pair: only)
    let whose = only.map { "\(pairs[$0].product.id): " } ?? ""
    let advice =
      switch reason {
      // A request could not be kept either.
      case .store, .past: ""
      case .balance: ". 'runner resume' overrules it until more is missing"
      case .feed, .clock, .candles, .restart:
        ". 'runner resume' overrules it until it is found again"
      }
    say(.alarm("\(whose)no entries for now: \(why)\(advice)"))
  }

  /// A reason to hold entries is gone; they go on where it was the last, and no operator has halted them.
  func release(_ reason: Watchdog.Reason, pair only: Int? = nil) {
    for pair in only.map({ [$0] }) ?? Array(pairs.indices) where resume(pair, from: reason) {
      incident(.resumed, "\(reason.rawValue) is in order again", pair: pair)
      say(.info("\(pairs[pair].product.id): entries go on"))
    }
  }

  /// Stops the entries of a pair without a word.
  ///
  /// - Returns: Whether the reason is new.
  @discardableResult
  func halt(_ pair: Int, for reason: Watchdog.Reason) -> Bool {
    guard watchdog.hold(pair, for: reason) else { return false }
    if !machine.standing(of: pair).isHalted { deliver(.halt(time: clock), to: pair) }
    return true
  }

  /// A reason is gone.
  ///
  /// - Returns: Whether entries go on by that.
  @discardableResult
  func resume(_ pair: Int, from reason: Watchdog.Reason) -> Bool {
    guard watchdog.release(pair, from: reason), machine.standing(of: pair).isHalted,
      !isHaltedByOperator(pair)
    else { return false }
    deliver(.resume(time: clock), to: pair)
    return true
  }

  /// A halt of the record that no operator asked for is one of a session that ended in the middle of it; in one
  /// that goes on it holds until the books are compared, whatever else is in order by then.
  func resumeHalts() {
    for pair in pairs.indices
    where machine.standing(of: pair).isHalted && !isHaltedByOperator(pair) {
      _ = watchdog.hold(pair, for: .restart)
    }
  }

  // MARK: - The feed

  /// The feed cannot be trusted until it has been connected anew.
  ///
  /// - Parameters:
  ///   - kind: What is noted of it.
  ///   - why: In words.
  ///   - isNews: Whether it is to be noted: connections come about and break before anything trades, and each
  ///     lets entries go on, which nobody should.
  func distrustFeed(_ kind: IncidentKind, _ why: String, isNews: Bool = true) {
    if isNews { incident(kind, why) }
    hold(.feed, why)
  }

  // MARK: - The clock

  /// Compares this machine's clock with the exchange's; signatures carry the exchange's time.
  ///
  /// - Throws: `ExchangeError` where the exchange cannot be asked.
  package func checkClock() async throws(ExchangeError) {
    let skew = try await exchange.clockSkew()
    guard skew.isTold else { return }
    let estimate = skew.estimate
    await exchange.client.set(skew: estimate)
    let change = abs(estimate.nanoseconds - toldSkew.nanoseconds)
    let isNew = change >= ClockSkew.noticeable.nanoseconds
    if isNew { toldSkew = estimate }
    if isNew, skew.least >= ClockSkew.noticeable {
      let words = "this machine's clock is \(skew.size.seconds) s \(skew.side) the exchange's"
      incident(.clockSkew, words)
      say(
        .trouble("\(words); signatures have the exchange's time. Set it, by NTP for example"))
    }
    if skew.least > settings.maxClockSkew {
      hold(.clock, "this machine's clock is \(skew.size.seconds) s off. Set it, by NTP for example")
    } else if skew.most <= settings.maxClockSkew {
      release(.clock)
    }
  }
}
