import JSON
import Market

/// What becomes of one message of a feed.
enum MessageFate: Hashable, Sendable {
  case arrives
  /// It does not arrive; hidden, the numbers show nothing.
  case dropped(isHidden: Bool)
  case twice
  /// It waits, and all behind it.
  case delayed(TimeSpan)
  /// So many others overtake it.
  case overtaken(Int)
  /// So many numbers are left out before it.
  case gap(Int)
  /// The WebSocket is broken off.
  case broken
  /// The WebSocket falls silent.
  case silent
}

/// Decides what becomes of the messages of feeds.
struct MessageFaults: Sendable {
  private static let kinds: Set<FaultKind> = [
    .messageDropped, .messageDelayed, .messageRepeated, .messageReordered, .sequenceGap,
    .socketDropped, .socketSilent,
  ]
  private var dice: FaultSet
  /// How many further messages a rule that drops several takes, by its place.
  private var runs: [Int: Int] = [:]

  init(_ plan: FaultPlan) { dice = FaultSet(plan, Self.kinds) }

  var isEmpty: Bool { dice.isEmpty }

  /// The fate of a message, with what is played for the log.
  ///
  /// The first rule that strikes decides; answers to subscriptions always arrive.
  mutating func fate(of message: JSONTree) -> (fate: MessageFate, kind: FaultKind, what: String)? {
    guard !dice.isEmpty, let topic = FeedTopic(message) else { return nil }
    for place in dice.dice.indices {
      let rule = dice[place].rule
      guard rule.channels.isEmpty || rule.channels.contains(topic) else { continue }
      if let left = runs[place], left > 0 {
        runs[place] = left - 1
      } else {
        guard dice[place].strikes() else { continue }
        if rule.kind == .messageDropped {
          runs[place] = max(0, dice[place].draw(rule.messages) - 1)
        }
      }
      let (fate, what) = decide(place)
      return (fate, rule.kind, "\(topic.rawValue)\(what)")
    }
    return nil
  }

  private mutating func decide(_ place: Int) -> (MessageFate, String) {
    let rule = dice[place].rule
    switch rule.kind {
    case .messageDropped:
      return (.dropped(isHidden: rule.isHidden), rule.isHidden ? ", without a gap" : "")
    case .messageRepeated: return (.twice, "")
    case .messageDelayed:
      let delay = dice[place].drawDelay()
      return (.delayed(delay), " by \(FaultText.text(delay))")
    case .messageReordered:
      let count = max(1, dice[place].draw(rule.messages))
      return (.overtaken(count), " overtaken by \(count)")
    case .sequenceGap:
      let count = max(1, dice[place].draw(rule.messages))
      return (.gap(count), " jumps by \(count)")
    case .socketDropped: return (.broken, "")
    case .socketSilent: return (.silent, "")
    case .latency, .rateLimited, .unauthorized, .serverError, .lostAnswer, .cutAnswer,
      .cancelFilled, .cancelLate, .holdLate, .creditLate, .partialFill, .orderPending,
      .stopRefused, .stopUnfilled, .stopFailed, .exitMinimums, .fillsLate, .candlesLate,
      .clockSkew, .productHalted, .restart, .maintenance, .balanceMoved:
      preconditionFailure("\(rule.kind) does not concern messages")
    }
  }
}
