import Glibc
import Market

/// How fast the candles of a paper session come.
final class Pace {
  /// Seconds of the market in one of the clock; `nil` for as fast as it goes.
  private let speed: Double?
  /// The first candle that was waited for, and when.
  private var first: (candle: Timestamp, clock: ContinuousClock.Instant)?

  /// The pace that `--speed` asks for.
  init(_ invocation: Invocation) throws(UsageError) {
    switch invocation.value("--speed") {
    case nil: speed = 60
    case "max"?: speed = nil
    case let text?:
      guard let number = Double(text), number > 0, number.isFinite else {
        throw .invalid(option: "--speed", value: text, expected: "a number above 0, or max")
      }
      speed = number
    }
  }

  /// Sleeps until a candle is due, but at most a tenth of a second.
  ///
  /// - Returns: Whether it is not due yet, so that this is to be called again.
  /// - Throws: `Interrupted` where the session is to end.
  func wait(for candle: Timestamp) throws -> Bool {
    try Interruption.check()
    guard let speed else { return false }
    let now = ContinuousClock.now
    guard let first else {
      first = (candle, now)
      return false
    }
    let market = Double((candle - first.candle).nanoseconds) / 1e9
    let (seconds, attoseconds) = (now - first.clock).components
    let left = market / speed - (Double(seconds) + Double(attoseconds) / 1e18)
    guard left > 0 else { return false }
    usleep(UInt32(min(left, 0.1) * 1e6))
    return true
  }
}
