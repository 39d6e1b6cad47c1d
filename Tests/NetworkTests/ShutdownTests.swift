import Foundation
import Glibc
import Network
import Testing

@Suite("The end of a loop", .timeLimit(.minutes(10)))
struct ShutdownTests {
  // In a process of its own: here, other tests open files meanwhile.
  @Test func `it leaves no descriptor and no thread behind`() async throws {
    await #expect(processExitsWith: .success) {
      func count(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).count
      }
      func round() async throws {
        try await Net.run { net in
          let server = try await net.serve { request in
            request.path == "/ws" ? await echoSocket(request) : await echo(request)
          }
          let plain = try await net.servePlain(echo)
          for _ in 0..<3 { _ = try await net.client.send(.get, server.address()) }
          _ = try await net.client.send(.get, plain.address())
          let closed = try await net.connect(to: server.address("/ws"))
          try await closed.send("a")
          _ = try await closed.receive()
          await closed.close()
          let broken = try await net.connect(to: server.address("/ws"))
          broken.abort()
          // One is left open, one request under way, and one connection half made.
          _ = try await net.connect(to: server.address("/ws"))
          let silent = RawPeer.serve { peer in _ = peer.readAll() }
          let error = await failure { () async throws(NetworkError) in
            try await net.client.send(
              HTTPRequest(.get, "/"),
              to: Endpoint(host: silent.host, port: silent.port, isSecure: true),
              timeouts: ClientTimeouts(connection: .milliseconds(50), total: .seconds(50)))
          }
          precondition(error?.problem == .timedOut(.connection), "\(String(describing: error))")
          let refused = await failure { () async throws(NetworkError) in
            try await net.client.send(
              HTTPRequest(.get, "/"), to: Endpoint(host: "127.0.0.1", port: 1, isSecure: false))
          }
          precondition(refused != nil)
        }
      }
      // The first round opens what the process keeps: the concurrency pool, libcrypto's random source.
      try await round()
      // Threads of peers end a moment later.
      func settled(_ folder: String, to most: Int) throws -> Bool {
        for _ in 0..<200 {
          if try count(folder) <= most { return true }
          usleep(50_000)
        }
        return false
      }
      let files = try count("/proc/self/fd")
      let threads = try count("/proc/self/task")
      for _ in 0..<5 { try await round() }
      let left = try settled("/proc/self/fd", to: files)
      // The pool of Swift's concurrency may still have grown by a thread or two; five loops may not.
      let alive = try settled("/proc/self/task", to: threads + 2)
      exit(left && alive ? 0 : left ? 2 : 3)
    }
  }

  @Test func `whoever waits is told, and whoever comes later too`() async throws {
    let loop = try EventLoop()
    let arrived = Gate()
    let gate = Gate()
    let server = try await WebServer.start(on: loop) { request in
      if request.path == "/ws" { return await echoSocket(request) }
      arrived.open()
      await gate.wait()
      return HTTPResponse(200)
    }
    let client = try HTTPClient(on: loop)
    let sockets = try WebSocketClient(on: loop)
    let socket = try await sockets.connect(to: server.address("/ws"), timeout: .seconds(100))
    let request = Task {
      await failure { () async throws(NetworkError) in
        try await client.send(.post, server.address("/slow"))
      }
    }
    let reader = Task {
      await failure { () async throws(NetworkError) in try await socket.receive() }
    }
    await arrived.wait()
    await loop.shutDown()
    await loop.shutDown()  // Once more is nothing.
    #expect(await request.value?.problem == .shutDown)
    #expect(await request.value?.mayHaveArrived == true)
    let read = await reader.value?.problem
    #expect(read == .shutDown || read == .closed(.inSession, "without a goodbye"))
    gate.open()
    let late = await failure { () async throws(NetworkError) in
      try await client.send(.get, server.address())
    }
    #expect(
      late?.description
        == "GET http://127.0.0.1:\(server.port)/: closed on our side. Nothing was sent.")
    let lateSocket = await failure { () async throws(NetworkError) in
      try await sockets.connect(to: server.address("/ws"), timeout: .seconds(100))
    }
    #expect(lateSocket?.problem == .shutDown)
    let lateSend = await failure { () async throws(NetworkError) in try await socket.send("a") }
    #expect(lateSend?.problem == .shutDown)
    let lateServer = await failure { () async throws(NetworkError) in
      try await WebServer.start(on: loop, handler: echo)
    }
    #expect(lateServer?.problem == .shutDown)
  }

  @Test func `a server that stops lets its port go, and its clients know`() async throws {
    try await Net.run { net in
      let server = try await net.serve(echoSocket)
      let socket = try await net.connect(to: server.address())
      await server.stop()
      #expect(try await socket.receive() == nil)
      #expect(socket.closing == WebSocketClosing(1001, "going away"))
      let again = try await WebServer.start(
        on: net.loop, port: server.port, identity: try net.authority.issue(), handler: echo)
      #expect(try await net.client.send(.put, again.address(), body: [1]).body == [1])
      await again.stop()
    }
  }

  @Test func `a client that is closed ends its requests and takes no more`() async throws {
    try await Net.run { net in
      let arrived = Gate()
      let gate = Gate()
      let server = try await net.serve { _ in
        arrived.open()
        await gate.wait()
        return HTTPResponse(200)
      }
      let request = Task {
        await failure { () async throws(NetworkError) in
          try await net.client.send(.get, server.address())
        }
      }
      await arrived.wait()
      await net.client.close()
      #expect(await request.value?.problem == .shutDown)
      let late = await failure { () async throws(NetworkError) in
        try await net.client.send(.get, server.address())
      }
      #expect(late?.problem == .shutDown)
      gate.open()
    }
  }
}
