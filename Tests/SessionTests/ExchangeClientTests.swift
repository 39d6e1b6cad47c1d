import Market
import Network
import Persistence
import Synchronization
import Testing

@testable import LiveBroker

@Suite("A client of an exchange", .timeLimit(.minutes(10)))
struct ExchangeClientTests {
  /// A client of the Exchange's API without a key.
  private static func client(
    of server: WebServer, on loop: EventLoop, _ policy: RateLimitPolicy = .unlimited,
    wallClock: @escaping @Sendable () -> Timestamp = { .now }
  ) throws -> Coinbase {
    let patience = ClientTimeouts(connection: .seconds(500), total: .seconds(500))
    return Coinbase(
      ExchangeClient(
        .exchange, at: server.endpoint,
        over: try HTTPClient(on: loop, trusting: .nobody, timeouts: patience), signer: nil,
        policy: policy, wallClock: wallClock))
  }

  @Test func `a clock that is set back keeps no request waiting`() async throws {
    try await EventLoop.running { loop in
      let server = try await WebServer.start(on: loop) { _ in
        HTTPResponse(200, body: Array(#"{"iso":"2026-11-22T10:00:00Z"}"#.utf8))
      }
      let isSetBack = Mutex(false)
      var policy = RateLimitPolicy.standard(.exchange)
      policy.maxWait = TimeSpan(seconds: 20)
      let exchange = try Self.client(of: server, on: loop, policy) {
        Timestamp.now + TimeSpan(seconds: isSetBack.withLock { $0 } ? -86_400 : 0)
      }
      _ = try await exchange.serverTime()
      isSetBack.withLock { $0 = true }
      // More than may go at once, so that some have to wait for their turn.
      for _ in 0..<10 { _ = try await exchange.serverTime() }
      let counts = await exchange.client.counts
      #expect(counts.sent == 11 && counts.givenUp == 0)
      // What is signed has the time of this machine all the same.
      let signed = await exchange.client.now
      #expect(signed < Timestamp.now + TimeSpan(seconds: -80_000))
    }
  }

  @Test func `what protects a position does not wait for answers to questions`() async throws {
    try await EventLoop.running { loop in
      let gate = Gate()
      let asked = Tally()
      let server = try await WebServer.start(on: loop) { request in
        guard request.path.contains("/orders") else {
          asked.add()
          await gate.awaitOpening()
          return HTTPResponse(200, body: Array(#"{"iso":"2026-11-22T10:00:00Z"}"#.utf8))
        }
        return HTTPResponse(404, body: Array(#"{"message":"NotFound"}"#.utf8))
      }
      let exchange = try Self.client(of: server, on: loop)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { _ = try await exchange.serverTime() } }
        var line = await exchange.client.line
        while line.asked + line.waiting < 20 {
          try await Task.sleep(for: .milliseconds(2))
          line = await exchange.client.line
        }
        #expect(line.asked == 5 && line.waiting == 15)
        while asked.count < 5 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(try await exchange.order("o-1", .protective) == nil)
        gate.open()
        try await group.waitForAll()
      }
      #expect(asked.count == 20)
    }
  }

  @Test func `a proxy's 404 is no word of an order, and the order is asked for again`() async throws
  {
    try await EventLoop.running { loop in
      let asked = Tally()
      let server = try await WebServer.start(on: loop) { _ in
        let words = asked.add() == 1 ? "<html>Not Found</html>" : #"{"message":"NotFound"}"#
        return HTTPResponse(404, body: Array(words.utf8))
      }
      let exchange = try Self.client(of: server, on: loop)
      let found = try await exchange.order("o-1", .protective)
      #expect(found == nil && asked.count == 2)
    }
  }
}
