public import Execution
public import Market
public import Strategy

/// Plays the candles of a portfolio's pairs against their simulated markets; SEMANTICS 6 and 8.3.
///
/// Pairs share one account and one grid of candles. What a pair's market does within a candle
/// concerns no other pair before the close: so at each start of candles every pair's four points are
/// played, pair by pair, and then every pair's close event. Where only one pair has candles, a pair
/// alone above all, they pass in one loop as long as nothing happens. And where nobody looks at the
/// account between decisions, each pair plays ahead to its next decision (`Backtest+Ahead`).
public struct Backtest<S: TradingStrategy, J: Journal> where J.Failure == Never {
  /// The account and its limits.
  public var portfolio: Portfolio
  /// The pairs in the order of registration.
  public var pairs: [PairBacktest<S, J>]
  /// Where pairs play ahead of the account.
  @usableFromInline var turns: Turns

  /// A run before its first candle.
  ///
  /// - Parameters:
  ///   - portfolio: With as many pairs as there are; their numbers are those of the engines.
  ///   - pairs: In the order of registration; all of one interval.
  @inlinable
  public init(portfolio: Portfolio, pairs: [PairBacktest<S, J>]) {
    precondition(
      portfolio.pairs.count == pairs.count && !pairs.isEmpty,
      "a portfolio of \(portfolio.pairs.count) pairs cannot play \(pairs.count)")
    precondition(
      pairs.allSatisfy { $0.interval == pairs[0].interval }, "all pairs have one interval")
    for (index, pair) in pairs.enumerated() {
      precondition(
        pair.loop.engine.settings.pair == index, "pair \(index) has an engine of another number")
    }
    self.portfolio = portfolio
    self.pairs = pairs
    turns = Turns(pairs: pairs.count, most: Turns.longestLead, interval: pairs[0].interval)
  }

  /// Plays the candles of all pairs that start before a time.
  ///
  /// - Parameters:
  ///   - tracks: The candles of each pair; moved on.
  ///   - end: Candles that start at this time or later are left for another call.
  /// - Throws: `BacktestError` where a position is worth more than `Money` holds.
  @inlinable
  public mutating func play(
    _ tracks: inout [CandleTrack], until end: Timestamp = .endOfTracks
  ) throws(BacktestError) {
    while true {
      let (time, alone, rival) = Self.earliest(tracks)
      guard time < end else { return }
      if let pair = alone {
        let bound = tracks[pair].index(of: min(rival, end))
        let candles = tracks[pair].candles
        let wasTripped = portfolio.isTripped
        tracks[pair].move(
          to: try pairs[pair].play(
            candles.span, from: tracks[pair].next, to: bound, &portfolio))
        if portfolio.isTripped, !wasTripped { liquidate(after: pair) }
        continue
      }
      if mayPlayAhead {
        let span = pairs[0].interval * Turns.longestLead
        try playAhead(&tracks, from: time, to: min(end, time + span))
        continue
      }
      for pair in tracks.indices where tracks[pair].start == time {
        try pairs[pair].play(tracks[pair].candles[tracks[pair].next], &portfolio)
      }
      for pair in tracks.indices where tracks[pair].start == time {
        close(tracks[pair].candles[tracks[pair].next], of: pair)
        tracks[pair].move(to: tracks[pair].next + 1)
      }
    }
  }

  /// The earliest start of a candle, the pair that has it where only one does, and the earliest start
  /// of any other pair.
  @inlinable
  static func earliest(
    _ tracks: [CandleTrack]
  ) -> (time: Timestamp, alone: Int?, rival: Timestamp) {
    var first = 0
    var (time, rival) = (tracks[0].start, Timestamp.endOfTracks)
    for pair in tracks.indices.dropFirst() {
      let start = tracks[pair].start
      if start < time {
        (first, time, rival) = (pair, start, time)
      } else if start < rival {
        rival = start
      }
    }
    return (time, rival > time ? first : nil, rival)
  }

  /// A pair's close event, and the sale of everything where the breaker trips at it; SEMANTICS 8.5.
  @inlinable
  mutating func close(_ candle: Candle, of pair: Int) {
    let wasTripped = portfolio.isTripped
    pairs[pair].close(candle, &portfolio)
    if portfolio.isTripped, !wasTripped { liquidate(after: pair) }
  }

  /// Cancels every entry, sells every position, and lets the pair that tripped the breaker decide.
  @usableFromInline
  mutating func liquidate(after pair: Int) {
    guard let time = portfolio.trip?.time else { return }
    for index in pairs.indices {
      pairs[index].deliver(.cancelEntry(.breaker, time: time), &portfolio)
    }
    for index in pairs.indices { pairs[index].deliver(.liquidate(time: time), &portfolio) }
    pairs[pair].deliver(.decide(time: time), &portfolio)
  }
}
