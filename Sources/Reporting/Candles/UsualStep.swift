package import Market

/// The time between neighbours that most candles have.
///
/// Not generic over where the times come from: every run asks, and from another module a generic one
/// is not made for its array, which for a year of candles is 100 ms instead of less than one.
package enum UsualStep {
  /// The step that more than half of all neighbours have, or `nil`.
  package static func of(_ candles: [Candle]) -> TimeSpan? {
    of(candles.count) { candles[$0].start }
  }

  /// The step that more than half of all neighbours have, or `nil`.
  package static func of(_ times: [Timestamp]) -> TimeSpan? { of(times.count) { times[$0] } }

  /// Boyer and Moore's majority vote, and a count whether it is one: O(n), no memory.
  private static func of(_ count: Int, _ time: (Int) -> Timestamp) -> TimeSpan? {
    guard count > 1 else { return nil }
    var candidate = TimeSpan(nanoseconds: 0)
    var votes = 0
    for index in 1..<count {
      let step = time(index) - time(index - 1)
      if votes == 0 { candidate = step }
      votes += step == candidate ? 1 : -1
    }
    var matches = 0
    for index in 1..<count where time(index) - time(index - 1) == candidate { matches += 1 }
    return candidate.nanoseconds > 0 && matches > (count - 1) / 2 ? candidate : nil
  }
}
