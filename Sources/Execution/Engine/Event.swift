public import Market
public import Strategy

/// Everything that can happen to the engine.
///
/// Time is in the events; there is no other clock.
public enum Event: Hashable, Sendable {
  /// Something traded on the exchange.
  case trade(price: Price, time: Timestamp)
  /// A candle is complete. Only candles that exist are reported (SEMANTICS 2.3).
  case candleClosed(Candle)
  /// It is this time now: what was to end by then ends. Sent before a close or a candle's first
  /// price that reaches `ExecutionEngine.deadline`, and by live sessions whenever it passes.
  case clock(Timestamp)
  /// The exchange says something about an order.
  case report(OrderReport)
  /// Somebody wants an entry that the strategy has not asked for; it is priced, sized and approved, or
  /// skipped, as the strategy's own.
  case enter(EntrySignal, time: Timestamp)
  /// An operator sells everything at a limit price now; SEMANTICS 5.10.
  case forceExit(price: Price, time: Timestamp)
  /// The entry is to end: the breaker has tripped.
  case cancelEntry(CancelReason, time: Timestamp)
  /// The position is to be sold: the breaker has tripped; SEMANTICS 8.5.
  case liquidate(time: Timestamp)
  /// The decision on the close at which the breaker tripped, which waited for the two above.
  case decide(time: Timestamp)
  /// An operator stops new entries; exits go on.
  case halt(time: Timestamp)
  /// An operator allows entries again.
  case resume(time: Timestamp)
}

extension Event {
  /// When it happens; `nil` for a candle, whose length the event does not know.
  public var time: Timestamp? {
    switch self {
    case .trade(_, let time), .clock(let time), .forceExit(_, let time), .halt(let time),
      .resume(let time), .cancelEntry(_, let time), .liquidate(let time), .decide(let time),
      .enter(_, let time):
      time
    case .report(let report): report.time
    case .candleClosed: nil
    }
  }
}
