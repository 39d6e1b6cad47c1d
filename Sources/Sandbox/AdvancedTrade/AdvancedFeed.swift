import JSON
import Market

/// A WebSocket of Advanced Trade; coinbase.md A.13.
struct AdvancedFeed: FeedSession {
  /// A channel as it is subscribed.
  enum Channel: String, Hashable, Sendable, CaseIterable {
    case heartbeats, candles, ticker, status, user, level2
    case marketTrades = "market_trades"
    case tickerBatch = "ticker_batch"

    /// What its messages call it.
    var pushedAs: String { self == .level2 ? "l2_data" : rawValue }
  }

  /// The markets of each channel.
  private(set) var subscriptions: [Channel: Set<Int>] = [:]
  private var sequence: UInt64 = 0
  private var heartbeats: Int64 = 0
  /// When a product's `ticker_batch` was sent last.
  var lastBatch: [Int: Timestamp] = [:]
  /// What a product's `level2` showed last.
  var lastLevels: [Int: (bid: Price, ask: Price)] = [:]

  let api = Visitor.API.advanced
  var isSubscribed: Bool { !subscriptions.isEmpty }

  var followsTrades: Bool {
    subscriptions[.marketTrades] != nil || subscriptions[.ticker] != nil
  }

  // MARK: - Messages of the client

  mutating func receive(
    _ message: JSONValue, _ exchange: SandboxExchange, _ door: Doorkeeper, clock: Timestamp
  ) -> [JSONTree] {
    let ends: Bool
    switch message["type"]?.string {
    case "subscribe"?: ends = false
    case "unsubscribe"?: ends = true
    default: return [Self.refusal("subscribe or unsubscribe required")]
    }
    guard let channel = Channel(rawValue: message["channel"]?.string ?? "") else {
      return [Self.refusal("authentication failure")]  // So it calls unknown channels too.
    }
    if let token = message["jwt"]?.string, !token.isEmpty {
      do { _ = try door.admit(token: token, now: clock) } catch {
        return [Self.refusal("authentication failure")]
      }
    } else if channel == .user {
      return [Self.refusal("authentication failure")]
    }
    var markets = Set(exchange.markets.indices)
    if let ids = message["product_ids"], ids.count > 0 {
      markets = []
      for id in ids.elements {
        guard let market = exchange.market(aliased: id.string ?? "") else {
          return [Self.refusal("product_id \(id) is not listed here")]
        }
        markets.insert(market)
      }
    }
    if ends {
      let left = (subscriptions[channel] ?? []).subtracting(markets)
      subscriptions[channel] = left.isEmpty ? nil : left
      return [answer(exchange)]
    }
    subscriptions[channel, default: []].formUnion(markets)
    // One by one: each takes the next number.
    var messages = [answer(exchange)]
    if channel == .heartbeats { messages.append(heartbeat(exchange.announced, exchange)) }
    return messages + snapshot(channel, markets.sorted(), exchange)
  }

  private static func refusal(_ message: String) -> JSONTree {
    .object([("type", .string("error")), ("message", .string(message))])
  }

  /// What is subscribed now, whole.
  private mutating func answer(_ exchange: SandboxExchange) -> JSONTree {
    var members: [(key: String, value: JSONTree)] = []
    for channel in Channel.allCases {
      guard let markets = subscriptions[channel] else { continue }
      let names =
        channel == .user
        ? [exchange.names.user] : markets.sorted().map { exchange.markets[$0].id }
      members.append((channel.rawValue, .array(names.map { .string($0) })))
    }
    return envelope("subscriptions", exchange, .object([("subscriptions", .object(members))]))
  }

  /// A message with the next number: they count over all channels.
  mutating func envelope(
    _ channel: String, _ exchange: SandboxExchange, _ event: JSONTree, at time: Timestamp? = nil
  ) -> JSONTree {
    defer { sequence += 1 }
    return .object([
      ("channel", .string(channel)), ("client_id", .string("")),
      ("timestamp", .string("\(time ?? exchange.now)")), ("sequence_num", .number("\(sequence)")),
      ("events", .array([event])),
    ])
  }

  // MARK: - News

  mutating func tell(_ news: ExchangeNews, _ exchange: SandboxExchange) -> [JSONTree] {
    switch news {
    case .trade(let trade): return tell(trade, exchange)
    case .heartbeat(let time):
      guard subscriptions[.heartbeats] != nil else { return [] }
      return [heartbeat(time, exchange)]
    case .order(let order, let step):
      guard subscriptions[.user]?.contains(order.market) == true else { return [] }
      // The fill that ended it has been told, with this status.
      if step == .ended, order.status == .filled { return [] }
      return [envelope("user", exchange, Self.userEvent("update", [order], exchange))]
    }
  }

  private mutating func heartbeat(_ time: Timestamp, _ exchange: SandboxExchange) -> JSONTree {
    defer { heartbeats += 1 }
    return envelope(
      "heartbeats", exchange,
      .object([
        ("current_time", .string(Self.freeForm(time))),
        ("heartbeat_counter", .integer(heartbeats)),
      ]), at: time)
  }

  /// As the exchange's program prints its clock.
  private static func freeForm(_ time: Timestamp) -> String {
    time.description.replacing("T", with: " ").replacing("Z", with: " +0000 UTC")
  }

  static func userEvent(
    _ type: String, _ orders: [SandboxOrder], _ exchange: SandboxExchange
  ) -> JSONTree {
    .object([
      ("type", .string(type)),
      ("orders", .array(orders.map { AdvancedOrders.feedOrder($0, exchange) })),
      (
        "positions",
        .object([
          ("perpetual_futures_positions", .array([])), ("expiring_futures_positions", .array([])),
        ])
      ),
    ])
  }
}
