import Glibc
import Network
import Synchronization

/// A loop, an authority and clients that trust it; all gone when the test is.
struct Net: Sendable {
  let loop: EventLoop
  let authority: CertificateAuthority
  let client: HTTPClient
  let sockets: WebSocketClient

  static func run(
    // Long: the machine may be busy, and `timeLimit` watches over every test.
    timeouts: ClientTimeouts = ClientTimeouts(connection: .seconds(500), total: .seconds(500)),
    limits: HTTPLimits = HTTPLimits(),
    connections: Int = 8, _ body: (Net) async throws -> Void
  ) async throws {
    let loop = try EventLoop()
    do {
      let authority = try CertificateAuthority()
      let trust = Trust.nobody.adding(pem: authority.certificate)
      let net = Net(
        loop: loop, authority: authority,
        client: try HTTPClient(
          on: loop, trusting: trust, timeouts: timeouts, limits: limits,
          connectionsPerEndpoint: connections),
        sockets: try WebSocketClient(on: loop, trusting: trust))
      try await body(net)
    } catch {
      await loop.shutDown()
      throw error
    }
    await loop.shutDown()
  }

  /// A WebSocket, with all the time a busy machine may need.
  func connect(
    to address: WebAddress, headers: HTTPHeaders = [:],
    settings: WebSocketSettings = WebSocketSettings()
  ) async throws(NetworkError) -> WebSocket {
    try await sockets.connect(
      to: address, headers: headers, settings: settings, timeout: .seconds(500))
  }

  /// A server with TLS.
  func serve(
    settings: ServerSettings = ServerSettings(), _ handler: @escaping WebServer.Handler
  ) async throws -> WebServer {
    try await WebServer.start(
      on: loop, identity: try authority.issue(), settings: settings, handler: handler)
  }

  /// A server without TLS, for tests that look at the bytes.
  func servePlain(
    settings: ServerSettings = ServerSettings(), _ handler: @escaping WebServer.Handler
  ) async throws -> WebServer {
    try await WebServer.start(on: loop, settings: settings, handler: handler)
  }
}

/// Answers with what was asked.
let echo: WebServer.Handler = { request in
  HTTPResponse(
    200, headers: ["X-Method": request.method.rawValue, "X-Target": request.target],
    body: request.body)
}

/// Echoes every message of a WebSocket.
let echoSocket: WebServer.Handler = { _ in
  .webSocket { socket in
    while let message = try? await socket.receive() { try? await socket.send(message) }
  }
}

/// The error that something throws.
func failure<T>(_ body: () async throws(NetworkError) -> T) async -> NetworkError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}

/// Opens once, for all who wait.
final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>(
    (false, []))

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for item in waiting { item.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// A box that tasks share.
final class Shared<Value: Sendable>: Sendable {
  private let box: Mutex<Value>
  init(_ value: Value) { box = Mutex(value) }
  var value: Value { box.withLock { $0 } }
  func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    box.withLock { value in
      var copy = value
      defer { value = copy }
      return body(&copy)
    }
  }
}
