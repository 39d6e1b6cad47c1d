public import Market

/// What stands out in a series of candles, and what it looks like as a whole.
///
/// Findings, not judgements: a market without trades has gaps, and a crash is an outlier only where
/// nothing around it is as wild. `Documentation/data-check.md` says what each figure means. The
/// candles are valid (SEMANTICS 2.2) and in order; what was no candle is in `DataQuality`.
///
/// O(n) time, well below a millisecond for 100,000 candles, so that every result carries it.
public struct CandleCheck: Hashable, Sendable {
  /// Candles that are absent in a row.
  public struct Gap: Hashable, Sendable {
    /// The start of the first absent candle.
    public var from: Timestamp
    /// The start of the next candle that is there.
    public var to: Timestamp
    /// How many are absent.
    public var missing: Int
    /// How far the price jumped: the next open / the last close − 1, a fraction.
    public var move: Double
  }

  /// A candle that moved much further than those around it.
  public struct Outlier: Hashable, Sendable {
    /// Its start.
    public var time: Timestamp
    /// How far it reached: greatest / least price − 1, the close before it included.
    public var size: Double
    /// The same in multiples of what is usual there.
    public var ratio: Double
    /// Whether the price came straight back, as after a wrong price.
    public var isSpike: Bool
  }

  /// How many of the longest gaps and the largest outliers are listed.
  public static let listed = 10

  /// The grid.
  public let interval: TimeSpan
  /// How many candles there are.
  public let count: Int
  /// The first candle's start.
  public let first: Timestamp?
  /// The last candle's start.
  public let last: Timestamp?
  /// The step between starts that most have; `nil` where no step has a majority.
  public let usualStep: TimeSpan?
  /// Breaks in the grid.
  public let gaps: Int
  /// Candles absent within them.
  public let missing: Int
  /// The longest gaps, the longest first and of two equal ones the earlier.
  public let longestGaps: [Gap]
  /// Candles in which nothing traded.
  public let zeroVolume: Int
  /// Candles with one price for open, high, low and close.
  public let flat: Int
  /// The least price.
  public let low: Price?
  /// The greatest price.
  public let high: Price?
  /// The greatest step of which every price is a multiple: the tick, as far as the file shows it.
  public let priceStep: Price?
  /// The greatest step of which every volume is a multiple; `nil` where nothing traded.
  public let volumeStep: Quantity?
  /// How far a candle usually reaches, a fraction; `nil` where no price ever moved.
  public let usualSize: Double?
  /// Candles that reached more than `CandleOutliers.factor` times as far as is usual.
  public let outliers: Int
  /// Those among them whose price came straight back.
  public let spikes: Int
  /// The largest outliers, the largest first.
  public let largestOutliers: [Outlier]
  /// Whether the last candle has so little volume that it may have been cut off while it lasted.
  public let lastMayBeUnfinished: Bool

  /// Looks at candles.
  ///
  /// - Parameters:
  ///   - candles: Valid ones, oldest first.
  ///   - interval: Their grid.
  public init(_ candles: [Candle], interval: TimeSpan) {
    self.interval = interval
    count = candles.count
    first = candles.first?.start
    last = candles.last?.start
    let outliers = CandleOutliers(candles, interval: interval)
    usualSize = outliers.usualSize
    self.outliers = outliers.count
    spikes = outliers.spikes
    largestOutliers = outliers.largest
    lastMayBeUnfinished = Self.isThin(candles)

    var (low, high) = (Int64.max, Int64.min)
    var (gaps, missing, zeroVolume, flat) = (0, 0, 0, 0)
    var longest = LargestFew<Gap>(Self.listed) { Double($0.missing) }
    var (prices, volumes) = (CommonStep(), CommonStep())
    var expected = candles.first?.start.nanoseconds ?? 0
    for index in candles.indices {
      let candle = candles[index]
      if candle.start.nanoseconds != expected,
        let gap = Gap(from: candles[index - 1], to: candle, interval)
      {
        gaps += 1
        missing += gap.missing
        longest.add(gap)
      }
      expected = candle.start.nanoseconds &+ interval.nanoseconds
      low = min(low, candle.low.steps)
      high = max(high, candle.high.steps)
      if candle.volume.steps == 0 { zeroVolume += 1 }
      if candle.low == candle.high { flat += 1 }
      prices.add(candle.open.steps.magnitude)
      prices.add(candle.high.steps.magnitude)
      prices.add(candle.low.steps.magnitude)
      prices.add(candle.close.steps.magnitude)
      volumes.add(candle.volume.steps.magnitude)
    }
    (self.gaps, self.missing, longestGaps) = (gaps, missing, longest.elements)
    (self.zeroVolume, self.flat) = (zeroVolume, flat)
    self.low = candles.isEmpty ? nil : Price(steps: low)
    self.high = candles.isEmpty ? nil : Price(steps: high)
    priceStep = Int64(exactly: prices.step).flatMap { $0 > 0 ? Price(steps: $0) : nil }
    volumeStep = volumes.step > 0 ? Quantity(steps: Int128(volumes.step)) : nil
    // With few gaps most neighbours are an interval apart; only else is a vote needed.
    usualStep =
      candles.count > 1 && gaps * 2 < candles.count - 1
      ? interval : UsualStep.of(candles)
  }
}

extension CandleCheck.Gap {
  /// What lies between two candles; `nil` where nothing does.
  fileprivate init?(from last: Candle, to next: Candle, _ interval: TimeSpan) {
    let steps = (next.start - last.start).nanoseconds / interval.nanoseconds
    guard steps > 1 else { return nil }
    self.init(
      from: last.start + interval, to: next.start, missing: Int(steps - 1),
      move: next.open.double / last.close.double - 1)
  }
}

extension CandleCheck {
  /// Whether the last candle has less than a tenth of the median volume of up to 100 before it.
  private static func isThin(_ candles: [Candle]) -> Bool {
    guard candles.count > 20, let last = candles.last else { return false }
    let before = candles.dropLast().suffix(100).map(\.volume.double)
    return Statistics.median(before).map { last.volume.double < $0 / 10 } ?? false
  }

  /// The share of the grid between first and last candle that is there; `nil` without candles.
  public var coverage: Double? { count == 0 ? nil : Double(count) / Double(count + missing) }
}
