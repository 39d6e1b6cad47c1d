import COpenSSL
package import Secrets

/// A secret of the Exchange API, and the signatures it makes: HMAC-SHA256 (RFC 2104), in base64.
///
/// It keeps the text in which nobody prints anything and decodes it at each signature, so that no array
/// of its bytes lies about.
package struct HMACKey: Sendable {
  private let secret: Secret

  /// Takes a secret in base64; `nil` where it is none, or of nothing.
  package init?(_ secret: Secret) {
    guard let bytes = Base64.decode(secret.reveal()), !bytes.isEmpty else { return nil }
    self.secret = secret
  }

  /// The signature of a request.
  ///
  /// - Parameters:
  ///   - timestamp: Seconds since 1970, exactly as in the header; decimals are allowed.
  ///   - method: In capitals.
  ///   - path: With its query, as it is sent.
  ///   - body: The bytes that are sent.
  /// - Returns: What goes into `CB-ACCESS-SIGN`.
  package func signature(
    timestamp: String, method: String, path: String, body: [UInt8]
  ) -> String {
    Base64.encode(code(of: Array("\(timestamp)\(method)\(path)".utf8) + body), .standard)
  }

  /// The signature that a `subscribe` message of the WebSocket feed carries.
  package func subscribeSignature(timestamp: String) -> String {
    signature(timestamp: timestamp, method: "GET", path: "/users/self/verify", body: [])
  }

  /// Whether a signature is that of a request, in a time that does not tell how much of it is right.
  package func isSignature(
    _ signature: String, timestamp: String, method: String, path: String, body: [UInt8]
  ) -> Bool {
    let right = code(of: Array("\(timestamp)\(method)\(path)".utf8) + body)
    guard let given = Base64.decode(signature), given.count == right.count else { return false }
    return CRYPTO_memcmp(given, right, right.count) == 0
  }

  private func code(of message: [UInt8]) -> [UInt8] {
    let key = Base64.decode(secret.reveal()) ?? []
    var code = [UInt8](repeating: 0, count: 32)
    var count = 0
    let result = EVP_Q_mac(
      nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code, code.count,
      &count)
    precondition(result != nil && count == 32, "libcrypto: no HMAC")
    return code
  }
}
