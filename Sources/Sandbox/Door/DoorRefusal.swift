import JSON
package import Network

/// Why somebody is not let in, in the words of the API that he asked.
package enum DoorRefusal: Error, Hashable, Sendable {
  /// Advanced Trade: no token, or a wrong one; it does not say what is wrong.
  case unauthorized
  /// Advanced Trade: the key may not do that.
  case missingScope
  /// Advanced Trade: too many requests.
  case tooManyRequests
  /// The Exchange: a header is missing.
  case incomplete
  /// The Exchange: nobody knows the key.
  case unknownKey
  /// The Exchange: another passphrase.
  case wrongPassphrase
  /// The Exchange: no time, or one too far from now.
  case staleTimestamp
  /// The Exchange: not signed with the secret, or for another request.
  case wrongSignature
  /// The Exchange: the key may not do that.
  case forbidden
  /// The Exchange: too many requests without a key.
  case publicLimit
  /// The Exchange: too many requests with one.
  case privateLimit

  /// The answer to a request.
  package var response: HTTPResponse {
    switch self {
    case .unauthorized:
      HTTPResponse(
        401, headers: ["Content-Type": "text/plain; charset=utf-8"],
        body: Array("Unauthorized\n".utf8))
    case .missingScope:
      Self.json(
        403,
        [
          ("error", .string("PERMISSION_DENIED")),
          ("error_details", .string("Missing required scopes")),
          ("message", .string("Missing required scopes")),
        ])
    case .tooManyRequests:
      Self.json(
        429,
        [
          (
            "errors",
            .array([
              .object([
                ("id", .string("rate_limit_exceeded")), ("message", .string("Too many requests")),
              ])
            ])
          )
        ])
    case .incomplete, .unknownKey, .wrongPassphrase, .staleTimestamp, .wrongSignature:
      Self.json(401, [("message", .string(reason))])
    case .forbidden: Self.json(403, [("message", .string(reason))])
    case .publicLimit, .privateLimit: Self.json(429, [("message", .string(reason))])
    }
  }

  /// What the Exchange calls it; in an answer, and where somebody subscribes.
  package var reason: String {
    switch self {
    case .unauthorized: "Unauthorized"
    case .missingScope: "Missing required scopes"
    case .tooManyRequests: "Too many requests"
    case .incomplete: "Unauthorized."
    case .unknownKey: "Invalid API Key"
    case .wrongPassphrase: "Invalid Passphrase"
    case .staleTimestamp: "request timestamp expired"
    case .wrongSignature: "invalid signature"
    case .forbidden: "Forbidden"
    case .publicLimit: "Public rate limit exceeded"
    case .privateLimit: "Private rate limit exceeded"
    }
  }

  private static func json(
    _ status: Int, _ members: [(key: String, value: JSONTree)]
  ) -> HTTPResponse {
    HTTPResponse(
      status, headers: ["Content-Type": "application/json; charset=utf-8"],
      body: JSONTree.object(members).bytes)
  }
}
