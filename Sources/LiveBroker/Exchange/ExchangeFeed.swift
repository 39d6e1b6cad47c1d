import JSON
import Market
package import Secrets

/// The WebSocket feed of the Exchange API; B.3.
package enum ExchangeFeed {
  /// A channel.
  package enum Channel: String, Hashable, Sendable, CaseIterable {
    /// A sign of life every second and product.
    case heartbeat
    /// The last trade and the best prices.
    case ticker
    /// All trades.
    case matches
    /// The life of our orders, and trades that concern us; needs a signature.
    case user
  }

  /// What proves who subscribes.
  package struct Proof: Sendable {
    /// The key's name.
    package var key: String
    /// Of time, `GET` and `/users/self/verify`.
    package var signature: String
    /// The key's passphrase.
    package var passphrase: Secret
    /// Seconds since 1970.
    package var timestamp: String

    /// A proof of these parts.
    package init(key: String, signature: String, passphrase: Secret, timestamp: String) {
      self.key = key
      self.signature = signature
      self.passphrase = passphrase
      self.timestamp = timestamp
    }
  }

  /// The message that subscribes to channels, or ends that.
  package static func subscription(
    to channels: [Channel], products ids: [String], proof: Proof?, ends: Bool = false
  ) -> [UInt8] {
    var members: [(key: String, value: JSONTree)] = [
      ("type", .string(ends ? "unsubscribe" : "subscribe")),
      ("product_ids", .array(ids.map { .string($0) })),
      ("channels", .array(channels.map { .string($0.rawValue) })),
    ]
    if let proof {
      members += [
        ("signature", .string(proof.signature)), ("key", .string(proof.key)),
        ("passphrase", .string(proof.passphrase.reveal())), ("timestamp", .string(proof.timestamp)),
      ]
    }
    return JSONTree.object(members).bytes
  }

  /// Reads a message of the feed.
  ///
  /// - Throws: `AnswerDefect`, with the path in the message.
  package static func message(_ bytes: [UInt8]) throws(AnswerDefect) -> FeedMessage {
    let message = try AnswerObject(parsing: bytes)
    let type = try message.name("type")
    return FeedMessage(
      sequence: message["sequence"] == nil ? nil : try message.ordinal("sequence"),
      time: try message.optionalTime("time"), events: try events(of: type, message))
  }

  private static func events(
    of type: String, _ message: AnswerObject
  ) throws(AnswerDefect) -> [FeedEvent] {
    switch type {
    case "error":
      let words = [
        try message.optionalText("message"), try message.optionalText("reason"),
      ].filter { !$0.isEmpty }
      return [.refused(words.joined(separator: ": "))]
    case "subscriptions":
      var found: [String: [String]] = [:]
      let channels = try message.list("channels") { channel throws(AnswerDefect) in
        (
          try channel.name("name"),
          channel["product_ids"] == nil ? [] : try channel.texts("product_ids")
        )
      }
      for (name, ids) in channels { found[name] = ids }
      return [.subscribed(found)]
    case "heartbeat":
      let number = try message.ordinal("last_trade_id")
      return [
        .heartbeat(FeedHeartbeat(productID: try message.name("product_id"), number: number))
      ]
    case "ticker", "ticker_batch":
      return [
        .ticker(
          FeedTicker(
            productID: try message.name("product_id"), price: try message.decimal("price"),
            bid: try message.optionalDecimal("best_bid"),
            ask: try message.optionalDecimal("best_ask"),
            tradeID: message["trade_id"] == nil ? nil : try message.ordinal("trade_id")))
      ]
    case "match", "last_match": return try matches(message, isSnapshot: type == "last_match")
    case "received":
      return [try news(message, .received(clientID: try message.optionalText("client_oid")))]
    case "open": return [try news(message, .open(left: try message.computed("remaining_size")))]
    case "done":
      let reason = try message.text("reason")
      guard ["filled", "canceled", "cancelled"].contains(reason) else {
        throw .value("reason", "reason", reason)
      }
      let left: Quantity? = try message.optionalComputed("remaining_size")
      return [try news(message, .done(isFilled: reason == "filled", left: left))]
    case "change":
      return [try news(message, .changed(size: try message.optionalComputed("new_size")))]
    case "activate": return [try news(message, .stopPlaced)]
    default: return [.other(type)]
    }
  }

  private static func news(
    _ message: AnswerObject, _ step: FeedOrderNews.Step, order key: String = "order_id"
  ) throws(AnswerDefect) -> FeedEvent {
    .news(
      FeedOrderNews(
        orderID: try message.name(key), productID: try message.name("product_id"), step: step))
  }

  /// A trade, and to its owner, whom the message names, what it means to his order.
  private static func matches(
    _ message: AnswerObject, isSnapshot: Bool
  ) throws(AnswerDefect) -> [FeedEvent] {
    let trade = FeedTrade(
      productID: try message.name("product_id"), id: try message.ordinal("trade_id"),
      price: try message.decimal("price"), size: try message.computed("size"),
      makerSide: try message.side("side"), time: try message.time("time"))
    var events: [FeedEvent] = [.trades([trade], isSnapshot: isSnapshot)]
    guard message["user_id"] != nil else { return events }
    for (mark, key, isMaker) in [
      ("maker_user_id", "maker_order_id", true), ("taker_user_id", "taker_order_id", false),
    ] where message[mark] != nil {
      events.append(try news(message, .match(trade, isMaker: isMaker), order: key))
    }
    return events
  }
}
