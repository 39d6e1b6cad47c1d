import COpenSSL
import Glibc
import Network
import Synchronization

/// A server and clients of ours, one of each in the process, and a raw peer for either.
///
/// What is sent ends with the connection, after which nobody has to wait for anything: whoever does not
/// end within ten seconds hangs.
final class WireBench: Sendable {
  /// The one of the process; why there is none, where there is none.
  static let shared = Result { () throws(NetworkError) in try WireBench() }

  private let loop: EventLoop
  private let server: WebServer
  private let client: HTTPClient
  private let sockets: WebSocketClient
  /// Where raw peers wait for our clients.
  private let listener: (descriptor: Int32, port: UInt16)

  private init() throws(NetworkError) {
    let loop = try EventLoop()
    self.loop = loop
    let settings = ServerSettings(
      limits: HTTPLimits(head: 2048, body: 4096),
      webSockets: WebSocketSettings(messageLimit: 4096, goodbye: .milliseconds(200)),
      patience: .seconds(5), idle: .seconds(5))
    server = try Self.awaiting { () async throws(NetworkError) in
      try await WebServer.start(on: loop, settings: settings) { request in
        Self.answer(request)
      }
    }
    client = try HTTPClient(
      on: loop, timeouts: ClientTimeouts(connection: .seconds(5), total: .seconds(5)),
      limits: HTTPLimits(head: 2048, body: 4096))
    sockets = try WebSocketClient(on: loop)
    listener = RawSocket.listen()
  }

  /// A request comes back as it was read; a WebSocket's messages too.
  private static func answer(_ request: HTTPRequest) -> HTTPResponse {
    guard request.headers.list("Upgrade", has: "websocket") else {
      _ = request.queryItems
      return HTTPResponse(200, body: request.body)
    }
    return .webSocket { socket in
      // The end of a conversation, whatever it is, is no news.
      while let message = try? await socket.receive() {
        guard (try? await socket.send(message)) != nil else { return }
      }
    }
  }

  // MARK: - The server

  /// What the server makes of bytes; `nil` where it never ends.
  func told(_ bytes: [UInt8], piece: Int) -> [UInt8]? {
    guard let peer = RawSocket.connect(to: server.port) else { return nil }
    peer.write(bytes, piece: piece)
    return peer.readAll()
  }

  /// What the server makes of bytes behind the beginning of a WebSocket; `nil` where it never ends, or does
  /// not agree to one.
  func toldInSocket(_ bytes: [UInt8], piece: Int) -> [UInt8]? {
    guard let peer = RawSocket.connect(to: server.port) else { return nil }
    peer.write(Self.upgrade, isLast: false)
    guard peer.readHead()?.hasPrefix("HTTP/1.1 101 ") == true else { return nil }
    peer.write(bytes, piece: piece)
    return peer.readAll()
  }

  /// The beginning of every WebSocket.
  private static let upgrade = Array(
    """
    GET / HTTP/1.1\r
    Host: a\r
    Upgrade: websocket\r
    Connection: Upgrade\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
    \r

    """.utf8)

  // MARK: - The clients

  /// What our client makes of an answer to a request.
  func answered(_ bytes: [UInt8], piece: Int) -> Heard {
    let address = Endpoint(host: "127.0.0.1", port: listener.port, isSecure: false)
    return heard { [client] in
      do throws(NetworkError) {
        _ = try await client.send(HTTPRequest(.get, "/"), to: address)
        return nil
      } catch {
        return "\(error)"
      }
    } peer: { peer in
      guard peer.readHead() != nil else { return }
      peer.write(bytes, piece: piece)
    }
  }

  /// What our client makes of what comes over its WebSocket.
  func pushed(_ bytes: [UInt8], piece: Int) -> Heard {
    let address = WebAddress(
      endpoint: Endpoint(host: "127.0.0.1", port: listener.port, isSecure: false), target: "/")
    let settings = WebSocketSettings(messageLimit: 4096, goodbye: .milliseconds(200))
    return heard { [sockets] in
      do throws(NetworkError) {
        let socket = try await sockets.connect(to: address, settings: settings)
        while try await socket.receive() != nil {}
        return nil
      } catch {
        return "\(error)"
      }
    } peer: { peer in
      guard let head = peer.readHead(), let start = head.firstRange(of: "Sec-WebSocket-Key: ")
      else { return }
      let key = head[start.upperBound...].prefix { $0 != "\r\n" && $0 != "\r" }
      let yes =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: \(Self.accept(String(key)))\r\n\r\n"
      peer.write(Array(yes.utf8) + bytes, piece: piece)
      // What the client says at its end is read, so that it can end in due form.
      _ = peer.readAll()
    }
  }

  /// What came of a conversation.
  enum Heard {
    /// It is over; the error, where it ended with one.
    case over(String?)
    /// The client still waits.
    case hangs
  }

  /// Runs a client in a task, and its peer here.
  private func heard(
    _ client: @escaping @Sendable () async -> String?, peer: (borrowing RawSocket) -> Void
  ) -> Heard {
    let ended = Ended()
    Task { ended.set(await client()) }
    // A connection that was kept and turns out to be closed ends a request without a new one.
    for _ in 0..<1000 where ended.value == nil {
      guard let socket = RawSocket.accept(from: listener.descriptor, within: 10) else { continue }
      peer(socket)
      break
    }
    for _ in 0..<100_000 {
      if let error = ended.value { return .over(error) }
      usleep(100)
    }
    return .hangs
  }

  /// How a client's task ended, once it has.
  private final class Ended: Sendable {
    private let state = Mutex<String??>(nil)

    var value: String?? { state.withLock { $0 } }
    func set(_ error: String?) { state.withLock { $0 = .some(error) } }
  }

  /// The answer to a WebSocket's key; RFC 6455.
  private static func accept(_ key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
    var encoded = [UInt8](repeating: 0, count: 29)
    let count = EVP_EncodeBlock(&encoded, digest, 20)
    return String(decoding: encoded.prefix(Int(count)), as: UTF8.self)
  }

  /// Waits for what is asynchronous, from a thread that is not.
  private static func awaiting<Value: Sendable>(
    _ body: @escaping @Sendable () async throws(NetworkError) -> Value
  ) throws(NetworkError) -> Value {
    let box = Box<Value>()
    Task {
      do throws(NetworkError) { box.set(.success(try await body())) } catch {
        box.set(.failure(error))
      }
    }
    while true {
      if let result = box.value { return try result.get() }
      usleep(100)
    }
  }

  private final class Box<Value: Sendable>: Sendable {
    private let state = Mutex<Result<Value, NetworkError>?>(nil)

    var value: Result<Value, NetworkError>? { state.withLock { $0 } }
    func set(_ result: Result<Value, NetworkError>) { state.withLock { $0 = result } }
  }
}
