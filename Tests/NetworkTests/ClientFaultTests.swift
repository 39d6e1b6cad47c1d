import Network
import Testing

@Suite("When a request fails", .timeLimit(.minutes(10)))
struct ClientFaultTests {
  /// What a request to a scripted peer ends with.
  private func error(
    limits: HTTPLimits = HTTPLimits(), timeouts: ClientTimeouts? = nil,
    _ script: @escaping @Sendable (RawPeer) -> Void
  ) async throws -> NetworkError? {
    let found = Shared<NetworkError?>(nil)
    try await Net.run(limits: limits) { net in
      let endpoint = RawPeer.serve(script)
      let error = await failure { () async throws(NetworkError) in
        try await net.client.send(
          HTTPRequest(.post, "/orders?key=hidden", body: [1]), to: endpoint, timeouts: timeouts)
      }
      found.change { $0 = error }
      #expect(error?.description.contains("hidden") == false)
    }
    return found.value
  }

  @Test func `nobody listens: nothing was sent`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echo)
      await server.stop()
      let error = await failure { () async throws(NetworkError) in
        try await net.client.send(.get, server.address("/time"))
      }
      #expect(error?.problem == .unreachable("connection refused"))
      #expect(
        error?.description
          == "GET https://127.0.0.1:\(server.port)/time: no connection (connection refused). Check host "
          + "and port, and whether the server runs. Nothing was sent.")
    }
  }

  @Test func `no such host: nothing was sent`() async throws {
    try await Net.run { net in
      let error = await failure { () async throws(NetworkError) in
        // RFC 6761: never there.
        try await net.client.send(.get, WebAddress("https://nobody.invalid/"))
      }
      guard case .unresolved = error?.problem else {
        Issue.record("not unresolved: \(String(describing: error))")
        return
      }
      #expect(error?.mayHaveArrived == false)
    }
  }

  @Test func `closed before the answer: it may have arrived`() async throws {
    let error = try await error { peer in _ = peer.read(until: "\r\n\r\n\u{1}") }
    #expect(error?.problem == .closed(.beforeAnswer, "at its end"))
    #expect(error?.mayHaveArrived == true)
    #expect(error?.description.hasSuffix("What was sent may have arrived.") == true)
  }

  @Test func `reset before the answer`() async throws {
    let error = try await error { peer in
      _ = peer.read(until: "\r\n\r\n\u{1}")
      peer.breakOnClose()
    }
    #expect(error?.problem == .closed(.beforeAnswer, "connection reset by peer"))
    #expect(error?.mayHaveArrived == true)
  }

  @Test("Broken off in the middle of the body", arguments: [false, true])
  func middle(reset: Bool) async throws {
    let gate = Gate()
    let error = try await error { peer in
      _ = peer.read(until: "\r\n\r\n\u{1}")
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
      if reset { peer.breakOnClose() }
      gate.open()
    }
    await gate.wait()
    if case .closed(let moment, _) = error?.problem {
      // A reset may overtake the first half.
      #expect(moment == .inAnswer || reset)
    } else {
      Issue.record("not closed: \(String(describing: error))")
    }
    #expect(error?.mayHaveArrived == true)
  }

  @Test func `in the middle of a chunk`() async throws {
    let error = try await error { peer in
      _ = peer.read(until: "\r\n\r\n\u{1}")
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
    }
    #expect(error?.problem == .closed(.inAnswer, "at its end"))
  }

  @Test func `no HTTP at all`() async throws {
    let error = try await error { peer in
      _ = peer.read(until: "\r\n\r\n\u{1}")
      peer.write("SSH-2.0-OpenSSH\r\n")
      _ = peer.readAll()
    }
    #expect(error?.problem == .malformed("no status line of HTTP/1"))
    #expect(error?.mayHaveArrived == true)
  }

  @Test func `an answer larger than the limit, told or not`() async throws {
    let limits = HTTPLimits(head: 1000, body: 100)
    for body in ["Content-Length: 101\r\n\r\n", "\r\n" + String(repeating: "x", count: 101)] {
      let error = try await error(limits: limits) { peer in
        _ = peer.read(until: "\r\n\r\n\u{1}")
        peer.write("HTTP/1.1 200 OK\r\n\(body)")
        _ = peer.readAll()
      }
      #expect(error?.problem == .tooLarge(.body, limit: 100))
    }
    let head = try await error(limits: limits) { peer in
      _ = peer.read(until: "\r\n\r\n\u{1}")
      peer.write("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 1000))\r\n\r\n")
      _ = peer.readAll()
    }
    #expect(head?.problem == .tooLarge(.head, limit: 1000))
  }

  @Test func `no answer in time: it may have arrived, and the connection goes`() async throws {
    let timeouts = ClientTimeouts(connection: .seconds(100), total: .milliseconds(200))
    let error = try await error(timeouts: timeouts) { peer in
      _ = peer.readAll()  // Ends only because the client closes.
    }
    #expect(error?.problem == .timedOut(.answer))
  }

  @Test func `no connection in time: nothing was sent`() async throws {
    try await Net.run { net in
      // It takes the connection and says nothing: no TLS comes of that.
      let peer = RawPeer.serve { peer in _ = peer.readAll() }
      let endpoint = Endpoint(host: peer.host, port: peer.port, isSecure: true)
      let timeouts = ClientTimeouts(connection: .milliseconds(200), total: .seconds(100))
      let error = await failure { () async throws(NetworkError) in
        try await net.client.send(HTTPRequest(.get, "/"), to: endpoint, timeouts: timeouts)
      }
      #expect(error?.problem == .timedOut(.connection))
      #expect(error?.mayHaveArrived == false)
    }
  }

  @Test func `a cancelled task ends its request, and the server's handler with it`() async throws {
    try await Net.run { net in
      let arrived = Gate()
      let cancelled = Gate()
      let server = try await net.serve { _ in
        arrived.open()
        await withTaskCancellationHandler {
          await cancelled.wait()
        } onCancel: {
          cancelled.open()
        }
        return HTTPResponse(200)
      }
      let task = Task {
        await failure { () async throws(NetworkError) in
          try await net.client.send(.get, server.address())
        }
      }
      await arrived.wait()
      task.cancel()
      let error = await task.value
      #expect(error?.problem == .cancelled)
      #expect(error?.mayHaveArrived == true)
      await cancelled.wait()
    }
  }

  @Test func `a task cancelled before it began sends nothing`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echo)
      let gate = Gate()
      let task = Task {
        await gate.wait()
        return await failure { () async throws(NetworkError) in
          try await net.client.send(.get, server.address())
        }
      }
      task.cancel()
      gate.open()
      let error = await task.value
      #expect(error?.problem == .cancelled)
      #expect(error?.mayHaveArrived == false)
    }
  }

  @Test func `an answer that a server cuts off is an error, at every length`() async throws {
    try await Net.run { net in
      let server = try await net.serve { request in
        var response = HTTPResponse(200, body: Array("hello".utf8))
        response.delivery = .cut(after: Int(request.query) ?? 0)
        return response
      }
      for count in [0, 1, 20, 60] {
        let error = await failure { () async throws(NetworkError) in
          try await net.client.send(.get, server.address("/?\(count)"))
        }
        #expect(
          error?.problem == .closed(count == 0 ? .beforeAnswer : .inAnswer, "at its end"))
      }
    }
  }
}
