package import Market

extension ProductMarket {
  /// What has traded in the day before a moment.
  package struct Day: Hashable, Sendable {
    package var open: Price
    package var high: Price
    package var low: Price
    package var close: Price
    package var volume: Quantity

    /// By how much the price has changed, in percent, to two decimals.
    package var change: String {
      guard open > .zero else { return "0" }
      let hundredths =
        (Int128(close.steps) - Int128(open.steps)) * 10_000 / Int128(open.steps)
      return Money(steps: hundredths * Money.stepsPerUnit / 100).description
    }
  }

  /// The candles that have begun, the one in progress as far as it has come.
  private func candle(_ place: Int) -> Candle {
    place < closed ? candles[place] : current ?? candles[place]
  }

  /// How many candles have begun.
  private var begun: Int { closed + (current == nil ? 0 : 1) }

  /// What has traded in the 24 hours before a moment.
  package func day(before now: Timestamp) -> Day {
    var day = Day(open: price, high: price, low: price, close: price, volume: .zero)
    var place = begun - 1
    let begin = now.nanoseconds - 86_400_000_000_000
    while place >= 0, candle(place).start.nanoseconds >= begin {
      let candle = candle(place)
      day.open = candle.open
      day.high = max(day.high, candle.high)
      day.low = min(day.low, candle.low)
      day.volume += candle.volume
      place -= 1
    }
    return day
  }

  /// Candles of some length, oldest first, made of those that there are.
  ///
  /// - Parameters:
  ///   - length: A multiple of the interval.
  ///   - first: Buckets that start at this time or later.
  ///   - last: Buckets that start at this time or earlier.
  ///   - end: Made of candles that start earlier than this alone, where it is given.
  /// - Returns: Those that have begun, the one in progress as far as it has come.
  package func candles(
    of length: TimeSpan, from first: Timestamp, through last: Timestamp,
    before end: Timestamp? = nil
  ) -> [Candle] {
    func bucket(_ time: Timestamp) -> Timestamp {
      Timestamp(nanoseconds: time.nanoseconds - time.nanoseconds % length.nanoseconds)
    }
    var found: [Candle] = []
    var place = min(candles.partitioned { $0.start >= first }, begun)
    while place < begun {
      let candle = candle(place)
      place += 1
      if let end, candle.start >= end { break }
      let start = bucket(candle.start)
      if start > last { break }
      if start < first { continue }
      guard let before = found.last, before.start == start else {
        var fresh = candle
        fresh.start = start
        found.append(fresh)
        continue
      }
      found[found.count - 1] = Candle(
        start: start, open: before.open, high: max(before.high, candle.high),
        low: min(before.low, candle.low), close: candle.close,
        volume: before.volume + candle.volume)
    }
    return found
  }
}
