public import Execution
public import Market
import Strategy

/// Pairs that play ahead of the account, each to its next decision; decision note 10.
///
/// What couples pairs is only the approval of entries: equity, available cash, and limits. So each
/// pair plays its own candles, fills and exits until it wants to enter, and keeps a list of what it
/// does to the account. Turns are then taken in SEMANTICS 8.3's sequence: before a pair decides, the
/// account counts what the others have done up to that moment, and values what they hold. A pair
/// so plays a hundred candles at a time, not one, and its engine stays in the cache meanwhile.
extension Backtest {
  /// Whether nobody looks at the account between decisions.
  @inlinable
  var mayPlayAhead: Bool {
    !portfolio.limits.watchesEquity && pairs.allSatisfy { !$0.isThorough }
  }

  /// Plays all candles that start before a time; then the account is where the pairs are.
  ///
  /// - Throws: `BacktestError` where a position is worth more than `Money` holds.
  @inlinable
  mutating func playAhead(
    _ tracks: inout [CandleTrack], from start: Timestamp, to end: Timestamp
  ) throws(BacktestError) {
    turns.begin(tracks, from: start, to: end, portfolio)
    for pair in pairs.indices { try lead(pair, &tracks) }
    while let pair = turns.next {
      turns.bring(&portfolio, toTurnOf: pair)
      if pairs[pair].isWaiting {
        let last = tracks[pair].candles[tracks[pair].next - 1]
        pairs[pair].decide(on: last, &portfolio)
        try lead(pair, &tracks)
      } else {
        try pairs[pair].play(tracks[pair].candles[tracks[pair].next], &portfolio)
        try lead(pair, &tracks, fromClose: true)
      }
    }
    turns.bringToEnd(&portfolio)
  }

  /// Lets a pair play ahead to its next turn.
  ///
  /// - Parameters:
  ///   - pair: Which.
  ///   - tracks: The candles of each pair; moved on.
  ///   - fromClose: Whether the next candle's points are played already.
  /// - Throws: `BacktestError` where a position is worth more than `Money` holds.
  @inlinable
  mutating func lead(
    _ pair: Int, _ tracks: inout [CandleTrack], fromClose: Bool = false
  ) throws(BacktestError) {
    let (candles, end) = (tracks[pair].candles, turns.ends[pair])
    var next = tracks[pair].next
    turns.beginLead(of: pair, &portfolio)
    if fromClose {
      pairs[pair].close(candles[next], &portfolio)
      next += 1
    }
    if !pairs[pair].isWaiting {
      next = try pairs[pair].play(candles.span, from: next, to: end, &portfolio)
    }
    let turn: TurnTime
    if pairs[pair].isWaiting {
      turn = .close(at: candles[next - 1].start + pairs[pair].interval)
    } else if next < end {
      turn = .points(before: candles[next].start + pairs[pair].interval)
    } else {
      turn = .never
    }
    turns.endLead(
      of: pair, &portfolio, next: turn, candles.span, played: tracks[pair].next..<next)
    tracks[pair].move(to: next)
  }
}
