public import Market

/// What the engine wants done at the exchange.
public enum Command: Hashable, Sendable {
  /// Place this order. Sending it twice is harmless: its id is deterministic.
  case submit(Order, role: OrderRole)
  /// Take this order out of the book; whether that worked comes back as a report.
  case cancel(ClientOrderID, reason: CancelReason)
}
