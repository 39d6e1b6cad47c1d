public import Execution
public import Market

/// The account as a pair finds it when it decides on a close; SEMANTICS 8.3 to 8.6.
///
/// At one time pairs decide in the order of registration. What those before have done at this close is
/// in it: their new closes, their entries. What those behind will do is not.
public struct AccountMoment: Hashable, Sendable {
  /// What the account has in one of its pairs.
  public struct Stake: Hashable, Sendable {
    /// What is held.
    public var position: Quantity
    /// The price at which that counts: the latest close that is known.
    public var close: Price
    /// What a working entry has not filled; 0 where there is none.
    public var unfilled: Quantity
    /// That entry's limit; 0 where there is none.
    public var limit: Price

    /// Position × latest close.
    public var worth: Money { close * position }
    /// What the entry may still cost, fees aside.
    public var ordered: Money { limit * unfilled }
    /// Both; 8.4(c).
    public var exposure: Money { worth + ordered }
    /// Whether there is a position or a working entry; 8.4(a).
    public var isActive: Bool { position != .zero || unfilled != .zero }
  }

  /// A day whose loss is limited; 8.6.
  public struct Day: Hashable, Sendable {
    /// Its first close event.
    public var firstTime: Timestamp
    /// Equity then.
    public var firstEquity: Money
    /// When the loss reached the limit; `nil` where it has not.
    public var lost: Timestamp?
  }

  /// The time of the close.
  public let time: Timestamp
  /// Who decides, by number.
  public let pair: Int
  /// Quote currency in hand.
  public private(set) var cash: Money
  /// What there is of each pair, in the order of registration.
  public private(set) var stakes: [Stake] = []
  /// The cash that no working entry may need; 8.2.
  public private(set) var available: WideMoney
  /// The breaker's trip; `nil` where it has not tripped.
  public private(set) var trip: BreakerTrip?
  /// The day, where its loss is limited.
  public private(set) var day: Day?

  /// Cash + Σ position × latest close.
  public var equity: Money { stakes.reduce(cash) { $0 + $1.worth } }

  /// The account when a pair decided.
  ///
  /// - Parameters:
  ///   - pair: Who decides, by number; a candle of it closes then.
  ///   - time: The time of the close.
  ///   - result: The run up to that time: its candles are those that have closed by then.
  ///   - engines: What each pair's engine was told.
  public init(
    of pair: Int, at time: Timestamp, in result: PortfolioResult, engines: [EngineSettings]
  ) {
    self.time = time
    self.pair = pair
    trip =
      result.pairs.enumerated().lazy.compactMap { number, run in
        run.record.trip.flatMap { $0.time < time || number <= pair ? $0 : nil }
      }.first
    cash = result.startingCash
    available = .init(.zero)
    var reserved = WideMoney(.zero)
    for (number, run) in result.pairs.enumerated() {
      let holding = run.record.holdings.last
      cash += holding?.cashFlow ?? .zero
      var stake = Stake(
        position: holding?.position ?? .zero,
        close: Self.close(of: run, at: time, isSeen: number <= pair), unfilled: .zero,
        limit: .zero)
      if let entry = entry(of: run.record, isBehind: number > pair, isSelf: number == pair) {
        stake.unfilled = entry.order.quantity - entry.filled
        stake.limit = entry.order.limit
        reserved =
          reserved + WideMoney(stake.ordered, times: engines[number].takerRate.growth)
      }
      stakes.append(stake)
    }
    available = WideMoney(cash) - reserved
    if result.limits.dailyLossLimit != nil { day = day(of: result) }
  }

  /// The pair's latest close; that of this very time only where its event has come.
  private static func close(of run: RunResult, at time: Timestamp, isSeen: Bool) -> Price {
    run.candles.last { isSeen ? $0.start + run.interval <= time : $0.start + run.interval < time }?
      .close ?? .zero
  }

  /// The entry of a pair that works at that moment.
  private func entry(
    of record: RunRecord, isBehind: Bool, isSelf: Bool
  ) -> RunRecord.OrderEntry? {
    let entry = record.orders.last {
      // What is submitted at this close is not there yet, of this pair and of those behind.
      $0.role == .entry && !((isBehind || isSelf) && $0.order.submitted == time)
    }
    guard let entry, entry.filled < entry.order.quantity else { return nil }
    guard let done = entry.done else { return entry }
    guard done == time else { return nil }
    switch entry.cancelReason {
    // At its close event, which is yet to come of those behind.
    case .expiry: return isBehind ? entry : nil
    case .breaker: return trip == nil ? entry : nil
    case .stopTriggered, .ratchet, .quantity, .escalation, .forced, .flat, .requested, nil:
      return nil
    }
  }

  /// The day of the candle that closes, and equity at its first close event, valued as here.
  private func day(of result: PortfolioResult) -> Day? {
    let interval = result.interval
    let today = Timestamp(nanoseconds: time.nanoseconds - interval.nanoseconds).day
    let firsts = result.pairs.map { run in run.candles.first { $0.start.day == today }?.start }
    guard let start = firsts.compactMap({ $0 }).min(),
      let first = firsts.firstIndex(of: start)
    else { return nil }
    let begin = start + interval
    var equity = result.startingCash
    for (number, run) in result.pairs.enumerated() {
      let played = run.candles.prefix { $0.start + interval <= begin }.count
      guard let holding = run.record.holdings.last(where: { $0.candle < played }) else { continue }
      equity += holding.cashFlow
      equity += Self.close(of: run, at: begin, isSeen: number <= first) * holding.position
    }
    let lost = result.pairs.enumerated().flatMap { number, run in
      run.record.daysLost.filter {
        Timestamp(nanoseconds: $0.nanoseconds - interval.nanoseconds).day == today
          && ($0 < time || number <= pair)
      }
    }
    return Day(firstTime: begin, firstEquity: equity, lost: lost.min())
  }
}
