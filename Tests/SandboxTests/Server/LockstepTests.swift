import LiveBroker
import Market
import Matching
import Network
import Sandbox
import TestKit
import Testing

@Suite("A market in lockstep", .timeLimit(.minutes(10)))
struct LockstepTests {
  private func settings(_ ids: [String]) -> SandboxSettings {
    SandboxSettings(listings: ids.map { Listing(Product(id: $0), model: .free) })
  }

  /// What a client saw, a word for each thing.
  private func story(of feed: Feed) async throws -> [String] {
    var story: [String] = []
    while let item = try await feed.next() {
      switch item {
      case .ping(let payload): try await feed.pong(payload)
      case .message(let message, _):
        for event in message.events {
          switch event {
          case .trades(let trades, isSnapshot: false):
            for trade in trades {
              let second = (trade.time - .testStart).seconds
              story.append("\(trade.productID) \(trade.price) \(trade.size) @\(second)")
            }
          case .heartbeat:
            let second = message.time.map { ($0 - .testStart).seconds }
            story.append("beat @\(second ?? -1)")
            if second == 1800 { return story }
          default: break
          }
        }
      }
    }
    return story
  }

  @Test func `news come in the order of the contract, across a gap too`() async throws {
    let candles = [
      [
        Candle(0, open: "10", high: "12", low: "9", close: "11", volume: "5"),
        Candle(5, open: "20", high: "21", low: "19", close: "20", volume: "7"),
      ],
      [
        Candle(0, open: "1", high: "1", low: "1", close: "1", volume: "2"),
        Candle(1, open: "2", high: "3", low: "2", close: "3", volume: "0"),
      ],
    ]
    try await Rehearsal.run(settings(["BTC-USD", "ETH-USD"]), candles) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.heartbeats)
      try await feed.subscribe(.marketTrades, ["BTC-USD", "ETH-USD"])
      async let played: Void = rehearsal.sandbox.play()
      let story = try await story(of: feed)
      // The last quiet still waits for its pong.
      async let rest: Void = {
        while case .ping(let payload)? = try await feed.next() { try await feed.pong(payload) }
      }()
      try await played
      await feed.socket.close()
      try? await rest
      #expect(
        story == [
          "beat @0", "BTC-USD 10 5 @0", "ETH-USD 1 2 @0", "BTC-USD 9 0 @100", "ETH-USD 1 0 @100",
          "BTC-USD 12 0 @200", "ETH-USD 1 0 @200", "BTC-USD 11 0 @299", "ETH-USD 1 0 @299",
          "beat @300", "ETH-USD 2 0 @300", "ETH-USD 2 0 @400", "ETH-USD 3 0 @500",
          "ETH-USD 3 0 @599", "beat @600", "beat @1500", "BTC-USD 20 7 @1500",
          "BTC-USD 19 0 @1600", "BTC-USD 21 0 @1700", "BTC-USD 20 0 @1799", "beat @1800",
        ])
    }
  }

  /// How long the market was to wait, one time after the other.
  private actor Rests {
    private(set) var all: [Duration] = []

    func add(_ rest: Duration) { all.append(rest) }
  }

  @Test func `the market waits at each piece of news as long as its witness wants`() async throws {
    let candles = [[Candle(0, open: "10", high: "12", low: "9", close: "11", volume: "5")]]
    let rests = Rests()
    try await Rehearsal.run(settings(["BTC-USD"]), candles) { rehearsal in
      await rehearsal.sandbox.observe { _, isFollowed, _ in
        isFollowed ? .milliseconds(50) : .zero
      } resting: { rest in
        await rests.add(rest)
      }
      try await rehearsal.walk { _ in }
    }
    // Four trades, and the candle's end.
    #expect(await rests.all == [Duration](repeating: .milliseconds(50), count: 5))
  }

  /// The prices of the trades that come, until there are enough or the socket is closed.
  private func prices(of feed: Feed, most: Int) async -> [Price] {
    var prices: [Price] = []
    while prices.count < most, let item = try? await feed.next() {
      switch item {
      case .ping(let payload): try? await feed.pong(payload)
      case .message(let message, _):
        for case .trades(let trades, isSnapshot: false) in message.events {
          prices += trades.map(\.price)
        }
      }
    }
    return prices
  }

  @Test func `a market that nobody follows any more waits for the next who does`() async throws {
    let candles = [Candle(0, open: "10", high: "12", low: "9", close: "11", volume: "5")]
    try await Rehearsal.run(settings(["BTC-USD"]), [candles]) { rehearsal in
      let first = try await rehearsal.feed()
      try await first.subscribe(.marketTrades, ["BTC-USD"])
      async let played: Void = rehearsal.sandbox.play()
      var prices = await self.prices(of: first, most: 2)
      await first.socket.close()
      let second = try await rehearsal.feed()
      try await second.subscribe(.marketTrades, ["BTC-USD"])
      async let rest = self.prices(of: second, most: .max)
      try await played
      await second.socket.close()
      prices += await rest
      #expect(prices == [10, 9, 12, 11])
    }
  }

  @Test func `when the data are over prices stand still, and orders are taken where they are`()
    async throws
  {
    let candles = [Candle(0, open: "10", high: "12", low: "9", close: "11", volume: "500")]
    try await Rehearsal.run(settings(["BTC-USD"]), [candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      async let rest: Void = {
        while let item = try await feed.next() {
          if case .ping(let payload) = item { try await feed.pong(payload) }
        }
      }()
      try await rehearsal.sandbox.play()
      let order = OrderWish(
        Order(
          id: ClientOrderID(session: 1, pair: 0, number: 1), side: .buy, limit: 11, quantity: 2,
          submitted: .testStart), productID: "BTC-USD")
      let placed = try await rehearsal.ask(AdvancedTrade.place(order))
      let filled = try await rehearsal.ask(AdvancedTrade.order(placed.id))
      #expect(filled.status == .filled && filled.averagePrice == 11)
      await feed.socket.close()
      try? await rest
    }
  }

  @Test func `at a pace nobody is waited for, and heartbeats do not run ahead`() async throws {
    let candles = (0..<20).map {
      Candle($0, open: "10", high: "12", low: "9", close: "11", volume: "5")
    }
    var settings = settings(["BTC-USD"])
    settings.pace = .speed(1e9)
    try await Rehearsal.run(settings, [candles]) { rehearsal in
      let feed = try await rehearsal.feed()
      try await feed.subscribe(.heartbeats)
      try await feed.subscribe(.marketTrades, ["BTC-USD"])
      for _ in 0..<3 { _ = try await feed.message() }
      // It never answers a ping, because there is none.
      try await rehearsal.sandbox.play()
      var last = Timestamp(nanoseconds: 0)
      var (trades, beats) = (0, 0)
      while trades < 80 {
        let message = try await feed.message()
        let time = try #require(message.time)
        #expect(time >= last)
        last = time
        for event in message.events {
          switch event {
          case .trades(let list, _): trades += list.count
          case .heartbeat: beats += 1
          default: break
          }
        }
      }
      #expect(beats >= 19)
      await feed.socket.close()
    }
  }
}
