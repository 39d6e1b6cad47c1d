import JSON
import Market
package import Secrets

extension AdvancedTrade {
  /// A channel of the WebSocket; A.13.
  package enum Channel: String, Hashable, Sendable, CaseIterable {
    /// A sign of life every second, without which most channels close.
    case heartbeats
    /// All trades.
    case marketTrades = "market_trades"
    /// The last trade and the best prices.
    case ticker
    /// Candles of five minutes.
    case candles
    /// Our orders; needs a token.
    case user
  }

  /// The message that subscribes to a channel, or ends that.
  ///
  /// - Parameters:
  ///   - channel: Which.
  ///   - ids: Of heartbeats and user none: theirs are of the connection.
  ///   - token: A `WebToken` for no request, another for each message; `nil` where nothing private is
  ///     asked for.
  ///   - ends: Whether to end it.
  /// - Returns: The bytes of a text frame.
  package static func subscription(
    to channel: Channel, products ids: [String], token: Secret?, ends: Bool = false
  ) -> [UInt8] {
    var members: [(key: String, value: JSONTree)] = [
      ("type", .string(ends ? "unsubscribe" : "subscribe")),
      ("channel", .string(channel.rawValue)),
    ]
    if !ids.isEmpty { members.append(("product_ids", .array(ids.map { .string($0) }))) }
    if let token { members.append(("jwt", .string(token.reveal()))) }
    return JSONTree.object(members).bytes
  }

  /// Reads a message of the WebSocket.
  ///
  /// - Throws: `AnswerDefect`, with the path in the message.
  package static func feedMessage(_ bytes: [UInt8]) throws(AnswerDefect) -> FeedMessage {
    let message = try AnswerObject(parsing: bytes)
    if try message.optionalText("type") == "error" {
      return FeedMessage(events: [.refused(try message.optionalText("message"))])
    }
    let channel = try message.name("channel")
    let events: [[FeedEvent]]
    switch channel {
    case "subscriptions": events = try message.list("events", subscriptions)
    case "heartbeats": events = try message.list("events", heartbeat)
    case "market_trades": events = try message.list("events", trades)
    case "ticker", "ticker_batch": events = try message.list("events", tickers)
    case "candles": events = try message.list("events", candles)
    case "user": events = try message.list("events", orders)
    default: events = [[.other(channel)]]
    }
    return FeedMessage(
      sequence: try message.ordinal("sequence_num"), time: try message.optionalTime("timestamp"),
      events: events.flatMap { $0 })
  }

  private static func isSnapshot(_ event: AnswerObject) throws(AnswerDefect) -> Bool {
    let type = try event.text("type")
    switch type {
    case "snapshot": return true
    case "update": return false
    default: throw .value("type", "snapshot or update", type)
    }
  }

  private static func subscriptions(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    let channels = try event.object("subscriptions") { channels throws(AnswerDefect) in
      var found: [String: [String]] = [:]
      for key in channels.keys { found[key] = try channels.texts(key) }
      return found
    }
    return [.subscribed(channels)]
  }

  private static func heartbeat(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    // `current_time` is in no fixed form, and nobody needs it.
    [.heartbeat(FeedHeartbeat(number: try event.ordinal("heartbeat_counter")))]
  }

  private static func trades(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    let trades = try event.list("trades") { trade throws(AnswerDefect) in
      FeedTrade(
        productID: try trade.name("product_id"), id: try trade.ordinal("trade_id"),
        price: try trade.decimal("price"), size: try trade.computed("size"),
        makerSide: try trade.side("side"), time: try trade.time("time"))
    }
    // They come newest first; the numbers say what was first, and products do not share them.
    let inOrder = trades.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    return [.trades(inOrder, isSnapshot: try isSnapshot(event))]
  }

  private static func tickers(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    try event.list("tickers") { ticker throws(AnswerDefect) in
      .ticker(
        FeedTicker(
          productID: try ticker.name("product_id"), price: try ticker.decimal("price"),
          bid: try ticker.optionalDecimal("best_bid"), ask: try ticker.optionalDecimal("best_ask")))
    }
  }

  private static func candles(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    let candles = try event.list("candles") { row throws(AnswerDefect) in
      FeedCandle(productID: try row.name("product_id"), candle: try candle(row))
    }
    return [
      .candles(
        candles.sorted { $0.candle.start < $1.candle.start }, isSnapshot: try isSnapshot(event))
    ]
  }

  private static func orders(_ event: AnswerObject) throws(AnswerDefect) -> [FeedEvent] {
    guard event["orders"] != nil else { return [.other("user")] }
    let orders = try event.list("orders") { order throws(AnswerDefect) in
      let average: Money? = try order.optionalComputed("avg_price")
      return FeedOrder(
        id: try order.name("order_id"), clientID: try order.optionalText("client_order_id"),
        productID: try order.name("product_id"), side: try order.side("order_side"),
        status: ExchangeOrder.Status(advancedTrade: try order.name("status")),
        trigger: ExchangeOrder.Trigger(advancedTrade: try order.optionalText("trigger_status")),
        filled: try order.computed("cumulative_quantity"),
        left: try order.computed("leaves_quantity"),
        filledValue: try order.optionalComputed("filled_value") ?? .zero,
        averagePrice: average == .zero ? nil : average,
        fees: try order.optionalComputed("total_fees") ?? .zero,
        fillCount: try order.ordinal("number_of_fills"),
        reason: try reason(in: order, ["reject_reason", "reject_Reason", "cancel_reason"]))
    }
    return [.orders(orders, isSnapshot: try isSnapshot(event))]
  }
}

extension AnswerObject {
  /// Reads a message: a text of one object.
  init(parsing bytes: [UInt8]) throws(AnswerDefect) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw AnswerDefect(
        path: "", problem: .kind(expected: "an object", found: "no JSON (\(error))"))
    }
    try self.init(value)
  }

  /// An array of strings.
  func texts(_ key: String) throws(AnswerDefect) -> [String] {
    guard let member = self[key] else { throw AnswerDefect(path: key, problem: .missing) }
    guard member.kind == .array else { throw Self.wrongKind(key, member, "an array") }
    var texts: [String] = []
    for element in member.elements {
      guard let text = element.string else {
        throw Self.wrongKind("\(key)[\(texts.count)]", element, "a string")
      }
      texts.append(text)
    }
    return texts
  }
}
