public import Execution
public import Market

/// Whose turn it is among pairs that play ahead of the account, and what they have done meanwhile.
///
/// Time is counted in slots, one for each candle that a pair may have from the start on.
@usableFromInline
struct Turns {
  /// The most candles that a pair may be ahead; `PairBacktest.highestCountable` counts on it.
  @inlinable static var longestLead: Int { 4096 }

  /// When each pair needs the account next.
  @usableFromInline private(set) var moments: [TurnTime]
  /// The first candle of each pair that is not to be played now.
  @usableFromInline private(set) var ends: [Int] = []
  /// The most slots from the start to the end.
  private let most: Int
  private let interval: TimeSpan
  /// The start of the first slot.
  private var start = Timestamp(nanoseconds: 0)
  /// The last turn.
  private var last = (moment: TurnTime.first, pair: -1)

  /// What each pair did ahead of the account, oldest first.
  private var changes: [[AccountChange]]
  /// How many of those the account has counted.
  private var counted: [Int]
  /// When the next of them counts.
  private var dues: [TurnTime]
  /// The latest close of each pair at the end of each slot, beginning with what was before the first.
  ///
  /// Written as the pair plays, since a turn needs one of every pair and their candles lie far apart:
  /// eight slots of a pair fill a line of the cache, and those of the next pair stand beside them.
  private var closes: [Price] = []
  /// How many of its own each pair has written.
  private var written: [Int]
  /// What is found on the way to a turn; kept for its memory.
  private var found: [(pair: Int, close: Price)] = []

  /// Room for so many pairs.
  @usableFromInline
  init(pairs count: Int, most: Int, interval: TimeSpan) {
    self.most = most
    self.interval = interval
    moments = Array(repeating: .never, count: count)
    changes = Array(repeating: [], count: count)
    counted = Array(repeating: 0, count: count)
    written = counted
    dues = moments
  }

  /// Begins anew: every pair is where the account is.
  @usableFromInline
  mutating func begin(
    _ tracks: borrowing [CandleTrack], from start: Timestamp, to end: Timestamp,
    _ portfolio: borrowing Portfolio
  ) {
    self.start = start
    ends = tracks.map { $0.index(of: end) }
    last = (.first, -1)
    if closes.isEmpty { closes = Array(repeating: .zero, count: moments.count * (most + 8)) }
    for pair in moments.indices {
      written[pair] = 1
      closes[place(of: pair, 0)] = portfolio.pairs[pair].close
    }
  }

  /// The pair with the earliest turn, the first registered of several; `nil` where none has one.
  @usableFromInline
  var next: Int? {
    // Who shares a moment with the last one stands behind it: mostly one does, and not far.
    for pair in last.pair + 1..<moments.count where moments[pair] == last.moment { return pair }
    var first = 0
    for pair in moments.indices where moments[pair] < moments[first] { first = pair }
    return moments[first] < .never ? first : nil
  }

  /// From now on a pair's changes go into its list; the account has counted all that are there.
  @usableFromInline
  mutating func beginLead(of pair: Int, _ portfolio: inout Portfolio) {
    changes[pair].removeAll(keepingCapacity: true)
    counted[pair] = 0
    swap(&portfolio.pending, &changes[pair])
    portfolio.lead = .never
  }

  /// A pair has played some candles and stands before its next turn.
  @usableFromInline
  mutating func endLead(
    of pair: Int, _ portfolio: inout Portfolio, next: TurnTime, _ candles: borrowing Span<Candle>,
    played: Range<Int>
  ) {
    portfolio.lead = nil
    swap(&portfolio.pending, &changes[pair])
    dues[pair] = changes[pair].first?.moment ?? .never
    moments[pair] = next
    var slot = written[pair]
    var close = closes[place(of: pair, slot - 1)]
    var time = start + interval * (slot - 1)
    for index in played {
      let candle = candles[index]
      while time < candle.start {
        closes[place(of: pair, slot)] = close
        slot += 1
        time = time + interval
      }
      close = candle.close
      closes[place(of: pair, slot)] = close
      slot += 1
      time = time + interval
    }
    written[pair] = slot
  }

  /// Brings the account to the turn of a pair; SEMANTICS 8.3.
  ///
  /// It counts what comes before, and values what the pairs hold at their latest closes: at the time
  /// of the turn itself those of the pairs registered before, and the pair's own.
  @usableFromInline
  mutating func bring(_ portfolio: inout Portfolio, toTurnOf pair: Int) {
    let moment = moments[pair]
    // Where a pair has just had its turn at this moment only those behind it have come closer.
    let first = moment == last.moment ? last.pair + 1 : 0
    bring(&portfolio, first..<pair + 1, before: moment.next)
    if moment > last.moment { bring(&portfolio, pair + 1..<moments.count, before: moment) }
    last = (moment, pair)
  }

  /// Brings the account to where all pairs are.
  @usableFromInline
  mutating func bringToEnd(_ portfolio: inout Portfolio) {
    for pair in moments.indices {
      count(of: pair, before: .never, &portfolio)
      portfolio.revalue(pair, at: closes[place(of: pair, written[pair] - 1)])
    }
  }

  /// Brings some pairs' part of the account to where all before a moment has happened.
  private mutating func bring(
    _ portfolio: inout Portfolio, _ range: Range<Int>, before end: TurnTime
  ) {
    let slots = end.slots(of: interval, since: start)
    for pair in range {
      if dues[pair] < end { count(of: pair, before: end, &portfolio) }
      guard portfolio.pairs[pair].quantity != .zero else { continue }
      // A pair without a candle in the last of the slots has written no close there.
      found.append((pair, closes[place(of: pair, min(slots, written[pair] - 1))]))
    }
    portfolio.revalue(found)
    found.removeAll(keepingCapacity: true)
  }

  private func place(of pair: Int, _ slot: Int) -> Int {
    ((slot >> 3) * moments.count + pair) << 3 | (slot & 7)
  }

  private mutating func count(of pair: Int, before end: TurnTime, _ portfolio: inout Portfolio) {
    while dues[pair] < end {
      portfolio.count(changes[pair][counted[pair]], of: pair)
      counted[pair] += 1
      dues[pair] =
        counted[pair] < changes[pair].count ? changes[pair][counted[pair]].moment : .never
    }
  }
}
