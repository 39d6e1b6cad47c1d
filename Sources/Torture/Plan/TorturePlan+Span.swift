import Market
import Sandbox
import Simulator

/// How long a session lasts, in the market's time.
extension TorturePlan {
  /// How the market is cut into candles.
  struct Span: Hashable, Sendable {
    /// A candle's length in seconds.
    var interval: Int
    /// Candles of each pair that are played.
    var candles: Int

    /// The whole of it in seconds.
    var seconds: Int { interval * candles }

    private static let day = 86_400
    /// Candles of all pairs together: what takes a second or so.
    private static let budget = 700
    /// And so many where a day needs more of them.
    private static let most = 1440
    private static let mostDays = 4

    /// A span for so many pairs: of nine seeds in ten one to four days.
    ///
    /// A second of the machine is worth a few hundred candles, so the more pairs there are the longer are the
    /// candles. The rest are short ones all the same: there a request that is late for minutes, or a move of a
    /// stop that must wait, lasts for candles.
    init(pairs: Int, _ random: inout SplitMix64) {
      let lot = Int.random(in: 0..<10, using: &random)
      let isShort = lot == 0
      interval =
        switch pairs {
        case 1: isShort ? 60 : lot < 8 ? 300 : 900
        case 2: isShort ? 60 : lot < 6 ? 300 : 900
        case 3: isShort ? 60 : lot < 3 ? 300 : 900
        default: isShort ? [60, 300].picked(&random) : 900
        }
      let ofDay = Self.day / interval
      // A day where that is affordable, else what there is.
      candles = Self.budget / pairs
      if candles < ofDay, ofDay * pairs <= Self.most { candles = ofDay }
      candles = min(candles, ofDay * Self.mostDays)
    }
  }

  /// How long the market lasts.
  var length: TimeSpan {
    TimeSpan(seconds: Int64(interval)) * (pairs[0].candles.count - history)
  }
}

extension FaultPlan {
  /// Two days: of what comes every 36 hours on average, as seldom as it gets, more than one is due by then.
  private static let wholeLength = TimeSpan(seconds: 172_800)

  /// Kinds that may meet with stops alone, or with their cancels.
  private static let scarce: Set<FaultKind> = [.cancelFilled, .stopRefused, .stopFailed]
  /// One of twenty: a session has some fifty stops.
  private static let leastChance = Rate(steps: Rate.one.steps / 20)

  /// Lets whatever is on be likely to come at least once or twice in a session of this length.
  ///
  /// What comes at times of the data comes as often in a short session as in one of two days, and lasts as much
  /// shorter, so that the rest of the session is as large a part of it.
  mutating func fit(into length: TimeSpan) {
    for index in rules.indices where Self.scarce.contains(rules[index].kind) {
      rules[index].chance = max(rules[index].chance, Self.leastChance)
    }
    guard length < Self.wholeLength else { return }
    func scaled(_ span: TimeSpan) -> TimeSpan {
      // In whole seconds, which is what a file of faults has.
      TimeSpan(seconds: max(1, span.seconds * length.seconds / Self.wholeLength.seconds))
    }
    for index in rules.indices {
      guard let every = rules[index].every else { continue }
      rules[index].every = scaled(every)
      let span = rules[index].span
      if span.upperBound.nanoseconds > 0 {
        rules[index].span = scaled(span.lowerBound)...scaled(span.upperBound)
      }
    }
  }
}
