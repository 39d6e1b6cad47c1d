package import Market

/// A stretch of candles, cut into what one request may ask for.
package struct CandlePages: Sequence, IteratorProtocol, Sendable {
  /// The starts of the first and last candle of a request, both included.
  package struct Page: Hashable, Sendable {
    /// The first.
    package var first: Timestamp
    /// The last.
    package var last: Timestamp
  }

  private var start: Timestamp
  private let end: Timestamp
  private let interval: TimeSpan
  private let perPage: Int

  /// The pages of the candles that start at or after `start` and before `end`.
  ///
  /// - Parameters:
  ///   - start: Rounded down to the grid.
  ///   - end: The first start that is not wanted.
  ///   - interval: Of a candle.
  ///   - perPage: The most that one request may ask for.
  package init(from start: Timestamp, to end: Timestamp, interval: TimeSpan, perPage: Int) {
    precondition(perPage > 0 && interval.nanoseconds > 0)
    let rest = start.nanoseconds % interval.nanoseconds
    self.start = Timestamp(
      nanoseconds: start.nanoseconds - (rest < 0 ? rest + interval.nanoseconds : rest))
    self.end = end
    self.interval = interval
    self.perPage = perPage
  }

  /// The next page; `nil` after the last.
  package mutating func next() -> Page? {
    guard start < end else { return nil }
    let left = (end.nanoseconds - start.nanoseconds - 1) / interval.nanoseconds + 1
    let count = Swift.min(Int64(perPage), left)
    let last = start.advanced(by: interval, times: Int(count) - 1)
    let page = Page(first: start, last: last)
    start = last.advanced(by: interval, times: 1)
    return page
  }
}
