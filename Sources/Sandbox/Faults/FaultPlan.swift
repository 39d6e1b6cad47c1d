package import Market

/// What goes wrong on a sandbox, and how often: nothing, unless somebody says so.
///
/// All chance comes from `seed`, a generator for each rule, so that the same plan and the same requests
/// give the same faults.
package struct FaultPlan: Hashable, Sendable {
  /// What chance is made from.
  package var seed: UInt64 = 1
  /// In lockstep, so many points pass all the same after a client that followed the market is gone.
  ///
  /// Then the market halts until somebody is back. Without it, it halts at once.
  package var away: ClosedRange<Int> = 0...0
  /// How long by the clock what clients wait for in lockstep may last at most.
  ///
  /// A silent WebSocket is closed then, and a restart of the exchange is over; so nothing waits for ever.
  package var patience = TimeSpan(seconds: 30)
  /// What goes wrong.
  package var rules: [FaultRule] = []

  /// A plan in which nothing goes wrong.
  package init() {}

  /// Nothing goes wrong.
  package static let none = FaultPlan()

  /// Whether nothing can go wrong.
  package var isEmpty: Bool { rules.isEmpty && away == 0...0 }
}
