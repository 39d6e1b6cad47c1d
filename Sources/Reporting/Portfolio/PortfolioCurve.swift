import Execution
public import Market

/// The account's equity over time, one point for each time at which candles close; SEMANTICS 7.1.
///
///     equity = cash + Σ position × the pair's latest close     after all close events of that time
///
/// Worked out as it is walked, from the fills and candles of the pairs; nothing is stored for each
/// point. Because everything is exact, the order of the pairs cannot be told from a sum.
///
/// - Complexity: O(pairs) for each point, without allocation.
public struct PortfolioCurve: Sequence, Sendable {
  private let pairs: [RunResult]
  private let startingCash: Money
  private let interval: TimeSpan

  /// The curve of a run.
  public init(_ result: PortfolioResult) {
    pairs = result.pairs
    startingCash = result.startingCash
    interval = result.interval
  }

  /// Walks the curve, oldest point first.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// One pair on the way.
  private struct Track: Sendable {
    var candle = 0
    var holding = 0
    var cashFlow = Money.zero
    var position = Quantity.zero
    /// Position × latest close.
    var worth = Money.zero
  }

  /// A walk along the curve.
  public struct Iterator: IteratorProtocol, Sendable {
    private let curve: PortfolioCurve
    private var tracks: [Track]

    fileprivate init(_ curve: PortfolioCurve) {
      self.curve = curve
      tracks = curve.pairs.map { _ in Track() }
    }

    /// The worth of each pair's position at the point last returned, in the order of registration.
    public var worths: [Money] { tracks.map(\.worth) }

    /// The next point; `nil` after the last.
    public mutating func next() -> EquityPoint? {
      var earliest: Timestamp?
      for pair in tracks.indices where tracks[pair].candle < curve.pairs[pair].candles.count {
        let start = curve.pairs[pair].candles[tracks[pair].candle].start
        earliest = Swift.min(earliest ?? start, start)
      }
      guard let start = earliest else { return nil }
      var equity = curve.startingCash
      var isOpen = false
      for pair in tracks.indices {
        move(pair, to: start)
        equity += tracks[pair].cashFlow + tracks[pair].worth
        if tracks[pair].position != .zero { isOpen = true }
      }
      return EquityPoint(time: start + curve.interval, equity: equity, isOpen: isOpen)
    }

    /// Plays the pair's candle that starts then, if it has one.
    private mutating func move(_ pair: Int, to start: Timestamp) {
      let index = tracks[pair].candle
      guard index < curve.pairs[pair].candles.count,
        curve.pairs[pair].candles[index].start == start
      else { return }
      tracks[pair].candle += 1
      let holdings = curve.pairs[pair].record.holdings
      while tracks[pair].holding < holdings.count,
        holdings[tracks[pair].holding].candle <= index
      {
        tracks[pair].cashFlow = holdings[tracks[pair].holding].cashFlow
        tracks[pair].position = holdings[tracks[pair].holding].position
        tracks[pair].holding += 1
      }
      tracks[pair].worth =
        tracks[pair].position == .zero
        ? .zero : curve.pairs[pair].candles[index].close * tracks[pair].position
    }
  }
}

extension Metrics {
  /// The figures of a portfolio's account.
  public init(_ result: PortfolioResult) {
    self.init(
      curve: PortfolioCurve(result), startingCash: result.startingCash, interval: result.interval,
      begin: result.begin, fills: result.fills.map(\.element),
      trades: result.trades.map(\.element))
  }
}
