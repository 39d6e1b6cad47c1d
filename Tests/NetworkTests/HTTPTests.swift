import Network
import Testing

@Suite("HTTP over TLS on 127.0.0.1", .timeLimit(.minutes(10)))
struct HTTPTests {
  @Test("A request goes there and back", arguments: [HTTPMethod.get, .post, .put, .delete, .patch])
  func roundTrip(method: HTTPMethod) async throws {
    try await Net.run { net in
      let server = try await net.serve(echo)
      let body: [UInt8] = method == .get ? [] : Array("{\"price\":\"1.5\"}".utf8)
      let answer = try await net.client.send(
        method, server.address("/orders?side=buy&time=10%3A00"),
        headers: ["Content-Type": "application/json"], body: body)
      #expect(answer.status == 200)
      #expect(answer.headers["x-method"] == method.rawValue)
      #expect(answer.headers["x-target"] == "/orders?side=buy&time=10%3A00")
      #expect(answer.body == body)
    }
  }

  @Test func `headers arrive in both directions, host and own ones`() async throws {
    try await Net.run { net in
      let server = try await net.serve { request in
        HTTPResponse(
          418,
          headers: [
            "CB-After": request.headers["cb-access-key"] ?? "",
            "X-Host": request.headers["Host"] ?? "",
          ])
      }
      let answer = try await net.client.send(
        .get, server.address(), headers: ["CB-ACCESS-KEY": "abc"])
      #expect(answer.status == 418)
      #expect(answer.headers["CB-AFTER"] == "abc")
      #expect(answer.headers["x-host"] == "127.0.0.1:\(server.port)")
    }
  }

  @Test func `HEAD has the length and no body, and the connection goes on`() async throws {
    try await Net.run(connections: 1) { net in
      let server = try await net.serve { _ in HTTPResponse(200, body: [1, 2, 3]) }
      let head = try await net.client.send(.head, server.address())
      #expect(head.headers["content-length"] == "3")
      #expect(head.body == [])
      #expect(try await net.client.send(.get, server.address()).body == [1, 2, 3])
    }
  }

  // More than the system takes at once, several times over: each time the socket must be asked again.
  @Test("A body of sixteen million bytes arrives as it was, both ways", arguments: [false, true])
  func largeBody(isSecure: Bool) async throws {
    try await Net.run { net in
      var settings = ServerSettings()
      settings.limits.body = 16_000_000
      let server =
        try await isSecure
        ? net.serve(settings: settings, echo) : net.servePlain(settings: settings, echo)
      let block = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
      var body: [UInt8] = []
      for _ in 0..<16_000 { body += block }
      let answer = try await net.client.send(.post, server.address(), body: body)
      let isSame = answer.body == body  // Outside the macro, which would print both.
      #expect(isSame)
    }
  }

  @Test func `many requests at once each get their own answer`() async throws {
    try await Net.run(connections: 4) { net in
      let server = try await net.serve(echo)
      let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
        for number in 0..<200 {
          group.addTask {
            let answer = try await net.client.send(
              .post, server.address(), body: Array("\(number)".utf8))
            return (number, answer.body)
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      #expect(answers.count == 200)
      for (number, body) in answers { #expect(body == Array("\(number)".utf8)) }
    }
  }

  @Test func `a server without TLS is spoken to all the same`() async throws {
    try await Net.run { net in
      let server = try await net.servePlain(echo)
      #expect(try await net.client.send(.put, server.address(), body: [7]).body == [7])
    }
  }

  @Test func `a host is found by its name, and its certificate too`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echo)
      let address = try WebAddress("https://localhost:\(server.port)/x")
      #expect(try await net.client.send(.get, address).headers["x-target"] == "/x")
    }
  }
}
