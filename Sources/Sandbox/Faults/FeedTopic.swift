import JSON

/// What a message of a feed is about, as a file of faults names it.
package enum FeedTopic: String, Hashable, Sendable, CaseIterable {
  case trades, ticker, heartbeats, candles, book, status
  /// The account's own orders.
  case user

  /// Tells it from a message of either API; `nil` of answers to subscriptions.
  init?(_ message: JSONTree) {
    guard case .object(let members) = message,
      let member = members.first(where: { $0.key == "channel" || $0.key == "type" }),
      case .string(let name) = member.value
    else { return nil }
    switch name {
    case "market_trades", "match", "last_match": self = .trades
    case "ticker", "ticker_batch": self = .ticker
    case "heartbeats", "heartbeat": self = .heartbeats
    case "candles": self = .candles
    case "l2_data", "snapshot", "l2update": self = .book
    case "status": self = .status
    case "user", "received", "open", "done", "change", "activate": self = .user
    default: return nil
    }
  }
}
