public import Market

/// Made-up candles of a market that follows another: the other's moves, and moves of its own on top.
///
/// Each price is the leader's and the own walk's, both as multiples of where they began, times the start
/// price, rounded to the tick. So two followers of one leader move together without being the same, the
/// less so the more their own walks move. Time, gaps and volume are the leader's; the own walk is
/// counted by candles, and ends the sequence where it is the shorter one.
public struct FollowingCandles: Sequence, IteratorProtocol, Sendable {
  private var leader: SyntheticCandles
  private var own: SyntheticCandles
  private let leaderStart: Double
  private let ownStart: Double
  private let startPrice: Double
  private let tick: Price

  /// A follower.
  ///
  /// - Parameters:
  ///   - leader: The market that is followed.
  ///   - own: The walk on top; its prices matter only as multiples of its start price.
  ///   - startPrice: The first open, above 0.
  ///   - tick: All prices are multiples of it.
  public init(
    _ leader: SyntheticCandles.Settings, own: SyntheticCandles.Settings, startPrice: Price,
    tick: Price
  ) {
    self.leader = SyntheticCandles(leader)
    self.own = SyntheticCandles(own)
    leaderStart = Double(leader.startPrice.steps)
    ownStart = Double(own.startPrice.steps)
    self.startPrice = Double(startPrice.steps / tick.steps)
    self.tick = tick
  }

  /// The next candle.
  public mutating func next() -> Candle? {
    guard let lead = leader.next(), let walk = own.next() else { return nil }
    let open = price(lead.open, walk.open)
    let close = price(lead.close, walk.close)
    return Candle(
      start: lead.start, open: open, high: Swift.max(price(lead.high, walk.high), open, close),
      low: Swift.min(price(lead.low, walk.low), open, close), close: close, volume: lead.volume)
  }

  private func price(_ lead: Price, _ walk: Price) -> Price {
    let level = startPrice * (Double(lead.steps) / leaderStart) * (Double(walk.steps) / ownStart)
    return Price(steps: Int64(Swift.min(Swift.max(level, 1), 1e9).rounded()) * tick.steps)
  }
}
