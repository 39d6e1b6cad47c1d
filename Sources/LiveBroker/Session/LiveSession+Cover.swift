import Execution
import Market
import Persistence

/// Positions without an exit order.
extension LiveSession {
  /// Gives the alarm for positions that have had no exit order at the exchange for too long, or none of all
  /// that is held, again and again at longer and longer intervals, and says when they have one.
  func watchCover() {
    for pair in pairs.indices {
      let product = pairs[pair].product.id
      guard let lack = lackOfCover(pair) else {
        if let spell = naked[pair], spell.alarms > 0 {
          let words =
            "the \(machine.standing(of: pair).held) held have an exit order again, or are sold"
          incident(.covered, words, pair: pair)
          say(.info("\(product): \(words)"))
        }
        naked[pair] = nil
        continue
      }
      var spell = naked[pair] ?? NakedSpell(since: .now)
      let limit = settings.scaled(settings.nakedAlarm) * (1 << min(spell.alarms, 10))
      if .now - spell.since >= limit {
        spell.alarms += 1
        if spell.alarms == 1 { incident(.naked, lack, pair: pair) }
        say(.alarm("\(product): \(lack)"))
      }
      naked[pair] = spell
    }
  }

  /// What of a pair's position the exchange is not known to have an exit order of, in words.
  ///
  /// What it lacks coins of has an alarm of its own (`lookForCoins`).
  private func lackOfCover(_ pair: Int) -> String? {
    let standing = machine.standing(of: pair)
    // What is bought while nothing can be kept is not the engine's yet.
    let held = standing.held + (stall?.gain(of: pair) ?? .zero)
    guard held > .zero else { return nil }
    let exit = isAtExchange(standing.exit) ? standing.exit : nil
    let covered = exit?.remaining ?? .zero
    let advice =
      stall == nil
      ? "it is tried again"
      : "the store cannot be written, and nothing is sent that is not kept. Free some space, or sell by hand"
    guard covered >= held else {
      let bare = held - covered
      return
        "\(covered > .zero ? "\(bare) of the " : "")\(held) held WITHOUT an exit order at the exchange; "
        + advice
    }
    // A process before may have asked as well, and nobody has answered this one yet.
    let isLeft = !knowsBooks && exit?.state == .cancelPending
    guard let exit, lanes[pair].ending == exit.order.id || isLeft else { return nil }
    return
      "\(held) held may be WITHOUT an exit order: the exchange was asked to end the one there was, and "
      + "has not said whether it has; it is asked again"
  }

  /// Whether the exchange is known to have an exit order.
  func isAtExchange(_ exit: ManagedOrder?) -> Bool {
    exit.map { $0.state.isAnswered && !$0.state.isFinal } ?? false
  }

  /// A time in which a position has had no exit order.
  struct NakedSpell: Hashable, Sendable {
    let since: ContinuousClock.Instant
    /// How often it was told.
    var alarms = 0
  }
}
