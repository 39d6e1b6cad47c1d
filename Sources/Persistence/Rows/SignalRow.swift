package import Execution
package import Market

/// A row of `signals`: a close that was a signal, and what came of it.
package struct SignalRow: Hashable, Sendable {
  /// The time of the close.
  package var time: Timestamp
  /// What came of it.
  package var outcome: SignalOutcome
  /// The portfolio's refusal, where it was one.
  package var refusal: Refusal?
}
