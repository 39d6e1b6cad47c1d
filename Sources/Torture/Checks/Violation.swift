/// Something that must never be.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
  /// What is broken: one of the invariants, or the way a session lives.
  package enum Rule: String, Hashable, Sendable {
    /// A stop's trigger never falls within a position.
    case triggers = "I1"
    /// Sells outstanding never exceed what is held.
    case sells = "I2"
    /// Each position is covered by exactly one live exit for all of it.
    case cover = "I3"
    /// Each fill counts exactly once.
    case fills = "I4"
    /// Cash and coins are what the fills give.
    case money = "I5"
    /// Every entry is a limit buy, a pair has one at a time, and there is one order for one intent.
    case orders = "I6"
    /// The portfolio's limits hold at each submission.
    case limits = "I7"
    /// The record is sound and replays.
    case record = "I8"
    /// A session goes on until it is told to end, cancels what is over, and trades on where all is well.
    case life = "life"
  }

  /// What is broken.
  package var rule: Rule
  /// What was seen.
  package var text: String

  /// A violation of a rule.
  package init(_ rule: Rule, _ text: String) {
    self.rule = rule
    self.text = text
  }

  /// One line.
  package var description: String { "\(rule.rawValue): \(text)" }
}
