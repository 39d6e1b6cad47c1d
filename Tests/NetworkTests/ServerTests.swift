import Network
import Testing

@Suite("A server and its guests", .timeLimit(.minutes(10)))
struct ServerTests {
  private func answer(
    to text: String, settings: ServerSettings = ServerSettings()
  ) async throws -> String {
    let found = Shared("")
    try await Net.run { net in
      let server = try await net.servePlain(settings: settings, echo)
      let answer = await RawPeer.connect(to: server.port) { peer in
        peer.write(text)
        return String(decoding: peer.readAll(), as: UTF8.self)
      }
      found.change { $0 = answer }
    }
    return found.value
  }

  static let refused: [(String, Int, String)] = [
    ("NONSENSE\r\n\r\n", 400, "no request line of HTTP/1"),
    ("GET / HTTP/1.1\r\n\r\n", 400, "a request needs a path and a Host"),
    ("GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400, "a request needs a path and a Host"),
    ("BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "the method 'BREW'"),
    (
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", 413,
      "a body of more than 100 bytes"
    ),
    (
      "GET /" + String(repeating: "x", count: 2000) + " HTTP/1.1\r\n", 431,
      "headers of more than 1000 bytes"
    ),
    (
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
      "the transfer coding 'gzip'"
    ),
  ]

  @Test("What is no request is answered and the connection closed", arguments: refused)
  func refusals(text: String, status: Int, why: String) async throws {
    var settings = ServerSettings()
    settings.limits = HTTPLimits(head: 1000, body: 100)
    let answer = try await answer(to: text, settings: settings)
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    #expect(answer.contains("Connection: close\r\n"))
    #expect(answer.hasSuffix("\r\n\r\n\(why)\n"))
  }

  @Test func `a refusal reaches a client that is still sending`() async throws {
    try await Net.run { net in
      var settings = ServerSettings()
      settings.limits.body = 1000
      let server = try await net.serve(settings: settings, echo)
      let answer = try await net.client.send(
        .post, server.address(), body: [UInt8](repeating: 1, count: 3_000_000))
      #expect(answer.status == 413)
    }
  }

  @Test func `a client that asks first is told to go on`() async throws {
    try await Net.run { net in
      let server = try await net.servePlain(echo)
      let answer = await RawPeer.connect(to: server.port) { peer in
        peer.write(
          "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
            + "Content-Length: 2\r\n\r\n")
        guard peer.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n" else { return "" }
        peer.write("hi")
        return String(decoding: peer.readAll(), as: UTF8.self)
      }
      #expect(answer.hasSuffix("\r\n\r\nhi"))
    }
  }

  @Test func `a request that comes drop by drop is given up`() async throws {
    var settings = ServerSettings()
    settings.patience = .milliseconds(200)
    let answer = try await answer(to: "GET / HTTP/1.1\r\nHost: ", settings: settings)
    #expect(answer.hasPrefix("HTTP/1.1 408 "))
    // Who says nothing at all is told nothing.
    #expect(try await self.answer(to: "", settings: settings) == "")
  }

  @Test func `a port that is taken is said with the remedy`() async throws {
    try await Net.run { net in
      let server = try await net.servePlain(echo)
      let error = await failure { () async throws(NetworkError) in
        try await WebServer.start(on: net.loop, port: server.port, handler: echo)
      }
      #expect(
        error?.description
          == "127.0.0.1:\(server.port): cannot listen (address already in use). Take another port, or "
          + "0 for any.")
    }
  }

  @Test func `more guests than places wait until one is free`() async throws {
    try await Net.run(connections: 8) { net in
      var settings = ServerSettings()
      settings.connections = 2
      let server = try await net.serve(settings: settings) { _ in
        HTTPResponse(200, headers: ["Connection": "close"], body: [1])
      }
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<12 {
          group.addTask { try await net.client.send(.get, server.address()).body.count }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 12)
    }
  }

  @Test("Garbage neither crashes nor hangs it", arguments: [false, true])
  func garbage(isSecure: Bool) async throws {
    try await Net.run { net in
      let server = try await isSecure ? net.serve(echo) : net.servePlain(echo)
      let starts = [
        "", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}",
      ]
      for seed: UInt64 in 0..<60 {
        _ = await RawPeer.connect(to: server.port) { peer in
          var random = SplitMix(seed: seed)
          peer.write(starts[Int(seed) % starts.count])
          peer.write(
            (0..<Int.random(in: 0...3000, using: &random)).map { _ in
              .random(in: 0...255, using: &random)
            })
          if Bool.random(using: &random) { peer.breakOnClose() }
          return true
        }
      }
      // It still serves.
      #expect(try await net.client.send(.put, server.address(), body: [5]).body == [5])
    }
  }

  @Test func `a handler that makes a bad header is an error of the server`() async throws {
    try await Net.run { net in
      let server = try await net.serve { _ in HTTPResponse(200, headers: ["A": "b\r\nc"]) }
      #expect(try await net.client.send(.get, server.address()).status == 500)
    }
  }
}
