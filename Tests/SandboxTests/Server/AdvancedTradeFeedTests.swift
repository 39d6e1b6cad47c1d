import JSON
import Market
import Matching
import Network
import Sandbox
import TestKit
import Testing

@testable import LiveBroker

@Suite("The WebSocket of Advanced Trade, read by our client", .timeLimit(.minutes(10)))
struct AdvancedTradeFeedTests {
  private static let candles = [
    Candle(0, open: "100", high: "104", low: "95", close: "102", volume: "1000"),
    Candle(1, open: "102", high: "102", low: "90", close: "91", volume: "1000"),
  ]
  private static let settings = SandboxSettings(
    listings: [Listing(Product(id: "BTC-USD"), model: .free)])

  @Test func `who does not subscribe in time is sent away`() async throws {
    try await Rehearsal.run(
      Self.settings, [Self.candles], subscribedWithin: .milliseconds(1)
    ) { rehearsal in
      let socket = try await rehearsal.sockets.connect(
        to: WebAddress(endpoint: rehearsal.sandbox.endpoint, target: "/"), timeout: .seconds(500))
      #expect(try await socket.receive() == nil)
      #expect(socket.closing?.code == 1008)
    }
  }

  @Test func `each subscription is answered, and numbers count over all channels`() async throws {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      var check = SequenceCheck()
      func next() async throws -> [FeedEvent] {
        let message = try await feed.message()
        let number = try #require(message.sequence)
        #expect(check.take(number) && message.time == .testStart)
        return message.events
      }
      try await feed.subscribe(.heartbeats)
      #expect(try await next() == [.subscribed(["heartbeats": ["BTC-USD"]])])
      // The time of the moment, at once.
      #expect(try await next() == [.heartbeat(FeedHeartbeat(number: 0))])
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      #expect(
        try await next()
          == [.subscribed(["heartbeats": ["BTC-USD"], "market_trades": ["BTC-USD"]])])
      #expect(try await next() == [.trades([], isSnapshot: true)])
      try await feed.subscribe(.ticker, ["BTC-USDC"])
      _ = try await next()
      guard case .ticker(let ticker)? = try await next().first else {
        Issue.record("no ticker")
        return
      }
      #expect(ticker.productID == "BTC-USD" && ticker.price == 100)
      #expect(ticker.bid == price("99.99") && ticker.ask == price("100.01"))
      try await feed.subscribe(.candles, ["BTC-USD"])
      _ = try await next()
      #expect(try await next() == [.candles([], isSnapshot: true)])
      try await feed.subscribe(.ticker, ["BTC-USD"], ends: true)
      guard case .subscribed(let left)? = try await next().first else {
        Issue.record("no answer")
        return
      }
      #expect(Set(left.keys) == ["heartbeats", "market_trades", "candles"])
      await feed.socket.close()
    }
  }

  @Test func `what is no subscription, and one without a right token, is refused`() async throws {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      for text in ["", "{}", "[]", #"{"type":"hello"}"#] {
        try await feed.socket.send(text)
        #expect(
          try await feed.message().events == [.refused("subscribe or unsubscribe required")])
      }
      for text in [
        #"{"type":"subscribe","channel":"nothing"}"#, #"{"type":"subscribe","channel":"user"}"#,
        #"{"type":"subscribe","channel":"ticker","jwt":"a.b.c"}"#,
      ] {
        try await feed.socket.send(text)
        #expect(try await feed.message().events == [.refused("authentication failure")])
      }
      // Refusals have no number.
      try await feed.subscribe(.user, isSigned: true)
      #expect(try await feed.message().sequence == 0)
      #expect(try await feed.message().events == [.orders([], isSnapshot: true)])
      await feed.socket.close()
    }
  }

  @Test("Open orders come in batches of 50, the last of which has fewer", arguments: [49, 50, 51])
  func batches(count: Int) async throws {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      for number in 1...count {
        _ = try await rehearsal.ask(
          AdvancedTrade.place(wish(UInt64(number), limit: "50", size: "0.1")))
      }
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.user, isSigned: true)
      _ = try await feed.message()
      var sizes: [Int] = []
      repeat {
        guard case .orders(let orders, isSnapshot: true)? = try await feed.message().events.first
        else {
          Issue.record("no orders")
          return
        }
        sizes.append(orders.count)
      } while sizes.last == 50
      #expect(sizes == (count < 50 ? [count] : [50, count - 50]))
      await feed.socket.close()
    }
  }

  /// What a client sees of the life of its orders, between trades.
  private enum Seen: Equatable {
    case trade(Price)
    case order(String, ExchangeOrder.Status, ExchangeOrder.Trigger, filled: Quantity)
    case beat
  }

  @Test func `a fill is told before the price goes on, and what is sent on it is looked at there`()
    async throws
  {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.heartbeats)
      try await feed.subscribe(.user, isSigned: true)
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = {
        try await rehearsal.sandbox.play()
        await rehearsal.sandbox.stop()
      }()
      var seen: [Seen] = []
      var isBought = false
      do {
        while let item = try await feed.next() {
          switch item {
          case .ping(let payload): try await feed.pong(payload)
          case .message(let message, _):
            for event in message.events {
              switch event {
              case .heartbeat: seen.append(.beat)
              case .trades(let trades, isSnapshot: false):
                seen += trades.map { .trade($0.price) }
                // On the first trade a buy below, which the price meets on its way to the high's
                // opposite; the exchange answers before it goes on.
                if seen == [.beat, .trade(100)] {
                  _ = try await rehearsal.ask(
                    AdvancedTrade.place(wish(1, limit: "98", size: "2")))
                }
              case .orders(let orders, isSnapshot: false):
                for order in orders {
                  seen.append(
                    .order(
                      order.side == .buy ? "entry" : "stop", order.status, order.trigger,
                      filled: order.filled))
                  if order.side == .buy, order.status == .filled, !isBought {
                    isBought = true
                    _ = try await rehearsal.ask(
                      AdvancedTrade.place(
                        wish(2, .sell, limit: "94", size: "2", trigger: "96")))
                    await #expect(throws: ExchangeError.self, "the last trade is at 98 now") {
                      try await rehearsal.ask(
                        AdvancedTrade.place(
                          wish(3, .sell, limit: "94", size: "2", trigger: "98")))
                    }
                  }
                }
              default: break
              }
            }
          }
        }
      } catch {
        // The server stops when all is played.
      }
      try await played
      #expect(
        seen == [
          .beat, .trade(100), .order("entry", .open, .none, filled: 0), .trade(104),
          .order("entry", .filled, .none, filled: 2), .order("stop", .open, .waiting, filled: 0),
          .order("stop", .open, .triggered, filled: 0),
          .order("stop", .filled, .triggered, filled: 2), .trade(95), .trade(102), .beat,
          .trade(102), .trade(102), .trade(90), .trade(91), .beat,
        ])
      let exchange = await rehearsal.sandbox.exchange
      #expect(exchange.fills.map(\.fill.price) == [98, 96])
      #expect(
        exchange.fills.map(\.fill.time) == [200, 200].map { .testStart + TimeSpan(seconds: $0) })
      #expect(exchange.ledger["USD"].total == 9996 && exchange.ledger["BTC"].total == .zero)
    }
  }

  @Test func `a client that said something is asked again`() async throws {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.user, isSigned: true)
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = { try? await rehearsal.sandbox.play() }()
      var words: [String] = []
      while words.count < 6, let item = try await feed.next() {
        switch item {
        case .ping(let payload):
          if !words.isEmpty { words.append("ping") }
          try await feed.pong(payload)
        case .message(let message, _):
          for event in message.events {
            switch event {
            case .trades(_, isSnapshot: false):
              words.append("trade")
              if words.count == 1 {
                _ = try await rehearsal.ask(
                  AdvancedTrade.place(wish(1, limit: "100", size: "2")))
              }
            case .orders(_, isSnapshot: false): words.append("order")
            default: break
            }
          }
        }
      }
      await rehearsal.sandbox.stop()
      await played
      #expect(words == ["trade", "ping", "order", "order", "ping", "trade"])
    }
  }

  @Test func `what comes of a client's own request is dealt with before the price goes on`()
    async throws
  {
    try await Rehearsal.run(Self.settings, [Self.candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.user, isSigned: true)
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = {
        try await rehearsal.sandbox.play()
        await rehearsal.sandbox.stop()
      }()
      var prices: [Price] = []
      do {
        while let item = try await feed.next() {
          switch item {
          case .ping(let payload): try await feed.pong(payload)
          case .message(let message, _):
            for event in message.events {
              if case .trades(let trades, isSnapshot: false) = event {
                prices += trades.map(\.price)
                // It takes at once. News of that come behind the ping that waits for this trade.
                if prices.count == 1 {
                  _ = try await rehearsal.ask(
                    AdvancedTrade.place(wish(1, limit: "100", size: "2")))
                }
              }
              guard case .orders(let orders, isSnapshot: false) = event,
                orders.first?.side == .buy, orders.first?.status == .filled
              else { continue }
              _ = try await rehearsal.ask(
                AdvancedTrade.place(wish(2, .sell, limit: "95", size: "2", trigger: "99.99")))
            }
          }
        }
      } catch {
        // The server stops when all is played.
      }
      try await played
      let exchange = await rehearsal.sandbox.exchange
      #expect(exchange.orders.map(\.created) == [.testStart, .testStart])
      // The high is the nearer extreme, so that the stop waits for the second move.
      #expect(exchange.fills.map(\.fill.price) == [100, price("99.99")])
      #expect(prices == [100, 104, 95, 102, 102, 102, 90, 91])
    }
  }
}

extension Feed.Item: Equatable {
  static func == (left: Feed.Item, right: Feed.Item) -> Bool {
    switch (left, right) {
    case (.message(let one, _), .message(let other, _)): one == other
    case (.ping(let one), .ping(let other)): one == other
    case (.message, .ping), (.ping, .message): false
    }
  }
}
