import Execution
import Market
import Persistence

/// What the sequence of all that happened to the engines says.
extension SessionRecord {
  /// Goes through it.
  ///
  /// - Parameter steps: Oldest first.
  mutating func walk(through steps: [RecordedStep]) {
    isWalked = true
    entriesWhileTripped = Self.entries(of: pairs, whileTripped: steps)
    entriesWhileHalted = Self.entries(of: pairs, whileHalted: steps)
    sales = steps.compactMap { step in
      guard let pair = step.pair, case .forceExit(let price, let time)? = step.event else {
        return nil
      }
      return Sale(pair: pair, time: time, price: price)
    }
  }

  /// The entries that were decided on while the breaker had tripped.
  ///
  /// By the sequence of the record: a close may become known late, and its time be that of long ago.
  ///
  /// - Parameters:
  ///   - pairs: What was ordered.
  ///   - steps: All that happened to the engines, oldest first.
  /// - Returns: Their ids.
  static func entries(of pairs: [Pair], whileTripped steps: [RecordedStep]) -> [ClientOrderID] {
    var isTripped = false
    // At one time a pair decides once.
    var decisions: [Int: Set<Timestamp>] = [:]
    for step in steps {
      switch step.event {
      // What follows from the trip alone.
      case .cancelEntry(.breaker, _)?, .liquidate?: isTripped = true
      case nil: isTripped = false
      case .candleClosed?, .decide?:
        if isTripped, let pair = step.pair { decisions[pair, default: []].insert(step.time) }
      case .trade?, .clock?, .report?, .enter?, .forceExit?, .cancelEntry?, .halt?, .resume?: break
      }
    }
    return entries(of: pairs, decidedAt: decisions)
  }

  /// The entries that were decided on while their pair was halted, by an operator or by the session.
  ///
  /// - Parameters:
  ///   - pairs: What was ordered.
  ///   - steps: All that happened to the engines, oldest first.
  /// - Returns: Their ids.
  static func entries(of pairs: [Pair], whileHalted steps: [RecordedStep]) -> [ClientOrderID] {
    var halted: Set<Int> = []
    var decisions: [Int: Set<Timestamp>] = [:]
    for step in steps {
      guard let pair = step.pair else { continue }
      switch step.event {
      case .halt?: halted.insert(pair)
      case .resume?: halted.remove(pair)
      case .candleClosed?, .decide?:
        // A decision that waits for the breaker's sales comes behind its close, and is the one that counts.
        if halted.contains(pair) {
          decisions[pair, default: []].insert(step.time)
        } else {
          decisions[pair]?.remove(step.time)
        }
      case .trade?, .clock?, .report?, .enter?, .forceExit?, .cancelEntry?, .liquidate?, nil: break
      }
    }
    return entries(of: pairs, decidedAt: decisions)
  }

  private static func entries(
    of pairs: [Pair], decidedAt decisions: [Int: Set<Timestamp>]
  ) -> [ClientOrderID] {
    pairs.enumerated().flatMap { number, pair in
      pair.orders.map(\.order).filter { order in
        order.side == .buy && decisions[number]?.contains(order.submitted) ?? false
      }.map(\.id)
    }
  }
}
