public import Execution
public import Market

/// A finished run of several pairs on one account: all that a report is made from; SEMANTICS 8.
///
/// Exact figures only; every double of a report is derived from these.
public struct PortfolioResult: Sendable {
  /// The pairs in the order of registration, each with the settings that are in force for it.
  ///
  /// Of one of these alone, cash and equity mean nothing: the account is shared.
  public var pairs: [RunResult]
  /// The correlation group of each pair; `nil` for a pair that is its own.
  public var groups: [String?]
  /// What the account began with.
  public var startingCash: Money
  /// The candles' length, of all pairs.
  public var interval: TimeSpan
  /// What was allowed.
  public var limits: PortfolioLimits
  /// Every setting that holds for all pairs, in the order of SEMANTICS 9.
  public var settings: [RunResult.Setting]
  /// Those that differ from the defaults.
  public var changed: [RunResult.Setting]

  /// A result of these parts.
  public init(
    pairs: [RunResult], groups: [String?], startingCash: Money, interval: TimeSpan,
    limits: PortfolioLimits, settings: [RunResult.Setting], changed: [RunResult.Setting]
  ) {
    precondition(!pairs.isEmpty && pairs.count == groups.count, "each pair has its group")
    self.pairs = pairs
    self.groups = groups
    self.startingCash = startingCash
    self.interval = interval
    self.limits = limits
    self.settings = settings
    self.changed = changed
  }
}

extension PortfolioResult {
  /// Something that happened to a pair.
  public struct OfPair<Element: Sendable>: Sendable {
    /// The pair's number in the order of registration.
    public var pair: Int
    /// What happened.
    public var element: Element
  }

  /// All fills in the sequence of SEMANTICS 8.3.
  public var fills: [OfPair<Fill>] {
    moments.map { OfPair(pair: $0.pair, element: pairs[$0.pair].record.fills[$0.fill]) }
  }

  /// All trades in the sequence in which they closed.
  public var trades: [OfPair<ClosedTrade>] {
    var next = pairs.map { _ in 0 }
    var trades: [OfPair<ClosedTrade>] = []
    for moment in moments {
      let record = pairs[moment.pair].record
      guard record.holdings[moment.fill].position == .zero else { continue }
      trades.append(OfPair(pair: moment.pair, element: record.trades[next[moment.pair]]))
      next[moment.pair] += 1
    }
    return trades
  }

  /// All refusals, oldest first, those of one time in the order of registration.
  public var refusals: [OfPair<RunRecord.TimedRefusal>] {
    let all = pairs.indices.flatMap { pair in
      pairs[pair].record.refusals.map { OfPair(pair: pair, element: $0) }
    }
    return all.enumerated().sorted {
      ($0.element.element.time, $0.offset) < ($1.element.element.time, $1.offset)
    }.map(\.element)
  }

  /// How often the portfolio cut an entry's size.
  public var sizeCuts: Int { pairs.reduce(0) { $0 + $1.record.sizeCuts } }

  /// The breaker's trip; `nil` where it did not trip.
  public var trip: BreakerTrip? { pairs.compactMap(\.record.trip).first }

  /// The closes at which a day's loss reached its limit, oldest first.
  public var daysLost: [Timestamp] { pairs.flatMap(\.record.daysLost).sorted() }

  /// Cash after the last fill.
  public var finalCash: Money {
    pairs.reduce(startingCash) { $0 + ($1.record.holdings.last?.cashFlow ?? .zero) }
  }

  /// Cash + Σ position × the pair's last close, exact.
  public var finalEquity: Money {
    pairs.reduce(finalCash) { sum, pair in
      sum + (pair.candles.last.map { $0.close * pair.finalPosition } ?? .zero)
    }
  }

  /// The start of the first candle of any pair.
  public var begin: Timestamp? { pairs.compactMap { $0.candles.first?.start }.min() }

  /// A fill of a pair and when it was, to be put in order.
  private struct Moment {
    var pair: Int
    var fill: Int
    var time: Timestamp
    /// At one time the last moves of candles come before the opens of the next.
    var isOpen: Bool
  }

  private var moments: [Moment] {
    var moments: [Moment] = []
    for pair in pairs.indices {
      let record = pairs[pair].record
      for fill in record.fills.indices {
        let time = record.fills[fill].time
        let start = pairs[pair].candles[record.holdings[fill].candle].start
        moments.append(Moment(pair: pair, fill: fill, time: time, isOpen: time == start))
      }
    }
    return moments.sorted {
      ($0.time, $0.isOpen ? 1 : 0, $0.pair, $0.fill) < (
        $1.time, $1.isOpen ? 1 : 0, $1.pair, $1.fill
      )
    }
  }
}
