import Testing

@testable import Network

@Suite("WebSockets over TLS on 127.0.0.1", .timeLimit(.minutes(10)))
struct WebSocketTests {
  @Test func `messages come back as they were, small, large and empty`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echoSocket)
      let socket = try await net.connect(to: server.address("/ws"))
      let messages: [WebSocketMessage] = [
        .text("hello"), .text(""), .text("é€😀"), .binary([0, 255]),
        .text(String(repeating: "x", count: 70_000)),
        .binary([UInt8](repeating: 3, count: 300_000)),
      ]
      for message in messages {
        try await socket.send(message)
        #expect(try await socket.receive() == message)
      }
      await socket.close()
      #expect(socket.closing == WebSocketClosing(1000))
      #expect(try await socket.receive() == nil)
    }
  }

  @Test func `a reader that answers pings itself gets them between the messages`() async throws {
    try await Net.run { net in
      var settings = ServerSettings()
      settings.webSockets.showsPongs = true
      let server = try await net.serve(settings: settings) { _ in
        .webSocket { socket in
          try? await socket.send("before")
          try? await socket.send(.ping([7]))
          try? await socket.send("behind")
          while let message = try? await socket.receive() {
            if case .pong(let bytes) = message { try? await socket.send(.binary(bytes)) }
          }
        }
      }
      let socket = try await net.connect(
        to: server.address(), settings: WebSocketSettings(answersPings: false))
      #expect(try await socket.receive() == .text("before"))
      #expect(try await socket.receive() == .ping([7]))
      #expect(try await socket.receive() == .text("behind"))
      try await socket.send(.pong([9]))
      #expect(try await socket.receive() == .binary([9]))
      await socket.close()
    }
  }

  @Test func `many messages under way keep their order`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echoSocket)
      let socket = try await net.connect(to: server.address())
      let sender = Task {
        for number in 0..<2000 { try await socket.send("\(number)") }
      }
      var next = 0
      for try await message in socket.messages {
        #expect(message == .text("\(next)"))
        next += 1
        if next == 2000 { break }
      }
      try await sender.value
      await socket.close()
    }
  }

  @Test func `two sides that both write much before they read do not stop for good`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echoSocket)
      let socket = try await net.connect(to: server.address())
      let big = String(repeating: "y", count: 100_000)
      let sender = Task {
        for _ in 0..<100 { try await socket.send(big) }
      }
      for _ in 0..<100 { #expect(try await socket.receive() == .text(big)) }
      try await sender.value
      await socket.close()
    }
  }

  @Test func `path, query and headers reach the handler, and it may say no`() async throws {
    try await Net.run { net in
      let server = try await net.serve { request in
        guard request.headers["Authorization"] == "yes", request.target == "/ws?a=%3A" else {
          return HTTPResponse(403)
        }
        return .webSocket { socket in try? await socket.send(request.target) }
      }
      let socket = try await net.connect(
        to: server.address("/ws?a=%3A"), headers: ["Authorization": "yes"])
      #expect(try await socket.receive() == .text("/ws?a=%3A"))
      #expect(try await socket.receive() == nil)
      let error = await failure { () async throws(NetworkError) in
        try await net.connect(to: server.address("/ws?secret"))
      }
      #expect(error?.problem == .notUpgraded(status: 403))
      #expect(
        error?.description
          == "WebSocket https://127.0.0.1:\(server.port)/ws: no WebSocket there, the server answered "
          + "403. Check the path. Nothing was sent.")
    }
  }

  @Test func `HTTP and WebSockets share a port`() async throws {
    try await Net.run { net in
      let server = try await net.serve { request in
        request.path == "/ws" ? await echoSocket(request) : await echo(request)
      }
      let socket = try await net.connect(to: server.address("/ws"))
      #expect(try await net.client.send(.put, server.address(), body: [1]).body == [1])
      try await socket.send("a")
      #expect(try await socket.receive() == .text("a"))
      // Who asks without upgrading is told to.
      let answer = try await net.client.send(.get, server.address("/ws"))
      #expect(answer.status == 426)
      #expect(answer.headers["Upgrade"] == "websocket")
      await socket.close()
    }
  }

  @Test("Close codes go both ways", arguments: [UInt16(1000), 1001, 1008, 1013, 4000])
  func closeCodes(code: UInt16) async throws {
    try await Net.run { net in
      let seen = Shared<WebSocketClosing?>(nil)
      let gate = Gate()
      let server = try await net.serve { request in
        .webSocket { socket in
          if request.path == "/first" {
            await socket.close(code, "server")
          } else {
            while let message = try? await socket.receive() { _ = message }
            seen.change { $0 = socket.closing }
            gate.open()
          }
        }
      }
      let first = try await net.connect(to: server.address("/first"))
      #expect(try await first.receive() == nil)
      #expect(first.closing == WebSocketClosing(code, "server"))
      let second = try await net.connect(to: server.address("/second"))
      await second.close(code, "client")
      await gate.wait()
      #expect(seen.value == WebSocketClosing(code, "client"))
      let error = await failure { () async throws(NetworkError) in try await second.send("late") }
      #expect(error?.problem == .shutDown)
      #expect(error?.mayHaveArrived == false)
    }
  }

  @Test func `a message larger than the limit closes with 1009, on both sides`() async throws {
    try await Net.run { net in
      var settings = ServerSettings()
      settings.webSockets.messageLimit = 1000
      let failures = Shared<NetworkError?>(nil)
      let gate = Gate()
      let server = try await net.serve(settings: settings) { _ in
        .webSocket { socket in
          let error = await failure { () async throws(NetworkError) in
            while let message = try await socket.receive() { _ = message }
          }
          failures.change { $0 = error }
          gate.open()
        }
      }
      let socket = try await net.connect(to: server.address())
      try await socket.send(String(repeating: "x", count: 1000))
      try await socket.send(String(repeating: "x", count: 1001))
      #expect(try await socket.receive() == nil)
      #expect(socket.closing?.code == 1009)
      await gate.wait()
      #expect(failures.value?.problem == .tooLarge(.message, limit: 1000))
      await socket.close()
    }
  }

  @Test func `silence is broken by pings, and the connection stays`() async throws {
    try await Net.run { net in
      let peer = RawPeer.serve { peer in
        guard upgrade(peer) else { return }
        // Two pings, each answered; then a word.
        for _ in 0..<2 {
          guard let ping = frame(from: peer), ping.opcode == 9 else { return }
          peer.write([0x8a, UInt8(ping.payload.count)] + ping.payload)
        }
        peer.write([0x81, 0x02, 0x68, 0x69])
        _ = peer.readAll()
      }
      var settings = WebSocketSettings()
      settings.pingAfter = .milliseconds(50)
      settings.silence = .seconds(100)
      let socket = try await net.connect(
        to: WebAddress(endpoint: peer, target: "/"), settings: settings)
      #expect(try await socket.receive() == .text("hi"))
      socket.abort()
    }
  }

  @Test func `one who does not answer a ping is given up`() async throws {
    try await Net.run { net in
      let peer = RawPeer.serve { peer in
        if upgrade(peer) { _ = peer.readAll() }
      }
      var settings = WebSocketSettings()
      settings.pingAfter = .milliseconds(50)
      settings.silence = .milliseconds(200)
      let socket = try await net.connect(
        to: WebAddress(endpoint: peer, target: "/"), settings: settings)
      let error = await failure { () async throws(NetworkError) in try await socket.receive() }
      #expect(error?.problem == .timedOut(.signOfLife))
      #expect(error?.description.contains("the connection went silent. Connect again.") == true)
    }
  }

  @Test func `a ping of the other side is answered with its words`() async throws {
    try await Net.run { net in
      let answer = Shared<[UInt8]>([])
      let gate = Gate()
      let peer = RawPeer.serve { peer in
        guard upgrade(peer) else { return }
        peer.write([0x89, 0x03, 1, 2, 3])
        if let pong = frame(from: peer), pong.opcode == 10 { answer.change { $0 = pong.payload } }
        gate.open()
        _ = peer.readAll()
      }
      let socket = try await net.connect(to: WebAddress(endpoint: peer, target: "/"))
      await gate.wait()
      #expect(answer.value == [1, 2, 3])
      socket.abort()
    }
  }

  @Test func `a connection that breaks is an error after the messages before it`() async throws {
    try await Net.run { net in
      let peer = RawPeer.serve { peer in
        guard upgrade(peer) else { return }
        peer.write([0x81, 0x01, 0x61, 0x81, 0x01, 0x62, 0x81, 0x05, 0x63])
      }
      let socket = try await net.connect(to: WebAddress(endpoint: peer, target: "/"))
      #expect(try await socket.receive() == .text("a"))
      #expect(try await socket.receive() == .text("b"))
      let error = await failure { () async throws(NetworkError) in try await socket.receive() }
      #expect(error?.problem == .closed(.inSession, "without a goodbye"))
    }
  }

  @Test func `one that breaks when nobody has read for long loses nothing of what came before`()
    async throws
  {
    try await Net.run { net in
      let peer = RawPeer.serve { peer in
        guard upgrade(peer) else { return }
        for number in UInt8(0)..<200 { peer.write([0x82, 0x01, number]) }
      }
      var settings = WebSocketSettings()
      // Room for three: whenever one is taken, the loop has to be told.
      settings.buffer = 3 * 65
      let socket = try await net.connect(
        to: WebAddress(endpoint: peer, target: "/"), settings: settings)
      for number in UInt8(0)..<200 {
        #expect(try await socket.receive() == .binary([number]))
        // The last ones of a full shelf are taken before the loop has looked, or after.
        if number % 7 == 0 { _ = await socket.buffered() }
      }
      let error = await failure { () async throws(NetworkError) in try await socket.receive() }
      #expect(error?.problem == .closed(.inSession, "without a goodbye"))
    }
  }

  @Test func `a message handed over after the goodbye is refused`() async throws {
    try await Net.run { net in
      let server = try await net.serve { _ in
        .webSocket { socket in while (try? await socket.receive()) ?? nil != nil {} }
      }
      let socket = try await net.connect(to: server.address())
      try await socket.send("heard")
      await socket.close()
      let error = await failure { () async throws(NetworkError) in try await socket.send("late") }
      #expect(error?.problem == .shutDown)
    }
  }

  @Test func `a wrong answer to the key is refused`() async throws {
    try await Net.run { net in
      let peer = RawPeer.serve { peer in
        _ = peer.read(until: "\r\n\r\n")
        peer.write(
          "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: AAAA\r\n\r\n")
        _ = peer.readAll()
      }
      let error = await failure { () async throws(NetworkError) in
        try await net.connect(to: WebAddress(endpoint: peer, target: "/"))
      }
      #expect(error?.problem == .malformed("a wrong answer to the WebSocket's key"))
    }
  }

  @Test func `a reader whose task is cancelled loses no message`() async throws {
    try await Net.run { net in
      let gate = Gate()
      let server = try await net.serve { _ in
        .webSocket { socket in
          await gate.wait()
          try? await socket.send("kept")
          _ = try? await socket.receive()
        }
      }
      let socket = try await net.connect(to: server.address())
      let reader = Task {
        await failure { () async throws(NetworkError) in try await socket.receive() }
      }
      reader.cancel()
      #expect(await reader.value?.problem == .cancelled)
      gate.open()
      #expect(try await socket.receive() == .text("kept"))
      await socket.close()
    }
  }

  @Test("Garbage on a WebSocket is answered with a close code", arguments: 0..<10)
  func garbage(seed: UInt64) async throws {
    try await Net.run { net in
      let server = try await net.servePlain(echoSocket)
      let answer = await RawPeer.connect(to: server.port) { peer in
        var random = SplitMix(seed: seed)
        peer.write(
          "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        _ = peer.read(until: "\r\n\r\n")
        // Random bytes whose first is no legal start of a frame.
        peer.write(
          [0xf3]
            + (0..<500).map { _ in UInt8.random(in: 0...255, using: &random) })
        return peer.readAll()
      }
      #expect(answer.first == 0x88)
      #expect(Array(answer.dropFirst(2).prefix(2)) == [0x03, 0xea])
    }
  }
}

/// Answers a request for a WebSocket; whether there was one.
func upgrade(_ peer: RawPeer) -> Bool {
  guard let request = peer.read(until: "\r\n\r\n"),
    let key = request.firstMatch(of: #/Sec-WebSocket-Key: (\S+)/#)?.1
  else { return false }
  peer.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Accept: \(WebSocketHandshake.accept(for: String(key)))\r\n\r\n")
  return true
}

/// A short frame of a client.
func frame(from peer: RawPeer) -> (opcode: UInt8, payload: [UInt8])? {
  guard let head = peer.read(count: 2), let mask = peer.read(count: 4),
    var payload = peer.read(count: Int(head[1] & 0x7f))
  else { return nil }
  for index in payload.indices { payload[index] ^= mask[index & 3] }
  return (head[0] & 0x0f, payload)
}
