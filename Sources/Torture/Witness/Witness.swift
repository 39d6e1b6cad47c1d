import Locking
import Sandbox

/// Writes down everything that happens, in the order in which it does.
final class Witness: Sendable {
  /// What was seen so far.
  struct Count: Sendable {
    /// News of the exchange.
    var events = 0
    /// Orders that it accepted.
    var orders = 0
  }

  private struct Notes {
    var happenings: [Happening] = []
    var count = Count()
  }

  private let notes = Locked(Notes())
  private let began = ContinuousClock.now

  /// Takes what the exchange tells.
  ///
  /// - Returns: How much there was so far.
  func hear(_ news: ExchangeNews, isFollowed: Bool) -> Count {
    let passed = (ContinuousClock.now - began).components
    let clock = Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    return notes.withLock { notes in
      notes.happenings.append(Happening(news, isFollowed: isFollowed, clock: clock))
      notes.count.events += 1
      if case .order(_, .accepted) = news { notes.count.orders += 1 }
      return notes.count
    }
  }

  /// Takes what became of a session's process.
  func note(_ happening: Happening) { notes.withLock { $0.happenings.append(happening) } }

  /// All of it.
  var happenings: [Happening] { notes.withLock { $0.happenings } }
}
