import Credentials
import JSON
import Market
import Network
import Sandbox
import TestKit
import Testing

@testable import LiveBroker

@Suite("The Exchange API over TLS, spoken by our client", .timeLimit(.minutes(10)))
struct ExchangeServerTests {
  private static let candles = [
    Candle(0, open: "100", high: "104", low: "95", close: "102", volume: "1000"),
    Candle(1, open: "102", high: "102", low: "90", close: "91", volume: "1000"),
  ]
  private static let settings = SandboxSettings(
    listings: [Listing(Product(id: "BTC-USD"), model: .free)])

  /// A feed of the Exchange, subscribed to channels with a proof.
  private func feed(
    _ rehearsal: Rehearsal, _ channels: [LiveBroker.ExchangeFeed.Channel]
  ) async throws -> WebSocket {
    let address = WebAddress(endpoint: rehearsal.sandbox.endpoint, target: "/")
    let socket = try await rehearsal.sockets.connect(
      to: address, settings: WebSocketSettings(silence: .seconds(500), answersPings: true),
      timeout: .seconds(500))
    let bytes = LiveBroker.ExchangeFeed.subscription(
      to: channels, products: ["BTC-USD"],
      proof: rehearsal.signer.subscriptionProof(now: Rehearsal.clock))
    try await socket.send(String(decoding: bytes, as: UTF8.self))
    return socket
  }

  private func message(_ socket: WebSocket) async throws -> FeedMessage {
    while let message = try await socket.receive() {
      if case .text(let text) = message {
        return try LiveBroker.ExchangeFeed.message(Array(text.utf8))
      }
    }
    throw Feed.FeedEnd()
  }

  @Test func `an order lives from received to done while the candles are played`() async throws {
    try await Rehearsal.run(Self.settings, [Self.candles], key: .hmac) { rehearsal in
      let socket = try await feed(rehearsal, [.user, .heartbeat])
      #expect(
        try await message(socket).events
          == [.subscribed(["user": ["BTC-USD"], "heartbeat": ["BTC-USD"]])])
      let order = try #require(
        try await rehearsal.ask(ExchangeREST.place(wish(1, limit: "99"))).order)
      var steps: [FeedOrderNews.Step] = []
      async let _ = rehearsal.sandbox.play()
      // Lockstep begins when somebody follows the trades.
      let bytes = LiveBroker.ExchangeFeed.subscription(
        to: [.matches], products: ["BTC-USD"], proof: nil)
      try await socket.send(String(decoding: bytes, as: UTF8.self))
      var beats = 0
      var trades = 0
      while beats < 3 {
        for event in try await message(socket).events {
          switch event {
          case .news(let news):
            #expect(news.orderID == order.id)
            steps.append(news.step)
          case .heartbeat: beats += 1
          case .trades: trades += 1
          default: break
          }
        }
      }
      #expect(steps.count == 4)
      guard case .received = steps.first, case .done(isFilled: true, left: 0)? = steps.last else {
        Issue.record("\(steps)")
        return
      }
      // Four points of each candle, and our own fill once more.
      #expect(trades == 9)
      let fills = try await rehearsal.ask(ExchangeREST.fills(ofOrder: order.id))
      #expect(fills.items.map(\.price) == [99])
      await socket.close()
    }
  }

  @Test func `both APIs are on one port, and a key is of one of them`() async throws {
    let credentials = SandboxCredentials()
    try await Rehearsal.run(
      Self.settings, [Self.candles], key: .hmac, credentials: credentials
    ) { rehearsal in
      #expect(try await rehearsal.ask(ExchangeREST.balances()).items.count == 2)
      // Advanced Trade's public paths need no key; what needs one does not take the Exchange's.
      #expect(try await rehearsal.ask(AdvancedTrade.serverTime()).time == Rehearsal.clock)
      let refused = await #expect(throws: ExchangeError.self) {
        _ = try await rehearsal.ask(AdvancedTrade.balances())
      }
      #expect(refused?.problem == .unauthorized("Unauthorized"))
      let socket = try await feed(rehearsal, [.user])
      _ = try await message(socket)
      let advanced = try await rehearsal.feed()
      try await advanced.subscribe(.heartbeats)
      #expect(
        try await advanced.message().events == [.subscribed(["heartbeats": ["BTC-USD"]])])
      await socket.close()
    }
    try await Rehearsal.run(
      Self.settings, [Self.candles], key: .ed25519, credentials: credentials
    ) { rehearsal in
      let refused = await #expect(throws: ExchangeError.self) {
        _ = try await rehearsal.ask(ExchangeREST.balances())
      }
      #expect(refused?.problem == .unauthorized("Unauthorized."))
    }
  }

  @Test func `too many requests are refused in lockstep too, where that is wanted`() async throws {
    var settings = Self.settings
    settings.limitsRequests = true
    try await Rehearsal.run(settings, [Self.candles], key: .hmac) { rehearsal in
      var letIn = 0
      let refused = await #expect(throws: ExchangeError.self) {
        // The clock stands still: no token comes back.
        while letIn < 100 {
          _ = try await rehearsal.ask(ExchangeREST.fills(ofProduct: "BTC-USD"))
          letIn += 1
        }
      }
      #expect(letIn == 20)
      #expect(refused?.problem == .rateLimited(nil))
      _ = try await rehearsal.ask(ExchangeREST.balances())
    }
  }
}
