/// One client of a server.
///
/// `@unchecked Sendable`, because: everything in it is touched on the loop's thread only; the handler's
/// task comes back through `EventLoop.execute`.
final class ServerConnection: ChannelUser, @unchecked Sendable {
  private let core: ServerCore
  private var channel: Channel?
  private var parser: HTTPParser
  private var task: Task<Void, Never>?
  private var isHandling = false
  private var socket: WebSocket?
  private var deadline: Deadlines.ID?

  init(of core: ServerCore, descriptor: Int32, tls: TLSSession?) {
    self.core = core
    parser = HTTPParser(.requests, limits: core.settings.limits)
    channel = Channel(
      on: core.loop, descriptor: descriptor, isConnecting: false, tls: tls, user: self)
    wait(core.settings.patience)
  }

  /// Closes it, and cancels what is being done for it.
  func close() {
    task?.cancel()
    core.loop.cancel(deadline)
    channel?.close()
    channel = nil
    socket?.loopEnds()
    socket = nil
  }

  private func leave() {
    close()
    core.gone(self)
  }

  /// Gives the client some time for what is due next.
  private func wait(_ duration: Duration) {
    core.loop.cancel(deadline)
    deadline = core.loop.after(duration) { [weak self] in
      guard let self else { return }
      if parser.isInMessage, !isHandling {
        refuse(408, "the request did not come in time")
      } else {
        leave()
      }
    }
  }

  // MARK: - ChannelUser

  func channelOpened() {}

  func channelReceived(_ bytes: UnsafeRawBufferPointer) {
    let began = !parser.isInMessage
    parser.feed(bytes)
    if isHandling {
      // The next request can wait, and so can what a WebSocket's client says early.
      if parser.waiting > 65_536 { channel?.reads = false }
      return
    }
    if began { wait(core.settings.patience) }
    parse()
  }

  func channelDrained() {
    // The answer is out; the time for the next request runs.
    if !isHandling, socket == nil, !parser.isInMessage { wait(core.settings.idle) }
  }

  func channelClosed(_ end: Channel.End) {
    channel = nil
    leave()
  }

  // MARK: - Requests

  private func parse() {
    do throws(HTTPSyntaxError) {
      guard let message = try parser.next() else {
        if parser.takeContinue() { channel?.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        return
      }
      handle(message)
    } catch {
      switch error {
      case .malformed(let why): refuse(400, why)
      case .unsupported(let why): refuse(501, why)
      case .tooLarge(.head, let limit): refuse(431, "headers of more than \(limit) bytes")
      case .tooLarge(_, let limit): refuse(413, "a body of more than \(limit) bytes")
      }
    }
  }

  private func handle(_ message: HTTPMessage) {
    guard case .request(let name, let target) = message.start else { return }
    guard let method = HTTPMethod(rawValue: name) else {
      refuse(501, "the method '\(name)'")
      return
    }
    guard target.hasPrefix("/"), message.minorVersion == 0 || message.headers["Host"] != nil else {
      refuse(400, "a request needs a path and a Host")
      return
    }
    let request = HTTPRequest(method, target, headers: message.headers, body: message.body)
    isHandling = true
    core.loop.cancel(deadline)
    let keepsAlive = message.keepsAlive
    task = Task { [core] in
      let response = await core.handler(request)
      core.loop.execute { [self] in answer(response, to: request, keepAlive: keepsAlive) }
    }
  }

  private func answer(_ response: HTTPResponse, to request: HTTPRequest, keepAlive: Bool) {
    isHandling = false
    task = nil
    guard let channel else { return }
    if let session = response.session {
      upgrade(response, request, session)
      return
    }
    var response = response
    if let defect = response.headers.defect {
      response = HTTPResponse(500, body: Array("the server made a bad header: \(defect)\n".utf8))
    }
    let bytes = response.bytes(toHead: request.method == .head, keepAlive: keepAlive)
    switch response.delivery {
    case .whole: break
    case .cut(let count):
      channel.write(Array(bytes.prefix(count)))
      part()
      return
    }
    channel.write(bytes)
    guard keepAlive else {
      part()
      return
    }
    wait(core.settings.patience)
    channel.reads = true
    if parser.waiting > 0 { parse() }
  }

  /// An answer to what is no request, and the end.
  private func refuse(_ status: Int, _ why: String) {
    let response = HTTPResponse(
      status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array("\(why)\n".utf8))
    channel?.write(response.bytes(toHead: false, keepAlive: false))
    part()
  }

  /// Closes in due form: the answer arrives even if the client is still talking.
  private func part() {
    channel?.finish(patience: .seconds(2))
    channel = nil
    leave()
  }

  // MARK: - WebSockets

  private func upgrade(
    _ response: HTTPResponse, _ request: HTTPRequest,
    _ session: @escaping @Sendable (WebSocket) async -> Void
  ) {
    guard let channel else { return }
    guard let key = WebSocketHandshake.key(of: request) else {
      let refusal = HTTPResponse(
        426, headers: ["Upgrade": "websocket"], body: Array("this is a WebSocket\n".utf8))
      channel.write(refusal.bytes(toHead: request.method == .head, keepAlive: false))
      part()
      return
    }
    var head = HTTPResponse(101, headers: response.headers)
    head.headers["Upgrade"] = "websocket"
    head.headers["Connection"] = "Upgrade"
    head.headers["Sec-WebSocket-Accept"] = WebSocketHandshake.accept(for: key)
    channel.write(head.bytes(toHead: false, keepAlive: true))
    let socket = WebSocket(
      over: channel, on: core.loop, isServer: true, settings: core.settings.webSockets,
      place: "WebSocket \(core.endpoint)\(request.path)", rest: parser.takeRest())
    self.socket = socket
    self.channel = nil
    core.loop.cancel(deadline)
    task = Task { [core] in
      await session(socket)
      await socket.close()
      core.loop.execute { [self] in
        self.socket = nil
        leave()
      }
    }
  }
}
