import Credentials
package import JSON
package import Market
package import Network
import Secrets

/// Lets in those who show what Coinbase wants to see, and counts how often they come.
///
/// Tokens and signatures are checked to the last bit; coinbase.md A.2 and B.1. The time is that of the wall
/// clock, whatever time the market has. Where the exchange's clock is off on purpose, tokens are judged
/// by what it shows, and requests counted by the true one: no bucket can follow a clock that jumps.
package struct Doorkeeper: Sendable {
  /// How far a signature's time may be from ours.
  private static let tolerance = TimeSpan(seconds: 30)

  private let verifier: JWTVerifier
  private let exchange: SandboxCredentials.ExchangeKey
  private let secret: HMACKey
  private let permissions: [String: KeyPermissions]
  private var limits: RequestLimits?

  /// A doorkeeper who knows these keys.
  ///
  /// - Parameters:
  ///   - credentials: The keys.
  ///   - countsRequests: Whether too many requests are refused.
  package init(_ credentials: SandboxCredentials, countsRequests: Bool) {
    var keys: [String: VerifyingKey] = [:]
    var permissions: [String: KeyPermissions] = [:]
    for key in [credentials.es256, credentials.ed25519] {
      do { keys[key.name] = VerifyingKey(of: try PrivateKey(key.privateKey)) } catch {
        preconditionFailure("a key just made is none: \(error)")
      }
      permissions[key.name] = key.permissions
    }
    guard let secret = HMACKey(credentials.exchange.secret) else {
      preconditionFailure("a secret just made is no base64")
    }
    permissions[credentials.exchange.key] = credentials.exchange.permissions
    verifier = JWTVerifier(keys: keys)
    exchange = credentials.exchange
    self.secret = secret
    self.permissions = permissions
    limits = countsRequests ? RequestLimits() : nil
  }

  // MARK: - Requests

  /// Lets a request in, or says why not.
  ///
  /// What needs no key is let in with any or none, as Coinbase does.
  ///
  /// - Parameters:
  ///   - request: As it came over the wire.
  ///   - now: By the clock that the exchange shows.
  ///   - moment: By the true one, for the limits.
  /// - Returns: Who asks.
  /// - Throws: `DoorRefusal`, whose `response` is the answer.
  package mutating func admit(
    _ request: HTTPRequest, now: Timestamp, countedAt moment: Timestamp
  ) throws(DoorRefusal) -> Visitor {
    let kind = RequestKind(request)
    var key: String?
    if kind.need != .nothing {
      switch kind.api {
      case .advanced: key = try holder(ofToken: request, now: now)
      case .exchange: key = try holder(ofSignature: request, now: now)
      }
    }
    try limits?.count(kind, key: key, now: moment)
    let permissions = key.flatMap { self.permissions[$0] }
    guard (permissions ?? .nobody).allow(kind.need) else {
      throw kind.api == .advanced ? .missingScope : .forbidden
    }
    return Visitor(api: kind.api, key: key, permissions: permissions ?? .nobody)
  }

  private func holder(ofToken request: HTTPRequest, now: Timestamp) throws(DoorRefusal) -> String {
    guard let header = request.headers["Authorization"],
      header.count > 7, header.prefix(7).lowercased() == "bearer ",
      let host = request.headers["Host"]
    else { throw .unauthorized }
    do {
      return try verifier.verify(
        String(header.dropFirst(7)), now: now.seconds,
        // The real host too: a client may think it talks to that.
        for: .request(
          method: request.method.rawValue, hosts: [host, "api.coinbase.com"], path: request.path))
    } catch {
      throw .unauthorized
    }
  }

  private func holder(
    ofSignature request: HTTPRequest, now: Timestamp
  ) throws(DoorRefusal) -> String {
    try holder(
      of: Proof(
        key: request.headers["CB-ACCESS-KEY"], signature: request.headers["CB-ACCESS-SIGN"],
        timestamp: request.headers["CB-ACCESS-TIMESTAMP"],
        passphrase: request.headers["CB-ACCESS-PASSPHRASE"]),
      method: request.method.rawValue, path: request.target, body: request.body, now: now)
  }

  // MARK: - Messages on a WebSocket

  /// Lets somebody open a WebSocket, or says why not; who it is shows in its messages.
  ///
  /// - Parameter moment: By the true clock.
  /// - Throws: `DoorRefusal`, whose `response` is the answer.
  mutating func admitSocket(countedAt moment: Timestamp) throws(DoorRefusal) {
    try limits?.countSocket(now: moment)
  }

  /// What counts the messages of a WebSocket, by the true clock; `nil` where nobody counts.
  func messageLimits(of api: Visitor.API, countedFrom moment: Timestamp) -> MessageLimits? {
    limits == nil ? nil : MessageLimits(of: api, now: moment)
  }

  /// Whose message it is that subscribes to a channel of Advanced Trade.
  ///
  /// - Parameters:
  ///   - token: The message's `jwt`.
  ///   - now: By the wall clock.
  /// - Returns: Who asks.
  /// - Throws: `DoorRefusal.unauthorized`, or `.missingScope` of a key that may not view.
  package func admit(token: String, now: Timestamp) throws(DoorRefusal) -> Visitor {
    let key: String
    do { key = try verifier.verify(token, now: now.seconds, for: .subscription) } catch {
      throw .unauthorized
    }
    return try viewer(.advanced, key, otherwise: .missingScope)
  }

  /// Whose message it is that subscribes to channels of the Exchange.
  ///
  /// - Parameters:
  ///   - message: The message, with `signature`, `key`, `passphrase` and `timestamp`.
  ///   - now: By the wall clock.
  /// - Returns: Who asks.
  /// - Throws: `DoorRefusal`, whose `reason` the feed's error gives.
  package func admit(subscription message: JSONValue, now: Timestamp) throws(DoorRefusal) -> Visitor
  {
    func text(_ name: String) -> String? { message[name].flatMap { $0.string ?? $0.number } }
    let key = try holder(
      of: Proof(
        key: text("key"), signature: text("signature"), timestamp: text("timestamp"),
        passphrase: text("passphrase")),
      method: "GET", path: "/users/self/verify", body: [], now: now)
    return try viewer(.exchange, key, otherwise: .forbidden)
  }

  private func viewer(
    _ api: Visitor.API, _ key: String, otherwise refusal: DoorRefusal
  ) throws(DoorRefusal) -> Visitor {
    let permissions = permissions[key] ?? .nobody
    guard permissions.canView else { throw refusal }
    return Visitor(api: api, key: key, permissions: permissions)
  }

  // MARK: - Signatures of the Exchange

  /// What a client shows, as far as it shows anything.
  private struct Proof {
    var key: String?
    var signature: String?
    var timestamp: String?
    var passphrase: String?
  }

  private func holder(
    of proof: Proof, method: String, path: String, body: [UInt8], now: Timestamp
  ) throws(DoorRefusal) -> String {
    guard let key = proof.key, let signature = proof.signature, let timestamp = proof.timestamp,
      let passphrase = proof.passphrase
    else { throw .incomplete }
    guard key == exchange.key else { throw .unknownKey }
    guard passphrase == exchange.passphrase.reveal() else { throw .wrongPassphrase }
    // Seconds, with decimals or without; read exactly, for 1e9 of them are no `Double`'s matter.
    guard let seconds = try? Money(timestamp), (0...9_000_000_000).contains(seconds) else {
      throw .staleTimestamp
    }
    let stated = Timestamp(nanoseconds: Int64(seconds.steps / 1_000_000_000))
    guard abs((now - stated).nanoseconds) <= Self.tolerance.nanoseconds else {
      throw .staleTimestamp
    }
    guard
      secret.isSignature(signature, timestamp: timestamp, method: method, path: path, body: body)
    else { throw .wrongSignature }
    return key
  }
}

extension KeyPermissions {
  /// Of somebody without a key.
  fileprivate static let nobody = KeyPermissions(canView: false, canTrade: false)
}
