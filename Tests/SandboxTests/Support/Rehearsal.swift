import Credentials
import JSON
import Market
import Network
import Sandbox
import Secrets
import TestKit

@testable import LiveBroker

/// A sandbox and a client of ours that speaks with it over TLS; both gone when the test is.
struct Rehearsal: Sendable {
  let sandbox: SandboxServer
  let http: HTTPClient
  let sockets: WebSocketClient
  let signer: RequestSigner

  /// The time of the wall clock, for both sides.
  static let clock = Timestamp(seconds: 1_800_000_000)

  static func run(
    _ settings: SandboxSettings, _ candles: [[Candle]], from begin: Timestamp? = nil,
    key: KeyKind = .es256, credentials: SandboxCredentials = SandboxCredentials(),
    subscribedWithin patience: Duration? = nil, _ body: (Rehearsal) async throws -> Void
  ) async throws {
    var settings = settings
    // A busy machine may take longer than an exchange allows for.
    settings.subscriptionPatience = patience ?? .seconds(500)
    let loop = try EventLoop()
    do {
      let sandbox = try await SandboxServer.start(
        settings, candles: candles, from: begin, on: loop, credentials: credentials,
        clock: { Self.clock })
      let trust = Trust.nobody.adding(pem: sandbox.certificate)
      let timeouts = ClientTimeouts(connection: .seconds(500), total: .seconds(500))
      let rehearsal = Rehearsal(
        sandbox: sandbox,
        http: try HTTPClient(on: loop, trusting: trust, timeouts: timeouts),
        sockets: try WebSocketClient(on: loop, trusting: trust),
        signer: RequestSigner(credentials.clientCredentials(key)))
      do {
        try await body(rehearsal)
      } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    } catch {
      await loop.shutDown()
      throw error
    }
    await loop.shutDown()
  }

  /// Sends a request as it would be signed for the exchange.
  func send(_ request: ExchangeRequest, isSigned: Bool = true) async throws -> HTTPResponse {
    var headers = HTTPHeaders()
    if isSigned {
      let nonce = String(UInt64.random(in: 0...(.max)), radix: 16)
      for header in signer.headers(
        for: request, host: sandbox.endpoint.authority, now: Self.clock, nonce: nonce)
      {
        headers.add(header.name, header.value.reveal())
      }
    }
    let method: HTTPMethod =
      switch request.method {
      case .get: .get
      case .post: .post
      case .delete: .delete
      }
    return try await http.send(
      HTTPRequest(method, request.target, headers: headers, body: request.body),
      to: sandbox.endpoint)
  }

  /// Asks, and reads the answer with the client's codec.
  func ask<Answer>(_ call: ExchangeCall<Answer>) async throws -> Answer {
    let response = try await send(call.request)
    return try call.answer(
      to: HTTPAnswer(
        status: response.status, headers: response.headers.fields.map { .init($0.name, $0.value) },
        body: response.body))
  }

  /// Asks Advanced Trade for something that the codec does not know.
  func post(_ path: String, _ body: String) async throws -> JSONValue {
    let request = ExchangeRequest(
      method: .post, path: "/api/v3/brokerage" + path, body: Array(body.utf8),
      group: .privateData, repetition: .harmless)
    return try JSONValue(parsing: try await send(request).body)
  }

  /// Asks Advanced Trade for a path that the codec does not know.
  func get(_ path: String) async throws -> (status: Int, body: JSONValue) {
    let parts = path.split(separator: "?", maxSplits: 1)
    var request = ExchangeRequest(
      method: .get, path: "/api/v3/brokerage\(parts[0])", group: .privateData,
      repetition: .harmless)
    if parts.count == 2 {
      for item in parts[1].split(separator: "&") {
        let pair = item.split(separator: "=", maxSplits: 1)
        request.query.append(.init(name: String(pair[0]), value: String(pair[1])))
      }
    }
    let response = try await send(request)
    return (response.status, try JSONValue(parsing: response.body))
  }

  /// A WebSocket whose pings are answered by whoever reads.
  func feed() async throws -> Feed {
    let address = sandbox.address
    let socket = try await sockets.connect(
      to: WebAddress(endpoint: address.endpoint, target: "/"),
      settings: WebSocketSettings(silence: .seconds(500), answersPings: false),
      timeout: .seconds(500))
    return Feed(socket: socket, signer: signer)
  }
}

/// A client's end of a WebSocket of Advanced Trade.
struct Feed: Sendable {
  let socket: WebSocket
  let signer: RequestSigner

  /// What comes in.
  enum Item: Sendable {
    case message(FeedMessage, text: String)
    case ping([UInt8])
  }

  func subscribe(
    _ channel: AdvancedTrade.Channel, _ products: [String] = [], ends: Bool = false,
    isSigned: Bool = false
  ) async throws {
    let token = isSigned ? signer.subscriptionToken(now: Rehearsal.clock, nonce: "0a") : nil
    let bytes = AdvancedTrade.subscription(
      to: channel, products: products, token: token, ends: ends)
    try await socket.send(String(decoding: bytes, as: UTF8.self))
  }

  /// The next message or ping; `nil` when the socket is closed.
  func next() async throws -> Item? {
    while let message = try await socket.receive() {
      switch message {
      case .text(let text):
        return .message(try AdvancedTrade.feedMessage(Array(text.utf8)), text: text)
      case .ping(let payload): return .ping(payload)
      case .binary, .pong: continue
      }
    }
    return nil
  }

  /// The next message; pings before it are answered.
  func message() async throws -> FeedMessage {
    while let item = try await next() {
      switch item {
      case .message(let message, _): return message
      case .ping(let payload): try await pong(payload)
      }
    }
    throw FeedEnd()
  }

  func pong(_ payload: [UInt8]) async throws { try await socket.send(.pong(payload)) }

  /// The socket was closed where something was to come.
  struct FeedEnd: Error {}
}

/// An order of a client of ours for `BTC-USD`.
func wish(
  _ number: UInt64, _ side: Side = .buy, limit: String = "99", size: String = "1",
  trigger: String? = nil
) -> LiveBroker.OrderWish {
  LiveBroker.OrderWish(
    Order(
      id: ClientOrderID(session: 7, pair: 0, number: number), side: side, limit: price(limit),
      trigger: trigger.map(price), quantity: quantity(size), submitted: .testStart),
    productID: "BTC-USD")
}
