import Glibc

/// The part of a server that lives on the loop's thread: the socket that listens, and the connections.
///
/// `@unchecked Sendable`, because: what `init` sets never changes, and everything else is touched on the
/// loop's thread only; `WebServer` comes through `EventLoop.execute`.
final class ServerCore: Watcher, LoopGuest, @unchecked Sendable {
  let loop: EventLoop
  let endpoint: Endpoint
  let settings: ServerSettings
  let handler: WebServer.Handler
  private let tls: TLSContext?
  private var watch: Watch?
  private var connections: [ObjectIdentifier: ServerConnection] = [:]

  init(
    on loop: EventLoop, endpoint: Endpoint, tls: TLSContext?, settings: ServerSettings,
    handler: @escaping WebServer.Handler
  ) {
    self.loop = loop
    self.endpoint = endpoint
    self.tls = tls
    self.settings = settings
    self.handler = handler
  }

  func listen(_ descriptor: Int32) -> Result<Void, NetworkError> {
    watch = loop.watch(descriptor, for: self)
    guard watch != nil else {
      return .failure(NetworkError(.cannotListen("too many open files"), at: "\(endpoint)"))
    }
    loop.welcome(self)
    return .success(())
  }

  func readable() {
    while let watch, watch.reads {
      let descriptor = accept(watch.descriptor, nil, nil)  // The loop makes it non-blocking.
      guard descriptor >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        // Out of descriptors: whoever knocks would wake us at once, again and again.
        if errno != EAGAIN { rest() }
        return
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var yes: Int32 = 1
      setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
      var session: TLSSession?
      if let tls {
        session = TLSSession(server: tls)
        guard session != nil else {
          close(descriptor)
          continue
        }
      }
      let connection = ServerConnection(of: self, descriptor: descriptor, tls: session)
      connections[ObjectIdentifier(connection)] = connection
      if connections.count >= settings.connections { watch.reads = false }
    }
  }

  private func rest() {
    watch?.reads = false
    _ = loop.after(.milliseconds(100)) { [weak self] in
      guard let self, connections.count < settings.connections else { return }
      watch?.reads = true
    }
  }

  func writable() {}
  func lost() { watch = nil }

  /// A connection is no more.
  func gone(_ connection: ServerConnection) {
    connections[ObjectIdentifier(connection)] = nil
    if connections.count < settings.connections { watch?.reads = true }
  }

  func loopEnds() {
    loop.forget(self)
    if let watch { loop.close(watch) }
    watch = nil
    let all = connections.values
    connections = [:]
    for connection in all { connection.close() }
  }
}
