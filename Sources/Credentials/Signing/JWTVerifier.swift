import JSON

/// Checks tokens as the exchange does.
///
/// It takes what the official library sends, and what ccxt does: another issuer with an audience, `uris`
/// as a list in place of `uri`.
package struct JWTVerifier: Sendable {
  /// What the token should have been made for.
  package enum Purpose: Hashable, Sendable {
    /// A request of this method and path; any of the hosts may be named.
    case request(method: String, hosts: [String], path: String)
    /// A message on a WebSocket.
    case subscription
  }

  private let keys: [String: VerifyingKey]
  /// Seconds by which a client's clock may be ahead.
  private let leeway: Int64

  /// A verifier that knows these keys by name.
  package init(keys: [String: VerifyingKey], leeway: Int64 = 5) {
    self.keys = keys
    self.leeway = leeway
  }

  /// Checks a token.
  ///
  /// - Parameters:
  ///   - token: Its three parts with their full stops.
  ///   - now: Seconds since 1970.
  ///   - purpose: What it must have been made for.
  /// - Returns: The name of the key that signed it.
  /// - Throws: The first thing that is wrong with it.
  package func verify(
    _ token: String, now: Int64, for purpose: Purpose
  ) throws(TokenDefect) -> String {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, token.utf8.count <= 8192, let header = Self.object(parts[0]),
      let claims = Self.object(parts[1]), let signature = Base64.decodeWeb(parts[2])
    else { throw .notAToken }
    guard let name = header["kid"]?.string, let key = keys[name] else { throw .unknownKey }
    guard claims["sub"]?.string == name else { throw .subjectDiffers }
    guard header["alg"]?.string == WebToken.algorithm(of: key.kind) else { throw .wrongAlgorithm }
    guard header["nonce"]?.string?.isEmpty == false else { throw .noNonce }
    // Before any claim is believed.
    guard key.isSignature(signature, of: Array("\(parts[0]).\(parts[1])".utf8)) else {
      throw .badSignature
    }
    guard let issuer = claims["iss"]?.string, ["cdp", "coinbase-cloud"].contains(issuer) else {
      throw .wrongIssuer
    }
    guard let start = claims["nbf"]?.integer, let end = claims["exp"]?.integer else {
      throw .noTimes
    }
    guard start <= now + leeway else { throw .notYet }
    guard now < end else { throw .expired }
    let (length, overflow) = end.subtractingReportingOverflow(start)
    guard !overflow, length <= WebToken.lifetime else { throw .tooLong }
    let uris =
      claims["uris"]?.elements.compactMap(\.string) ?? claims["uri"]?.string.map { [$0] } ?? []
    switch purpose {
    case .subscription: guard uris.isEmpty else { throw .wrongURI }
    case .request(let method, let hosts, let path):
      let allowed = hosts.map { WebToken.uri(method: method, host: $0, path: path) }
      guard uris.contains(where: allowed.contains) else { throw .wrongURI }
    }
    return name
  }

  private static func object(_ part: Substring) -> JSONValue? {
    guard let bytes = Base64.decodeWeb(part),
      let value = try? JSONValue(parsing: bytes, limits: JSONLimits(bytes: 8192, depth: 4)),
      value.kind == .object
    else { return nil }
    return value
  }
}

/// What is wrong with a token.
package enum TokenDefect: String, Error, Hashable, Sendable {
  /// Not three parts of base64, the first two of them JSON objects.
  case notAToken = "no token"
  /// Nobody knows a key of that name.
  case unknownKey = "unknown key"
  /// The name of the key and the subject are not the same.
  case subjectDiffers = "kid and sub differ"
  /// Not the algorithm of the key.
  case wrongAlgorithm = "wrong algorithm"
  /// Without a nonce.
  case noNonce = "no nonce"
  /// Not signed by the key, or changed afterwards.
  case badSignature = "bad signature"
  /// Not issued for Coinbase.
  case wrongIssuer = "wrong issuer"
  /// Without beginning or end.
  case noTimes = "no nbf or exp"
  /// Good from a later moment on.
  case notYet = "not yet good"
  /// Its time is over.
  case expired
  /// Good for longer than two minutes.
  case tooLong = "good for too long"
  /// For another request, or for one at all where it should be for none.
  case wrongURI = "wrong uri"
}
