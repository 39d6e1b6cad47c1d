package import Market

/// What one question tells of this machine's clock: how far it is from the exchange's.
///
/// The exchange looked at its clock somewhere between the question and the answer, so an answer that is long in
/// coming says little: one that took five seconds cannot tell a clock that is right from one that is two seconds
/// off. Who judges by it asks for what is certain.
package struct ClockSkew: Hashable, Sendable {
  /// How far ours is behind, or ahead where less than nothing, had the exchange looked half-way.
  package let estimate: TimeSpan
  /// By how much that may be wrong, on either side.
  package let within: TimeSpan

  /// From where on a clock that is off is told of.
  package static let noticeable = TimeSpan(seconds: 1)

  /// What the answer to a question tells.
  ///
  /// - Parameters:
  ///   - asked: When it was asked, on this machine.
  ///   - answered: When the answer was there, on this machine; not before.
  ///   - time: The exchange's in the answer.
  package init(asked: Timestamp, answered: Timestamp, time: Timestamp) {
    within = TimeSpan(nanoseconds: (answered - asked).nanoseconds / 2)
    estimate = time - (asked + within)
  }

  /// How far off it is, whatever the side.
  package var size: TimeSpan { TimeSpan(nanoseconds: abs(estimate.nanoseconds)) }
  /// It is at least so far off.
  package var least: TimeSpan {
    TimeSpan(nanoseconds: max(0, size.nanoseconds - within.nanoseconds))
  }
  /// It is at most so far off.
  package var most: TimeSpan { TimeSpan(nanoseconds: size.nanoseconds + within.nanoseconds) }
  /// Whether the exchange's clock may be taken from it.
  package var isTold: Bool { within < Self.noticeable || least.nanoseconds > 0 }

  /// On which side of the exchange's ours is: `behind` or `ahead of`.
  package var side: String { estimate.nanoseconds > 0 ? "behind" : "ahead of" }
}
