import JSON
package import Secrets

/// The token that Advanced Trade wants with every request: a JWT (RFC 7519) of two minutes.
///
/// REST's names the request it is for; the WebSocket's names none. Time and nonce are inputs: the same
/// inputs give the same text, but for ECDSA's signature, which is random.
package struct WebToken: Sendable {
  /// Seconds for which a token is good.
  package static let lifetime: Int64 = 120

  /// The key's name, `organizations/…/apiKeys/…` or a bare id.
  package let keyName: String
  /// What signs.
  package let key: PrivateKey

  /// A maker of tokens for a key.
  package init(keyName: String, key: PrivateKey) {
    self.keyName = keyName
    self.key = key
  }

  /// A token.
  ///
  /// - Parameters:
  ///   - uri: What it is for, from `uri(method:host:path:)`; `nil` for a WebSocket message.
  ///   - now: Seconds since 1970, by the exchange's clock.
  ///   - nonce: Random hexadecimal digits, another for each token.
  /// - Returns: The three parts with their full stops, to go behind `Bearer`.
  package func signed(uri: String?, now: Int64, nonce: String) -> Secret {
    let header = JSONTree.object([
      ("alg", .string(Self.algorithm(of: key.kind))), ("kid", .string(keyName)),
      ("nonce", .string(nonce)), ("typ", .string("JWT")),
    ])
    var claims: [(key: String, value: JSONTree)] = [
      ("sub", .string(keyName)), ("iss", .string("cdp")), ("nbf", .integer(now)),
      ("exp", .integer(now + Self.lifetime)),
    ]
    if let uri { claims.append(("uri", .string(uri))) }
    let input =
      "\(Base64.encode(header.bytes, .web)).\(Base64.encode(JSONTree.object(claims).bytes, .web))"
    let signature = key.signature(of: Array(input.utf8))
    return Secret("\(input).\(Base64.encode(signature, .web))")
  }

  /// What a token for a request names: method, space, host and path, without scheme and query.
  package static func uri(method: String, host: String, path: String) -> String {
    "\(method) \(host)\(path.prefix { $0 != "?" })"
  }

  /// The name of a kind in a token's header; RFC 7518 and 8037.
  static func algorithm(of kind: KeyKind) -> String {
    switch kind {
    case .es256: "ES256"
    case .ed25519: "EdDSA"
    case .hmac: "HS256"
    }
  }
}
