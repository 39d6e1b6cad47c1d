import Glibc

/// Makes a channel: looks the host up, tries its addresses one after the other, speaks TLS.
///
/// The time there is is shared among the addresses that are left: one that never answers, as IPv6 behind a
/// router that drops it, is left for the next.
///
/// Of the loop's thread alone; calls back once, unless it is cancelled.
///
/// `@unchecked Sendable`, because: the resolver's answer comes through `EventLoop.execute`, so that every
/// method runs on the loop's thread.
final class Connector: ChannelUser, @unchecked Sendable {
  private let loop: EventLoop
  private let endpoint: Endpoint
  private let tls: TLSContext
  private let began = ContinuousClock.now
  private let timeout: Duration
  private var addresses: [Resolver.Address] = []
  private var channel: Channel?
  private var deadline: Deadlines.ID?
  /// Of the address that is tried.
  private var turn: Deadlines.ID?
  private var lastProblem = NetworkError.Problem.unreachable("no address")
  private var isOver = false
  private var done: ((Result<Channel, NetworkError.Problem>) -> Void)?
  /// Whom the channel belongs to once it is open.
  private let user: any ChannelUser

  /// Begins; with `addresses`, nobody is asked for them.
  init(
    on loop: EventLoop, to endpoint: Endpoint, at addresses: [Resolver.Address]? = nil,
    tls: TLSContext, timeout: Duration, user: any ChannelUser,
    _ done: @escaping (Result<Channel, NetworkError.Problem>) -> Void
  ) {
    self.loop = loop
    self.endpoint = endpoint
    self.tls = tls
    self.timeout = timeout
    self.user = user
    self.done = done
    deadline = loop.after(timeout) { [weak self] in self?.finish(.failure(.timedOut(.connection))) }
    if let addresses {
      self.addresses = addresses.reversed()
      connectNext()
      return
    }
    Resolver.resolve(endpoint.host, port: endpoint.port, on: loop) { [weak self] answer in
      guard let self, !isOver else { return }
      switch answer {
      case .success(let found):
        self.addresses = found.reversed()
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
    loop.cancel(turn)
    turn = nil
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
    guard !addresses.isEmpty else { return }
    let left = timeout - (ContinuousClock.now - began)
    turn = loop.after(left / (addresses.count + 1)) { [weak self] in self?.skip() }
  }

  /// Leaves an address that has not answered in its time.
  private func skip() {
    guard !isOver, let channel else { return }
    channel.close()
    self.channel = nil
    lastProblem = .timedOut(.connection)
    connectNext()
  }

  private func finish(_ result: Result<Channel, NetworkError.Problem>) {
    guard !isOver else { return }
    isOver = true
    loop.cancel(deadline)
    loop.cancel(turn)
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
