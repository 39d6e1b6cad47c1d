import Glibc

/// An HTTP/1.1 server with WebSockets, on an address of this machine.
///
/// Each request goes to the handler, in a task that is cancelled when the client leaves; the requests of
/// one connection one after the other. What is no request is answered with 400 and its kin, and the
/// connection closed.
package final class WebServer: Sendable {
  /// Answers a request; a request for a WebSocket with `HTTPResponse.webSocket`.
  package typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

  /// Where it listens.
  package let endpoint: Endpoint
  private let loop: EventLoop
  private let core: ServerCore

  private init(endpoint: Endpoint, loop: EventLoop, core: ServerCore) {
    self.endpoint = endpoint
    self.loop = loop
    self.core = core
  }

  /// The port, also where any was asked for.
  package var port: UInt16 { endpoint.port }

  /// An address on it.
  package func address(_ target: String = "/") -> WebAddress {
    WebAddress(endpoint: endpoint, target: target)
  }

  /// Listens, with TLS if there is an identity; port 0 is any that is free.
  ///
  /// - Throws: `NetworkError` where the port is taken or the identity is none.
  package static func start(
    on loop: EventLoop, host: String = "127.0.0.1", port: UInt16 = 0, identity: TLSIdentity? = nil,
    settings: ServerSettings = ServerSettings(), handler: @escaping Handler
  ) async throws(NetworkError) -> WebServer {
    var tls: TLSContext?
    if let identity { tls = try TLSContext(identity: identity) }
    let (descriptor, bound) = try listen(host: host, port: port)
    let endpoint = Endpoint(host: host, port: bound, isSecure: tls != nil)
    let core = ServerCore(
      on: loop, endpoint: endpoint, tls: tls, settings: settings, handler: handler)
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Void, NetworkError>, Never>) in
      let isTaken = loop.execute {
        continuation.resume(returning: core.listen(descriptor))
      }
      if !isTaken {
        close(descriptor)
        continuation.resume(returning: .failure(NetworkError(.shutDown, at: "\(endpoint)")))
      }
    }
    try result.get()
    return WebServer(endpoint: endpoint, loop: loop, core: core)
  }

  /// Listens no more and closes every connection.
  package func stop() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isTaken = loop.execute { [core] in
        core.loopEnds()
        continuation.resume()
      }
      if !isTaken { continuation.resume() }
    }
  }

  /// A socket that listens, and the port it got.
  private static func listen(
    host: String, port: UInt16
  ) throws(NetworkError) -> (Int32, UInt16) {
    func failure(_ why: String) -> NetworkError {
      NetworkError(.cannotListen(why), at: "\(host):\(port)")
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
      throw failure("'\(host)' is no IPv4 address")
    }
    let descriptor = socket(
      AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure(EventLoop.text(errno)) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard bind(descriptor, pointer, size) == 0, Glibc.listen(descriptor, 512) == 0,
          getsockname(descriptor, pointer, &size) == 0
        else { return errno }
        return 0
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw failure(EventLoop.text(code))
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }
}
