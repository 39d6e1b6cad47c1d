import Market
import Network

/// The other side of a live session, as little of it as can be timed: a feed that tells what it is
/// given, and requests for orders, whose arrival is noted and which are all refused.
///
/// Refused, an order leaves nothing behind, so that the next trade is like the one before.
actor StandInExchange {
  /// Where it is.
  nonisolated let endpoint: Endpoint
  /// Whom to trust for it.
  nonisolated let certificate: String
  private let server: WebServer
  private let time: Timestamp

  private var socket: WebSocket?
  private var sequence: UInt64 = 0
  private var follower: CheckedContinuation<Void, Never>?
  private var isFollowed = false
  private var orderWaiter: CheckedContinuation<ContinuousClock.Instant?, Never>?
  private var pings: UInt8 = 0
  private var pongWaiter: CheckedContinuation<Bool, Never>?

  /// How the request handler finds the exchange, which is made when the server listens.
  private actor Reception {
    var exchange: StandInExchange?
    func open(_ exchange: StandInExchange) { self.exchange = exchange }
  }

  /// Listens on a port of this machine; its feed begins at a time.
  static func start(on loop: EventLoop, at time: Timestamp) async throws -> StandInExchange {
    let authority = try CertificateAuthority(name: "Ratchet benchmarks, throwaway")
    let reception = Reception()
    let server = try await WebServer.start(
      on: loop, identity: try authority.issue(),
      settings: ServerSettings(
        webSockets: WebSocketSettings(silence: .seconds(600), showsPongs: true))
    ) { request in
      let now = ContinuousClock.now
      return await reception.exchange?.answer(request, at: now) ?? HTTPResponse(503)
    }
    let exchange = StandInExchange(server, certificate: authority.certificate, at: time)
    await reception.open(exchange)
    return exchange
  }

  private init(_ server: WebServer, certificate: String, at time: Timestamp) {
    self.server = server
    endpoint = server.endpoint
    self.certificate = certificate
    self.time = time
  }

  func stop() async {
    await server.stop()
  }

  // MARK: - What it tells

  /// Waits until somebody follows trades.
  func untilFollowed() async {
    if !isFollowed { await withCheckedContinuation { follower = $0 } }
  }

  /// Tells of a trade.
  func tell(_ trade: FeedLine) async throws {
    guard let socket else { throw UsageError("nobody follows the trades any more") }
    try await socket.send(trade.text(sequence: nextSequence()))
  }

  /// Tells of a trade, and waits for the order that comes of it.
  ///
  /// - Returns: How long that took.
  func order(after trade: FeedLine) async throws -> Duration {
    guard let socket else { throw UsageError("nobody follows the trades any more") }
    let text = trade.text(sequence: nextSequence())
    let alarm = Task {
      guard (try? await Task.sleep(for: .seconds(30))) != nil else { return }
      self.noOrder()
    }
    let sent = ContinuousClock.now
    async let sending: Void = socket.send(text)
    let arrived = await withCheckedContinuation { orderWaiter = $0 }
    alarm.cancel()
    try await sending
    guard let arrived else { throw UsageError("no order came within 30 s of a trade") }
    return arrived - sent
  }

  private func noOrder() {
    orderWaiter?.resume(returning: nil)
    orderWaiter = nil
  }

  /// Waits until the session has dealt with everything it was told.
  func quiet() async throws {
    guard let socket else { throw UsageError("the session has gone") }
    pings &+= 1
    async let sending: Void = socket.send(.ping([pings]))
    let isThere = await withCheckedContinuation { pongWaiter = $0 }
    try await sending
    guard isThere else { throw UsageError("the session has gone") }
  }

  private func nextSequence() -> UInt64 {
    defer { sequence += 1 }
    return sequence
  }

  // MARK: - What it is told

  private func answer(
    _ request: HTTPRequest, at now: ContinuousClock.Instant
  ) -> HTTPResponse {
    if request.headers.list("Upgrade", has: "websocket") {
      return .webSocket { socket in await self.serve(socket) }
    }
    switch (request.method, request.path) {
    case (.post, "/api/v3/brokerage/orders"):
      orderWaiter?.resume(returning: now)
      orderWaiter = nil
      return Self.json(
        #"{"success":false,"error_response":{"error":"INSUFFICIENT_FUND","message":"none"}}"#)
    case (.get, "/api/v3/brokerage/orders/historical/batch"):
      return Self.json(#"{"orders":[],"has_next":false,"cursor":""}"#)
    default:
      return HTTPResponse(404)
    }
  }

  private static func json(_ text: String) -> HTTPResponse {
    HTTPResponse(200, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
  }

  private func serve(_ socket: WebSocket) async {
    self.socket = socket
    sequence = 0
    do {
      while let message = try await socket.receive() {
        switch message {
        case .text(let text) where text.contains("\"heartbeats\""):
          try await socket.send(
            #"{"channel":"heartbeats","timestamp":"\#(time)","sequence_num":\#(nextSequence()),"#
              + #""events":[{"current_time":"\#(time)","heartbeat_counter":"1"}]}"#)
        case .text(let text) where text.contains("\"market_trades\""):
          isFollowed = true
          follower?.resume()
          follower = nil
        case .pong(let payload) where payload == [pings]: resumePong(true)
        case .text, .binary, .ping, .pong: break
        }
      }
    } catch {
      // The session is gone, which whoever waits for it is told.
    }
    self.socket = nil
    noOrder()
    resumePong(false)
  }

  private func resumePong(_ isThere: Bool) {
    pongWaiter?.resume(returning: isThere)
    pongWaiter = nil
  }
}

/// A trade as the feed of Advanced Trade tells it, alone in its message.
struct FeedLine: Sendable {
  var product: String
  var number: UInt64
  var price: Price
  var time: Timestamp

  func text(sequence: UInt64) -> String {
    #"{"channel":"market_trades","client_id":"","timestamp":"\#(time)","sequence_num":"#
      + #"\#(sequence),"events":[{"type":"update","trades":[{"trade_id":"\#(number)","#
      + #""product_id":"\#(product)","price":"\#(price)","size":"0.0125","time":"\#(time)","#
      + #""side":"SELL"}]}]}"#
  }
}
