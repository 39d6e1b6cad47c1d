public import Market

/// A pair's candles, oldest first, and how far they are played.
public struct CandleTrack: Sendable {
  /// All of them.
  public let candles: [Candle]
  /// The first that is not played.
  @usableFromInline package internal(set) var next: Int
  /// When that one starts; later than everything at the end.
  @usableFromInline package internal(set) var start: Timestamp

  /// Candles of which the first `next` are not to be played.
  public init(_ candles: [Candle], from next: Int = 0) {
    self.candles = candles
    self.next = next
    start = .endOfTracks
    move(to: next)
  }

  /// Everything before the candle of this index is played.
  @inlinable
  mutating func move(to index: Int) {
    next = index
    start = index < candles.count ? candles[index].start : .endOfTracks
  }

  /// The first candle from `next` on that starts at this time or later.
  @inlinable
  func index(of time: Timestamp) -> Int {
    guard let last = candles.last, last.start >= time else { return candles.count }
    var (low, high) = (next, candles.count)
    while low < high {
      let middle = (low + high) / 2
      if candles[middle].start < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Timestamp {
  /// Later than any candle.
  @usableFromInline static var endOfTracks: Timestamp { Timestamp(nanoseconds: .max) }
}
