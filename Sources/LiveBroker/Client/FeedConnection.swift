package import Network

/// A WebSocket of an exchange: subscriptions out, messages of either API in.
package actor FeedConnection {
  /// What comes in.
  package enum Input: Sendable {
    /// A message, read.
    case message(FeedMessage)
    /// The exchange wants to know how far we are; see `answer`.
    case ping([UInt8])
  }

  private let socket: WebSocket
  private let client: ExchangeClient
  private var sequence = SequenceCheck()

  private init(_ socket: WebSocket, _ client: ExchangeClient) {
    self.socket = socket
    self.client = client
  }

  /// Connects.
  ///
  /// Pings are handed on: whoever handles the messages answers when it is done with those before.
  ///
  /// - Throws: `NetworkError`.
  package static func open(
    _ address: WebAddress, over sockets: WebSocketClient, _ client: ExchangeClient
  ) async throws(NetworkError) -> FeedConnection {
    let socket = try await sockets.connect(
      to: address, settings: WebSocketSettings(answersPings: false))
    return FeedConnection(socket, client)
  }

  /// Subscribes to what becomes of our orders and to signs of life.
  ///
  /// In this order: what is refused is told of before the first sign of life, with which a session begins.
  ///
  /// - Parameters:
  ///   - products: Of which products.
  ///   - isPublic: Whether nothing of ours is asked for.
  ///   - hasCandles: Whether the exchange's candles of five minutes are wanted.
  /// - Throws: `NetworkError`.
  package func subscribe(
    toLifeOf products: [String], isPublic: Bool, hasCandles: Bool
  ) async throws(NetworkError) {
    switch client.api {
    case .advancedTrade:
      if !isPublic { try await subscribe(.user, []) }
      if hasCandles { try await subscribe(.candles, products) }
      try await subscribe(.heartbeats, [])
    case .exchange:
      try await subscribe(isPublic ? [.heartbeat] : [.heartbeat, .user], products)
    }
  }

  /// Subscribes to trades.
  ///
  /// - Throws: `NetworkError`.
  package func subscribe(toTradesOf products: [String]) async throws(NetworkError) {
    switch client.api {
    case .advancedTrade: try await subscribe(.marketTrades, products)
    case .exchange: try await subscribe([.matches], products)
    }
  }

  private func subscribe(
    _ channel: AdvancedTrade.Channel, _ products: [String]
  ) async throws(NetworkError) {
    // Every message has a token of its own.
    var token: FeedProof = await client.subscriptionToken()
    if case .proof = token { token = .none }
    let bytes =
      if case .token(let secret) = token {
        AdvancedTrade.subscription(to: channel, products: products, token: secret)
      } else {
        AdvancedTrade.subscription(to: channel, products: products, token: nil)
      }
    try await socket.send(String(decoding: bytes, as: UTF8.self))
  }

  private func subscribe(
    _ channels: [ExchangeFeed.Channel], _ products: [String]
  ) async throws(NetworkError) {
    var proof: ExchangeFeed.Proof?
    if case .proof(let found) = await client.subscriptionToken() { proof = found }
    let bytes = ExchangeFeed.subscription(to: channels, products: products, proof: proof)
    try await socket.send(String(decoding: bytes, as: UTF8.self))
  }

  /// What comes in next; `nil` where the exchange has closed the connection in due form.
  ///
  /// - Throws: `NetworkError`; `AnswerDefect` of a message that is not as documented; `FeedGap` where
  ///   messages are missing, after which nothing of the connection can be trusted; `FeedRefusal` where the
  ///   exchange does not tell what it was asked for.
  package func next() async throws -> Input? {
    switch try await socket.receive() {
    case nil: return nil
    case .ping(let payload)?: return .ping(payload)
    case .text(let text)?:
      let bytes = Array(text.utf8)
      guard client.api == .advancedTrade else {
        return .message(try await heard(try ExchangeFeed.message(bytes)))
      }
      let message = try AdvancedTrade.feedMessage(bytes)
      if let number = message.sequence, !sequence.take(number) { throw FeedGap(at: number) }
      return .message(try await heard(message))
    case .binary?, .pong?:
      throw AnswerDefect(path: "", problem: .kind(expected: "a text", found: "bytes"))
    }
  }

  /// A message, unless it refuses what we subscribed to: nothing else is asked for here, and a feed without
  /// one of its channels looks well while it tells half of what happens.
  private func heard(_ message: FeedMessage) async throws(FeedRefusal) -> FeedMessage {
    for event in message.events {
      guard case .refused(let words) = event else { continue }
      // As of requests, a clock that is off is the one reason that can be mended.
      if !client.isAnonymous { await client.readClock() }
      throw FeedRefusal(words)
    }
    return message
  }

  /// Answers a ping.
  ///
  /// - Throws: `NetworkError`.
  package func answer(_ ping: [UInt8]) async throws(NetworkError) {
    try await socket.send(.pong(ping))
  }

  /// How the exchange closed it, if it said so.
  package nonisolated var closing: WebSocketClosing? { socket.closing }

  /// Ends it at once: whoever waits for a message hears that none will come.
  package nonisolated func abort() { socket.abort() }

  /// Closes it.
  package func close() async { await socket.close() }
}

/// Messages of a feed are missing, repeated or out of order.
package struct FeedGap: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number that is not the one that follows.
  package let number: UInt64

  init(at number: UInt64) { self.number = number }

  /// One line for the user.
  package var description: String {
    "the feed's message \(number) does not follow the one before: some are missing"
  }
}

/// The exchange does not tell what it was asked for.
package struct FeedRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exchange's words.
  package let words: String

  init(_ words: String) { self.words = words.plainLine() }

  /// One line for the user.
  package var description: String { "the exchange refuses a subscription: \(words)" }
}
