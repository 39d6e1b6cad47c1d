import Market

/// The data's time against the clock's: so many times as fast.
struct Pacer: Sendable {
  private let speed: Double
  private let begin: Timestamp
  private let started = ContinuousClock.now
  /// Before this moment of the data nothing more happens.
  var next: Timestamp

  init(speed: Double, from begin: Timestamp) {
    self.speed = speed
    self.begin = begin
    next = begin
  }

  /// How long it is until a moment of the data.
  func wait(until time: Timestamp) -> Duration {
    .seconds(Double((time - begin).nanoseconds) / 1e9 / speed) - (.now - started)
  }

  /// The data's time, which does not reach what has not been played.
  var time: Timestamp {
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    let elapsed = (Double(seconds) + Double(attoseconds) / 1e18) * speed
    let most = Double((next - begin).nanoseconds - 1) / 1e9
    return begin + TimeSpan(nanoseconds: Int64(max(0, min(elapsed, most)) * 1e9))
  }
}
