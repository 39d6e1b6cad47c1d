import Market

/// Candles that moved much further than those around them.
///
///     size_i  = max(high_i, p) / min(low_i, p) − 1      p: the close before, without a gap between
///     usual_i = max(median size of the file, median size of the neighbourhood)
///     i is an outlier where size_i > 20 · usual_i
///
/// - Medians, because a wild day or a wrong price hardly moves them: this is the distance from the
///   usual in median absolute deviations, with 0 for the centre, since moves have no other.
/// - The file's median is that of up to 1001 candles spread evenly. The neighbourhood is the candle's
///   block of 128 and the blocks on either side. Sizes of 0 count in neither: a dead market would
///   otherwise make every trade an outlier.
/// - A *spike* is an outlier whose own close, or the next one, is back within a quarter of its size
///   of `p`. The candle after one whose close was not back is measured from `p` too, so that a wrong
///   close counts once.
/// - What happens across a gap counts as the gap's move, not here.
/// - Complexity: O(n); a candle costs a multiplication, the medians of a block are worked out only
///   where one of its candles stands out in the file.
struct CandleOutliers {
  /// How many times the usual an outlier is.
  static let factor = 20.0
  private static let block = 128
  private static let sample = 1001

  private let candles: [Candle]
  private let interval: TimeSpan
  /// The file's median; `nil` where no price ever moved.
  private(set) var usualSize: Double?
  private(set) var count = 0
  private(set) var spikes = 0
  private var found = LargestFew<CandleCheck.Outlier>(CandleCheck.listed) { $0.size }
  /// The block whose neighbourhood was asked for last, and the median there.
  private var known: (block: Int, size: Double) = (-1, 0)

  /// The largest, the largest first.
  var largest: [CandleCheck.Outlier] { found.elements }

  /// Looks for them.
  init(_ candles: [Candle], interval: TimeSpan) {
    self.candles = candles
    self.interval = interval
    let stride = max(1, (candles.count + Self.sample - 1) / Self.sample)
    usualSize = median(Swift.stride(from: 0, to: candles.count, by: stride))
    guard let usualSize else { return }
    search(beyond: Self.factor * usualSize)
  }

  private mutating func search(beyond limit: Double) {
    var previous: Price?
    var end = Int64.min
    for index in candles.indices {
      let candle = candles[index]
      if candle.start.nanoseconds != end { previous = nil }
      end = candle.start.nanoseconds &+ interval.nanoseconds
      let top = max(candle.high.steps, previous?.steps ?? .min)
      let bottom = min(candle.low.steps, previous?.steps ?? .max)
      if Double(top &- bottom) > limit * Double(bottom),
        isOutlier(index, from: previous, size: Double(top &- bottom) / Double(bottom))
      {
        continue  // A spike whose close is wrong: the next candle is measured from the one before.
      }
      previous = candle.close
    }
  }

  /// Judges a candle that stands out in the file; says whether its close is to be passed over.
  private mutating func isOutlier(_ index: Int, from previous: Price?, size: Double) -> Bool {
    let usual = max(usualSize ?? 0, usualSize(around: index))
    guard size > Self.factor * usual else { return false }
    let candle = candles[index]
    var (isBack, isBackLater) = (false, false)
    if let previous {
      isBack = Self.distance(candle.close, previous) <= size / 4
      if !isBack, index + 1 < candles.count, candles[index + 1].start == candle.start + interval {
        isBackLater = Self.distance(candles[index + 1].close, previous) <= size / 4
      }
    }
    count += 1
    if isBack || isBackLater { spikes += 1 }
    found.add(
      CandleCheck.Outlier(
        time: candle.start, size: size, ratio: size / usual, isSpike: isBack || isBackLater))
    return isBackLater
  }

  /// The median size in the neighbourhood of a candle; 0 where nothing moves there.
  private mutating func usualSize(around index: Int) -> Double {
    let block = index / Self.block
    if block != known.block {
      let range = max(0, (block - 1) * Self.block)..<min(candles.count, (block + 2) * Self.block)
      known = (block, median(range) ?? 0)
    }
    return known.size
  }

  /// The median of the sizes above 0 of these candles.
  private func median(_ indices: some Sequence<Int>) -> Double? {
    Statistics.median(indices.map(size).filter { $0 > 0 })
  }

  private func size(of index: Int) -> Double {
    let candle = candles[index]
    var (top, bottom) = (candle.high, candle.low)
    if index > 0, candles[index - 1].start + interval == candle.start {
      top = max(top, candles[index - 1].close)
      bottom = min(bottom, candles[index - 1].close)
    }
    return Double(top.steps &- bottom.steps) / Double(bottom.steps)
  }

  private static func distance(_ left: Price, _ right: Price) -> Double {
    Double((left.steps &- right.steps).magnitude) / Double(min(left.steps, right.steps))
  }
}
