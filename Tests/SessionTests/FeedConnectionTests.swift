import Credentials
import LiveBroker
import Market
import Network
import Sandbox
import Testing

@Suite("A feed that is refused", .timeLimit(.minutes(10)))
struct FeedConnectionTests {
  static let refusals: [(KeyKind, String, String)] = [
    (
      .ed25519, #"{"type":"error","message":"authentication failure"}"#, "authentication failure"
    ),
    (
      .hmac,
      #"{"type":"error","message":"Failed to subscribe","reason":"request timestamp expired"}"#,
      "Failed to subscribe: request timestamp expired"
    ),
  ]

  private static let heartbeat =
    #"{"channel":"heartbeats","timestamp":"2026-11-22T10:00:00Z","sequence_num":0,"#
    + #""events":[{"current_time":"","heartbeat_counter":1}]}"#

  @Test("is none, says so before it shows life, and sees to the clock", arguments: refusals)
  func refused(key: KeyKind, answer: String, words: String) async throws {
    try await EventLoop.running { loop in
      let server = try await WebServer.start(on: loop) { request in
        guard request.path == "/" else {
          let time = #"{"iso":"2026-11-22T10:00:00Z","epochMillis":"1795341600000"}"#
          return HTTPResponse(200, body: Array(time.utf8))
        }
        return .webSocket { socket in
          // All is well but what concerns our orders.
          while case .text(let text)? = try? await socket.receive() {
            try? await socket.send(text.contains("\"user\"") ? answer : Self.heartbeat)
          }
        }
      }
      let patience = ClientTimeouts(connection: .seconds(500), total: .seconds(500))
      let client = ExchangeClient(
        key == .hmac ? .exchange : .advancedTrade, at: server.endpoint,
        over: try HTTPClient(on: loop, trusting: .nobody, timeouts: patience),
        signer: RequestSigner(SandboxCredentials().clientCredentials(key)), policy: .unlimited,
        wallClock: { Timestamp(seconds: 1_795_341_300) })
      let feed = try await FeedConnection.open(
        server.address(), over: try WebSocketClient(on: loop, trusting: .nobody), client)
      try await feed.subscribe(toLifeOf: ["BTC-USD"], isPublic: false, hasCandles: false)
      let refusal = await #expect(throws: FeedRefusal.self) {
        _ = try await feed.next()
      }
      #expect(refusal?.words == words)
      // The next connection is made with the exchange's time.
      #expect(await client.skew == TimeSpan(seconds: 300))
      await feed.close()
    }
  }

  @Test func `is asked for without the exchange's candles next, and tells of all that trades`()
    async throws
  {
    var stage = try SessionStage(seed: 6, count: 300)
    let asked = Tally()
    var feed = FeedDoor.Habits()
    feed.retort = { message in
      // Not for ever, so that whoever asks again and again is seen and not waited for.
      message.contains("\"candles\"") && asked.add() <= 3 ? Self.refusals[0].1 : nil
    }
    stage.feed = feed
    let wanted = try stage.backtest()
    let (fills, trouble) = try await stage.rehearse(afterwards: { session, _ in
      let figures = await session.figures
      // With candles, each of ours would have been compared.
      #expect(figures.connections == 1 && figures.checked == 0)
    })
    #expect(fills == wanted && !wanted.isEmpty)
    #expect(asked.count == 1)
    let words = "the exchange refuses a subscription: \(Self.refusals[0].2)"
    #expect(trouble == ["\(words); the feed is connected anew"])
  }
}
