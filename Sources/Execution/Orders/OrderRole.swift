/// What an order is for.
public enum OrderRole: String, Hashable, Sendable, Codable, CaseIterable {
  /// Opens a position or adds to it.
  case entry
  /// The stop-limit that follows the price.
  case stop
  /// A limit sell that chases the price after a stop did not fill; SEMANTICS 5.6.
  case escalation
  /// A limit sell that an operator asked for; SEMANTICS 5.10.
  case forced
  /// A limit sell of the portfolio's breaker; SEMANTICS 8.5.
  case liquidation

  /// The exit reason of a trade that an order of this role closed.
  public var exitReason: ExitReason? {
    switch self {
    case .entry: nil
    case .stop: .trailingStop
    case .escalation: .escalated
    case .forced: .forced
    case .liquidation: .liquidation
    }
  }
}

/// What closed a position: the role of the order whose fill did; SEMANTICS 5.7.
public enum ExitReason: String, Hashable, Sendable, CaseIterable {
  /// The stop itself.
  case trailingStop = "trailing_stop"
  /// A rescue after the stop was left unsold.
  case escalated
  /// An operator.
  case forced
  /// The breaker.
  case liquidation
}

/// Why the engine asked for the end of an order.
public enum CancelReason: String, Hashable, Sendable, Codable, CaseIterable {
  /// The entry's time was over; SEMANTICS 4.5.
  case expiry
  /// The stop was triggered, so the entry's rest must not fill any more; SEMANTICS 5.5.
  case stopTriggered = "stop"
  /// The stop moves up; SEMANTICS 5.4.
  case ratchet
  /// The position's quantity changed; SEMANTICS 5.3.
  case quantity
  /// A rescue takes over; SEMANTICS 5.6.
  case escalation
  /// An operator asked to sell; SEMANTICS 5.10.
  case forced
  /// The breaker tripped; SEMANTICS 8.5.
  case breaker
  /// The position is gone.
  case flat
  /// An operator asked for the entry's end.
  case requested = "operator"
}
