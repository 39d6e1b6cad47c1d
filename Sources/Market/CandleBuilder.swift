/// Makes candles of trades as they arrive; SEMANTICS 2.3.
///
/// A bucket closes at the first trade of a later one, or by a timer event after its end, whichever is
/// first. A bucket without trades gives no candle. Trades have numbers, one more for each trade of the
/// product, by which those that were seen before, and those that never came, are known. A trade that
/// arrives too late for its bucket changes nothing: the strategy has seen the candle. It is counted.
public struct CandleBuilder: Hashable, Sendable {
  /// A closed bucket.
  public struct Result: Hashable, Sendable {
    /// What traded in it.
    public var candle: Candle
    /// How many trades it is made of.
    public var trades: Int
    /// Whether nothing of it is known to be missing: the feed began before it did, and no number was left
    /// out.
    public var isWhole: Bool
  }

  /// What did not become part of a candle, and what never came.
  public struct Counts: Hashable, Sendable {
    /// Trades that came after their bucket had closed.
    public var late = 0
    /// Trades that had come before.
    public var repeated = 0
    /// Trades without a price above 0 or with a size below 0.
    public var invalid = 0
    /// Numbers that were left out and have not come since.
    public var missing = 0
  }

  /// A bucket that is open.
  private struct Bucket: Hashable, Sendable {
    var candle: Candle
    var trades = 1
    /// Time and number of the trades that are open and close.
    var first: Place
    var last: Place
    /// The greatest number before its first trade.
    var after: UInt64?
  }

  /// Where a trade stands among those of its product.
  private struct Place: Hashable, Comparable, Sendable {
    var time: Timestamp
    var id: UInt64

    static func < (left: Place, right: Place) -> Bool {
      (left.time, left.id) < (right.time, right.id)
    }
  }

  /// How long a bucket is.
  public let interval: TimeSpan
  /// What did not become part of a candle.
  public private(set) var counts = Counts()
  private var bucket: Bucket?
  /// Buckets that start before this are closed.
  private var openFrom: Timestamp
  /// The bucket in which the feed began.
  private let firstBucket: Timestamp
  /// The first bucket that the feed has seen from its beginning.
  private let wholeFrom: Timestamp
  private var highest: UInt64?
  /// Numbers below `highest` that have not come; the oldest are given up where there are too many.
  private var missing: Set<UInt64> = []

  /// A builder without trades.
  ///
  /// - Parameters:
  ///   - interval: Above 0.
  ///   - began: When the feed began; earlier trades may have been missed.
  public init(interval: TimeSpan, began: Timestamp) {
    precondition(interval.nanoseconds > 0, "an interval must be above 0")
    self.interval = interval
    let start = Self.start(of: began, interval)
    wholeFrom = start == began ? start : start + interval
    openFrom = start
    firstBucket = start
  }

  /// The candle of the bucket that is open, as it is now; `nil` where nothing traded in it yet.
  public var current: Candle? { bucket?.candle }

  /// The greatest number of a trade; `nil` before the first one.
  public var lastID: UInt64? { highest }

  /// When the bucket that is open ends: the time of the timer event; `nil` where none is open.
  public var deadline: Timestamp? { bucket.map { $0.candle.start + interval } }

  /// Takes a trade.
  ///
  /// - Returns: The bucket that it closes, if it is of a later one.
  public mutating func add(
    id: UInt64, price: Price, size: Quantity, time: Timestamp
  ) -> Result? {
    guard price > .zero, size >= .zero else {
      counts.invalid += 1
      return nil
    }
    let start = Self.start(of: time, interval)
    let before = highest
    guard count(id) else {
      counts.repeated += 1
      return nil
    }
    guard start >= openFrom else {
      // What traded before the feed began, a snapshot of the past, is not late.
      if start >= firstBucket { counts.late += 1 }
      return nil
    }
    let closed = start > openFrom ? close(before: start, upTo: id) : nil
    let place = Place(time: time, id: id)
    guard var bucket else {
      bucket = Bucket(
        candle: Candle(
          start: start, open: price, high: price, low: price, close: price, volume: size),
        first: place, last: place, after: before)
      return closed
    }
    bucket.trades += 1
    bucket.candle.high = max(bucket.candle.high, price)
    bucket.candle.low = min(bucket.candle.low, price)
    let (sum, overflow) = bucket.candle.volume.steps.addingReportingOverflow(size.steps)
    bucket.candle.volume = overflow ? .greatest : Quantity(steps: sum)
    if place < bucket.first { (bucket.first, bucket.candle.open) = (place, price) }
    if bucket.last < place { (bucket.last, bucket.candle.close) = (place, price) }
    self.bucket = bucket
    return closed
  }

  /// It is this time now, also for buckets in which nothing traded.
  ///
  /// - Returns: The bucket whose end has been reached, if one was open.
  public mutating func advance(to time: Timestamp) -> Result? {
    let start = Self.start(of: time, interval)
    return start > openFrom ? close(before: start, upTo: highest ?? 0) : nil
  }

  /// Closes what is open, for the buckets before `start`.
  ///
  /// Numbers left out between two buckets may have been of either, so they count for both.
  private mutating func close(before start: Timestamp, upTo id: UInt64) -> Result? {
    openFrom = start
    guard let closed = bucket else { return nil }
    bucket = nil
    let after = closed.after ?? 0
    let isWhole =
      closed.candle.start >= wholeFrom && !missing.contains { $0 > after && $0 < id }
    return Result(candle: closed.candle, trades: closed.trades, isWhole: isWhole)
  }

  /// Notes a number; `false` where it came before.
  private mutating func count(_ id: UInt64) -> Bool {
    guard let highest else {
      self.highest = id
      return true
    }
    if id <= highest {
      guard missing.remove(id) != nil else { return false }
      counts.missing -= 1
      return true
    }
    self.highest = id
    let left = id - highest - 1
    guard left > 0 else { return true }
    // So many numbers are no gap but another feed: the last of them stand for all.
    missing.formUnion(left <= Self.remembered ? highest + 1..<id : id - Self.remembered..<id)
    counts.missing = Int(clamping: UInt64(counts.missing) + min(left, 1 << 40))
    if missing.count > 2 * Int(Self.remembered) {
      missing = missing.filter { $0 + Self.remembered >= id }
    }
    return true
  }

  /// How many missing numbers are remembered at least.
  private static let remembered: UInt64 = 1024

  private static func start(of time: Timestamp, _ interval: TimeSpan) -> Timestamp {
    let rest = time.nanoseconds % interval.nanoseconds
    return Timestamp(
      nanoseconds: time.nanoseconds - (rest < 0 ? rest + interval.nanoseconds : rest))
  }
}
