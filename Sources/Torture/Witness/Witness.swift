import Locking
import Market
import Sandbox

/// Writes down everything that happens, in the order in which it does.
final class Witness: Sendable {
  /// What was seen so far.
  struct Count: Sendable {
    /// News of the exchange.
    var events = 0
    /// Orders that it accepted.
    var orders = 0
    /// Whether anything is held.
    var isHolding = false
    /// Whether an entry works.
    var isEntering = false
  }

  private struct Notes {
    var happenings: [Happening] = []
    var count = Count()
    /// Looks at what happens at once; what it finds is not yet a violation.
    var check: EventCheck
    var waits = 0
  }

  /// How long the market waits at each piece of news while something is amiss.
  ///
  /// A session mends by the clock what nobody tells it, and has ten seconds for that: at full speed the market
  /// would be over before.
  static let wait = Duration.milliseconds(200)
  /// It waits so often in a seed: what is mended takes a fraction of that.
  static let mostWaits = 300

  private let notes: Locked<Notes>
  private let began = ContinuousClock.now

  /// A witness that has seen nothing yet.
  ///
  /// - Parameter exchange: What the exchange says of itself before anything happens.
  init(of exchange: Testimony) { notes = Locked(Notes(check: EventCheck(exchange))) }

  /// Takes what the exchange tells.
  ///
  /// - Parameters:
  ///   - news: What it tells.
  ///   - isFollowed: Whether a client follows the market.
  ///   - faults: Everything that went wrong on purpose so far.
  /// - Returns: How much there was so far, and how long the market is to wait.
  func hear(
    _ news: ExchangeNews, isFollowed: Bool, _ faults: [FaultEntry]
  ) -> (count: Count, wait: Duration) {
    let passed = (ContinuousClock.now - began).components
    let clock = Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    return notes.withLock { notes in
      let happening = Happening(news, isFollowed: isFollowed, clock: clock)
      notes.happenings.append(happening)
      notes.count.events += 1
      if case .order(_, .accepted) = news { notes.count.orders += 1 }
      let isUneasy = notes.check.isUneasy(after: happening, faults)
      notes.count.isHolding = notes.check.markets.contains { $0.held > .zero }
      notes.count.isEntering = notes.check.markets.contains(where: \.isEntering)
      guard isUneasy, isFollowed, notes.waits < Self.mostWaits else {
        return (notes.count, .zero)
      }
      notes.waits += 1
      return (notes.count, Self.wait)
    }
  }

  /// Takes what became of a session's process.
  func note(_ happening: Happening) {
    notes.withLock { notes in
      notes.happenings.append(happening)
      notes.check.take(happening)
    }
  }

  /// The last price of each product.
  var prices: [Price?] { notes.withLock { $0.check.markets.map(\.price) } }

  /// All of it.
  var happenings: [Happening] { notes.withLock { $0.happenings } }
}
