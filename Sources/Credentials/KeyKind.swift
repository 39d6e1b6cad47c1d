/// How requests are signed, which tells whose API a key is for.
package enum KeyKind: String, Hashable, Sendable {
  /// ECDSA on P-256: Advanced Trade.
  case es256 = "ES256"
  /// Ed25519: Advanced Trade.
  case ed25519 = "Ed25519"
  /// HMAC-SHA256 with a passphrase: the Exchange.
  case hmac = "HMAC"

  /// Whose API it is for.
  package var api: String {
    switch self {
    case .es256, .ed25519: "Advanced Trade"
    case .hmac: "Exchange"
    }
  }
}
