import Glibc

/// Makes a channel: looks the host up, tries its addresses one after the other, speaks TLS.
///
/// Of the loop's thread alone; calls back once, unless it is cancelled.
///
/// `@unchecked Sendable`, because: the resolver's answer comes through `EventLoop.execute`, so that every
/// method runs on the loop's thread.
final class Connector: ChannelUser, @unchecked Sendable {
  private let loop: EventLoop
  private let endpoint: Endpoint
  private let tls: TLSContext
  private var addresses: [Resolver.Address] = []
  private var channel: Channel?
  private var deadline: Deadlines.ID?
  private var lastProblem = NetworkError.Problem.unreachable("no address")
  private var isOver = false
  private var done: ((Result<Channel, NetworkError.Problem>) -> Void)?
  /// Whom the channel belongs to once it is open.
  private let user: any ChannelUser

  init(
    on loop: EventLoop, to endpoint: Endpoint, tls: TLSContext, timeout: Duration,
    user: any ChannelUser, _ done: @escaping (Result<Channel, NetworkError.Problem>) -> Void
  ) {
    self.loop = loop
    self.endpoint = endpoint
    self.tls = tls
    self.user = user
    self.done = done
    deadline = loop.after(timeout) { [weak self] in self?.finish(.failure(.timedOut(.connection))) }
    Resolver.resolve(endpoint.host, port: endpoint.port, on: loop) { [weak self] answer in
      guard let self, !isOver else { return }
      switch answer {
      case .success(let found):
        addresses = found.reversed()
        connectNext()
      case .failure(let problem):
        // Not from within `init`: who made us has not stored us yet.
        loop.later { self.finish(.failure(problem)) }
      }
    }
  }

  /// Gives up; nobody is called back.
  func cancel() {
    done = nil
    finish(.failure(.cancelled))
  }

  private func connectNext() {
    guard let address = addresses.popLast() else {
      let problem = lastProblem
      loop.later { [weak self] in self?.finish(.failure(problem)) }
      return
    }
    let descriptor = socket(
      address.family,
      Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
      lastProblem = .unreachable(EventLoop.text(errno))
      connectNext()
      return
    }
    var yes: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    let code = address.bytes.withUnsafeBytes { bytes in
      connect(
        descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(bytes.count))
    }
    guard code == 0 || errno == EINPROGRESS else {
      lastProblem = .unreachable(EventLoop.text(errno))
      close(descriptor)
      connectNext()
      return
    }
    var session: TLSSession?
    if endpoint.isSecure {
      session = TLSSession(client: tls, host: endpoint.host)
      guard session != nil else {
        lastProblem = .tls(TLSSession.lastError)
        close(descriptor)
        connectNext()
        return
      }
    }
    channel = Channel(
      on: loop, descriptor: descriptor, isConnecting: true, tls: session, user: self)
  }

  private func finish(_ result: Result<Channel, NetworkError.Problem>) {
    guard !isOver else { return }
    isOver = true
    loop.cancel(deadline)
    if case .failure = result { channel?.close() }
    channel = nil
    let done = done
    self.done = nil
    done?(result)
  }

  // MARK: - ChannelUser

  func channelOpened() {
    guard let channel, !isOver else { return }
    channel.hand(to: user)
    finish(.success(channel))
  }

  func channelReceived(_ bytes: UnsafeRawBufferPointer) {}
  func channelDrained() {}

  func channelClosed(_ end: Channel.End) {
    channel = nil
    switch end {
    case .failed(let problem):
      lastProblem = problem
      // Another address is no remedy for a certificate.
      if case .untrusted = problem { addresses = [] }
    case .broken(let why): lastProblem = .unreachable(why)
    case .finished: lastProblem = .unreachable("closed at once")
    }
    if !isOver { connectNext() }
  }
}
