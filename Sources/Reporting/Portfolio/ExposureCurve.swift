import Execution
public import Market

/// What an account has at stake at one time; SEMANTICS 8.4(c).
public struct Exposures: Hashable, Sendable {
  /// The time at which candles closed.
  public var time: Timestamp
  /// Equity then.
  public var equity: Money
  /// Position × latest close of each pair, in the order of registration.
  public var positions: [Money]
  /// What each pair's working entry may still buy: unfilled × limit.
  public var entries: [Money]

  /// What an account has at stake, pair by pair.
  public init(time: Timestamp, equity: Money, positions: [Money], entries: [Money]) {
    self.time = time
    self.equity = equity
    self.positions = positions
    self.entries = entries
  }
}

/// What each pair of an account has at stake over time, one point for each time at which candles
/// close, after all close events of that time.
///
/// Worked out as it is walked, like `PortfolioCurve`, whose times and equity it has.
public struct ExposureCurve: Sequence, Sendable {
  private let pairs: [RunResult]
  private let curve: PortfolioCurve
  private let interval: TimeSpan

  /// The curve of a run.
  public init(_ result: PortfolioResult) {
    pairs = result.pairs
    curve = PortfolioCurve(result)
    interval = result.interval
  }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// A pair's working entry on the way.
  private struct Track: Sendable {
    var candle = 0
    var fill = 0
    /// How many orders were looked at.
    var orders = 0
    /// The place of the latest entry among the orders; `nil` before the first.
    var entry: Int?
    /// How much of it was bought.
    var filled = Quantity.zero
  }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    private let curve: ExposureCurve
    private var points: PortfolioCurve.Iterator
    private var tracks: [Track]

    fileprivate init(_ curve: ExposureCurve) {
      self.curve = curve
      points = curve.curve.makeIterator()
      tracks = curve.pairs.map { _ in Track() }
    }

    /// The next point; `nil` after the last.
    public mutating func next() -> Exposures? {
      guard let point = points.next() else { return nil }
      return Exposures(
        time: point.time, equity: point.equity, positions: points.worths,
        entries: tracks.indices.map { entry(of: $0, at: point.time) })
    }

    /// What the pair's entry may still buy after the closes of that time.
    private mutating func entry(of pair: Int, at time: Timestamp) -> Money {
      let (candles, record) = (curve.pairs[pair].candles, curve.pairs[pair].record)
      let candle = tracks[pair].candle
      if candle < candles.count, candles[candle].start + curve.interval == time {
        // Only fills of candles that have closed: one at the next open has this very time.
        while tracks[pair].fill < record.fills.count,
          record.holdings[tracks[pair].fill].candle <= candle
        {
          let fill = record.fills[tracks[pair].fill]
          if let entry = tracks[pair].entry, Int(fill.order.number) == entry + 1 {
            tracks[pair].filled += fill.quantity
          }
          tracks[pair].fill += 1
        }
        tracks[pair].candle += 1
      }
      while tracks[pair].orders < record.orders.count,
        record.orders[tracks[pair].orders].order.submitted <= time
      {
        if record.orders[tracks[pair].orders].role == .entry {
          tracks[pair].entry = tracks[pair].orders
          tracks[pair].filled = .zero
        }
        tracks[pair].orders += 1
      }
      guard let place = tracks[pair].entry else { return .zero }
      let entry = record.orders[place]
      // One that the next open refuses, at this very time, still works at the close.
      let isOver =
        entry.filled < entry.order.quantity && entry.done.map { $0 <= time } ?? false
        && !(entry.ending == .rejected && entry.done == time)
      return isOver ? .zero : entry.order.limit * (entry.order.quantity - tracks[pair].filled)
    }
  }
}
