/// Opens WebSockets.
package final class WebSocketClient: Sendable {
  private let loop: EventLoop
  private let tls: TLSContext

  /// A client on a loop.
  ///
  /// - Throws: `NetworkError` where an authority cannot be read.
  package init(on loop: EventLoop, trusting trust: Trust = .system) throws(NetworkError) {
    self.loop = loop
    tls = try TLSContext(trusting: trust)
  }

  /// Connects, and waits until the server has agreed; a cancelled task ends it.
  ///
  /// - Throws: What went wrong; `notUpgraded` where the server gives an ordinary answer.
  package func connect(
    to address: WebAddress, headers: HTTPHeaders = [:],
    settings: WebSocketSettings = WebSocketSettings(), timeout: Duration = .seconds(10)
  ) async throws(NetworkError) -> WebSocket {
    if let defect = headers.defect {
      throw NetworkError(.badRequest(defect), at: address.description)
    }
    let opening = WebSocketOpening(
      on: loop, to: address, headers: headers, settings: settings, tls: tls)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: WebSocketOpening.Continuation) in
        let isTaken = loop.execute { opening.start(timeout: timeout, continuation) }
        if !isTaken { continuation.resume(returning: .failure(opening.error(.shutDown))) }
      }
    } onCancel: {
      loop.execute { opening.fail(.cancelled) }
    }
    return try result.get()
  }
}

/// A WebSocket that is about to be.
///
/// `@unchecked Sendable`, because: `address`, `headers`, `settings`, `loop` and `tls` never change, and
/// everything else is touched on the loop's thread only.
final class WebSocketOpening: ChannelUser, LoopGuest, @unchecked Sendable {
  typealias Continuation = CheckedContinuation<Result<WebSocket, NetworkError>, Never>

  private let loop: EventLoop
  private let address: WebAddress
  private let headers: HTTPHeaders
  private let settings: WebSocketSettings
  private let tls: TLSContext

  private var continuation: Continuation?
  private var connector: Connector?
  private var channel: Channel?
  private var deadline: Deadlines.ID?
  private var parser = HTTPParser(.responses, limits: HTTPLimits(body: 65_536))
  private let key = WebSocketHandshake.makeKey()
  private var isOver = false

  init(
    on loop: EventLoop, to address: WebAddress, headers: HTTPHeaders, settings: WebSocketSettings,
    tls: TLSContext
  ) {
    self.loop = loop
    self.address = address
    self.headers = headers
    self.settings = settings
    self.tls = tls
  }

  private var place: String {
    "WebSocket \(address.endpoint)\(address.target.prefix { $0 != "?" })"
  }

  /// An error about it.
  ///
  /// Opening a WebSocket changes nothing anywhere, so nothing has arrived.
  func error(_ problem: NetworkError.Problem) -> NetworkError { NetworkError(problem, at: place) }

  func start(timeout: Duration, _ continuation: Continuation) {
    if isOver {  // Cancelled before it began.
      continuation.resume(returning: .failure(error(.cancelled)))
      return
    }
    self.continuation = continuation
    loop.welcome(self)
    deadline = loop.after(timeout) { [weak self] in self?.fail(.timedOut(.connection)) }
    connector = Connector(
      on: loop, to: address.endpoint, tls: tls, timeout: timeout, user: self
    ) { [weak self] result in
      guard let self else { return }
      connector = nil
      switch result {
      case .success(let channel):
        self.channel = channel
        let request = HTTPRequest(
          .get, address.target,
          headers: WebSocketHandshake.request(key: key, adding: headers))
        channel.write(request.bytes(authority: address.endpoint.authority))
      case .failure(let problem): fail(problem)
      }
    }
  }

  func fail(_ problem: NetworkError.Problem) {
    guard !isOver else { return }
    connector?.cancel()
    channel?.close()
    finish(.failure(error(problem)))
  }

  private func finish(_ result: Result<WebSocket, NetworkError>) {
    isOver = true
    connector = nil
    channel = nil
    loop.cancel(deadline)
    loop.forget(self)
    continuation?.resume(returning: result)
    continuation = nil
  }

  func loopEnds() { fail(.shutDown) }

  // MARK: - ChannelUser

  func channelOpened() {}
  func channelDrained() {}

  func channelReceived(_ bytes: UnsafeRawBufferPointer) {
    parser.feed(bytes)
    do throws(HTTPSyntaxError) {
      if let message = try parser.next() { take(message) }
    } catch {
      fail(error.problem)
    }
  }

  func channelClosed(_ end: Channel.End) {
    channel = nil
    switch end {
    case .finished:
      if let message = parser.end() { take(message) }
      fail(.closed(.beforeAnswer, "at its end"))
    case .broken(let why): fail(.closed(.beforeAnswer, why))
    case .failed(let problem): fail(problem)
    }
  }

  private func take(_ message: HTTPMessage) {
    guard !isOver, case .response(let status) = message.start else { return }
    guard status == 101 else {
      fail(.notUpgraded(status: status))
      return
    }
    guard let channel, WebSocketHandshake.isAccepted(message, key: key) else {
      fail(.malformed("a wrong answer to the WebSocket's key"))
      return
    }
    let socket = WebSocket(
      over: channel, on: loop, isServer: false, settings: settings, place: place,
      rest: parser.takeRest())
    finish(.success(socket))
  }
}
