package import Market

/// The time between neighbours that most candles have.
package enum UsualStep {
  /// The step that more than half of all neighbours have, or `nil`.
  ///
  /// Boyer and Moore's majority vote, and a count whether it is one: O(n), no memory.
  package static func of(_ times: some Collection<Timestamp>) -> TimeSpan? {
    let steps = zip(times, times.dropFirst()).lazy.map { $1 - $0 }
    var candidate = TimeSpan(nanoseconds: 0)
    var votes = 0
    for step in steps {
      if votes == 0 { candidate = step }
      votes += step == candidate ? 1 : -1
    }
    let count = steps.reduce(0) { $0 + ($1 == candidate ? 1 : 0) }
    return candidate.nanoseconds > 0 && count > (times.count - 1) / 2 ? candidate : nil
  }
}
