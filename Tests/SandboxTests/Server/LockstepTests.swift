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
          "BTC-USD 10 5 @0", "ETH-USD 1 2 @0", "BTC-USD 9 0 @100", "ETH-USD 1 0 @100",
          "BTC-USD 12 0 @200", "ETH-USD 1 0 @200", "BTC-USD 11 0 @299", "ETH-USD 1 0 @299",
          "beat @300", "ETH-USD 2 0 @300", "ETH-USD 2 0 @400", "ETH-USD 3 0 @500",
          "ETH-USD 3 0 @599", "beat @600", "beat @1500", "BTC-USD 20 7 @1500",
          "BTC-USD 19 0 @1600", "BTC-USD 21 0 @1700", "BTC-USD 20 0 @1799", "beat @1800",
        ])
    }
  }
}
