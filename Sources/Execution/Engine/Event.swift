public import Market

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
  /// An operator sells everything at a limit price now; SEMANTICS 5.10.
  case forceExit(price: Price, time: Timestamp)
  /// An operator stops new entries; exits go on.
  case halt(time: Timestamp)
  /// An operator allows entries again.
  case resume(time: Timestamp)
}
