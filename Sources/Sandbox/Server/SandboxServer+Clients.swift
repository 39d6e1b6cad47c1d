import JSON
import Market
import Network

extension SandboxServer {
  /// Answers a request, or does to it what the plan of faults says.
  func handle(_ request: HTTPRequest) async -> HTTPResponse {
    faults == nil ? answer(request) : await mishandle(request)
  }

  /// Answers a request, or makes a WebSocket of its connection.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let now = time
    if request.headers.list("Upgrade", has: "websocket") {
      do { try door.admitSocket(countedAt: clock()) } catch { return error.response }
      return .webSocket { socket in await self.serve(socket) }
    }
    activity += 1
    let visitor: Visitor
    do { visitor = try door.admit(request, now: now, countedAt: clock()) } catch {
      return error.response
    }
    defer { publish() }
    switch visitor.api {
    case .advanced:
      return AdvancedAPI(permissions: visitor.permissions, clock: now).answer(request, &exchange)
    case .exchange:
      return ExchangeAPI(clock: now).answer(request, &exchange)
    }
  }

  // MARK: - WebSockets

  /// Speaks with a client until it leaves.
  private func serve(_ socket: WebSocket) async {
    let (stream, outbox) = AsyncStream.makeStream(
      of: WebSocketMessage.self, bufferingPolicy: .bufferingOldest(FeedConnection.outboxLimit))
    let number = connectionCount
    connectionCount += 1
    connections[number] = FeedConnection(outbox: outbox, socket: socket)
    let sender = Task {
      for await message in stream {
        do { try await socket.send(message) } catch { return }  // Whoever reads hears of it too.
      }
    }
    let patience = Task { [weak self, patience = exchange.settings.subscriptionPatience] in
      do { try await Task.sleep(for: patience) } catch { return }
      await self?.dropUnsubscribed(number)
    }
    do {
      while let message = try await socket.receive() { receive(message, number) }
    } catch {
      // The client is gone, however it went.
    }
    sender.cancel()
    patience.cancel()
    outbox.finish()
    forget(number)
    resumeIfQuiet()
  }

  private func dropUnsubscribed(_ number: Int) async {
    guard let connection = connections[number], connection.session?.isSubscribed != true else {
      return
    }
    await connection.socket.close(1008, "no subscription within 5 seconds")
  }

  private func receive(_ message: WebSocketMessage, _ number: Int) {
    switch message {
    case .pong(let payload):
      guard let ping = PingNumber.read(payload) else { return }
      connections[number]?.hear(ping, of: pingCount)
      resumeIfQuiet()
    case .ping, .binary: break
    case .text(let text):
      activity += 1
      deliver(answers(to: text, number), number)
      resumeIfFollowed()
    }
  }

  private func answers(to text: String, _ number: Int) -> [JSONTree] {
    guard let message = try? JSONValue(parsing: Array(text.utf8)),
      var session = connections[number]?.session ?? Self.session(for: message)
    else { return [Self.refusal("subscribe or unsubscribe required")] }
    let moment = clock()
    if connections[number]?.session == nil {
      connections[number]?.limits = door.messageLimits(of: session.api, countedFrom: moment)
    }
    defer { connections[number]?.session = session }
    let hasToken = message["jwt"]?.string?.isEmpty == false
    guard connections[number]?.limits?.count(hasToken: hasToken, now: moment) != false else {
      return [Self.refusal("too many messages")]
    }
    return session.receive(message, exchange, door, clock: time)
  }

  private static func refusal(_ why: String) -> JSONTree {
    .object([("type", .string("error")), ("message", .string(why))])
  }

  /// The API in whose words the first message is.
  static func session(for message: JSONValue) -> (any FeedSession)? {
    guard message.kind == .object else { return nil }
    // The Exchange's say "channels", Advanced Trade's "channel".
    return message["channels"] == nil ? AdvancedFeed() : ExchangeFeed()
  }

  /// Tells the clients what has happened.
  func publish() {
    if faults != nil { releaseMessages() }
    let news = exchange.takeNews()
    guard !news.isEmpty else { return }
    let wasFollowed = isFollowed
    if let witness {
      for item in news { hesitation = witness(item, wasFollowed, exchange.faultLog) }
    }
    for number in connections.keys.sorted() {
      guard var connection = connections[number], var session = connection.session else { continue }
      // Taken out, so that what it remembers is changed in place.
      connections[number]?.session = nil
      for item in news {
        let messages = session.tell(item, exchange)
        if faults == nil { connection.send(messages) } else { mishandle(messages, &connection) }
      }
      connection.session = session
      connections[number] = connection
    }
    if wasFollowed, !isFollowed { faults?.loseFollower() }
  }
}
