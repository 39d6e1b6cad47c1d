public import Market

/// Makes longer candles of shorter ones, one at a time; memory does not grow.
///
/// The bucket of a candle begins at ⌊start / interval⌋ · interval, counted from 1970-01-01 00:00
/// UTC. It opens with the first candle there, closes with the last, has the highest high, the lowest
/// low and the exact sum of the volumes. A bucket without a candle gives none: nothing is made up
/// (SEMANTICS 2.3). So resampling in two steps gives what one step gives.
public struct CandleResampler: Sendable {
  /// How many candles went in and out.
  public struct Counts: Hashable, Sendable {
    /// Candles that went in.
    public var read = 0
    /// Candles that came out.
    public var written = 0
    /// Those of them, or of the dropped, that lack candles.
    public var incomplete = 0
    /// Incomplete ones that were dropped.
    public var dropped = 0
    /// Buckets between the first and the last without a candle.
    public var empty = 0
  }

  /// Where the sum of the volumes has more digits than a quantity holds.
  public struct Overflow: Error, Hashable, Sendable, CustomStringConvertible {
    /// The start of the longer candle.
    public var bucket: Timestamp

    /// An overflow in this candle.
    public init(bucket: Timestamp) { self.bucket = bucket }

    /// One line for the user.
    public var description: String {
      "the volumes of the candle at \(bucket) are more than Ratchet can count exactly, "
        + "\(Quantity.greatest). Check the volumes there, or choose a shorter interval."
    }
  }

  /// The length of the candles that go in.
  public let source: TimeSpan
  /// The length of those that come out.
  public let interval: TimeSpan
  /// Whether a bucket that lacks candles is left out.
  public let wholeOnly: Bool
  /// What happened so far.
  public private(set) var counts = Counts()
  /// The candle that is being made, and how many went into it.
  private var bucket: (candle: Candle, parts: Int64)?
  /// The start of the last bucket that was begun.
  private var last: Timestamp?

  /// A resampler that has seen no candle.
  ///
  /// - Parameters:
  ///   - source: The length of the candles that go in.
  ///   - interval: That of those that come out, a multiple of `source`.
  ///   - wholeOnly: Whether buckets that lack candles are left out.
  public init(from source: TimeSpan, to interval: TimeSpan, wholeOnly: Bool = false) {
    precondition(
      source.nanoseconds > 0 && interval.nanoseconds > 0
        && interval.nanoseconds % source.nanoseconds == 0,
      "\(interval) is no multiple of \(source)")
    self.source = source
    self.interval = interval
    self.wholeOnly = wholeOnly
  }

  /// Takes the next candle, which starts after those before it.
  ///
  /// - Returns: The longer candle that is over by that, if one is.
  /// - Throws: `Overflow`; nothing more can be added then.
  public mutating func add(_ candle: Candle) throws(Overflow) -> Candle? {
    counts.read += 1
    let start = begin(of: candle.start)
    guard let (open, parts) = bucket, open.start == start else {
      let done = finish()
      if let last {
        counts.empty += Int((start - last).nanoseconds / interval.nanoseconds) - 1
      }
      last = start
      bucket = (candle, 1)
      bucket?.candle.start = start
      return done
    }
    var longer = open
    longer.high = max(longer.high, candle.high)
    longer.low = min(longer.low, candle.low)
    longer.close = candle.close
    let (sum, overflow) = longer.volume.steps.addingReportingOverflow(candle.volume.steps)
    guard !overflow else { throw Overflow(bucket: start) }
    longer.volume = Quantity(steps: sum)
    bucket = (longer, parts + 1)
    return nil
  }

  /// Ends the bucket that is open, after the last candle.
  public mutating func finish() -> Candle? {
    guard let (candle, parts) = bucket else { return nil }
    bucket = nil
    if parts < interval.nanoseconds / source.nanoseconds {
      counts.incomplete += 1
      if wholeOnly {
        counts.dropped += 1
        return nil
      }
    }
    counts.written += 1
    return candle
  }

  private func begin(of time: Timestamp) -> Timestamp {
    let rest = time.nanoseconds % interval.nanoseconds
    return Timestamp(
      nanoseconds: time.nanoseconds - (rest < 0 ? rest + interval.nanoseconds : rest))
  }
}
