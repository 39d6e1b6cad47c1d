package import Credentials
package import Secrets

/// The keys of a sandbox, made when it starts and good for nothing else.
///
/// Three, one of each kind; all of them are of the one account that there is.
package struct SandboxCredentials: Sendable {
  /// A key of Advanced Trade.
  package struct AdvancedKey: Sendable {
    /// `organizations/…/apiKeys/…`.
    package let name: String
    /// As Coinbase hands it out: PEM, or base64 of seed and public key.
    package let privateKey: Secret
    /// What it may do.
    package var permissions: KeyPermissions
  }

  /// A key of the Exchange.
  package struct ExchangeKey: Sendable {
    /// Its name.
    package let key: String
    /// Base64 of 64 bytes.
    package let secret: Secret
    /// What goes along with each request.
    package let passphrase: Secret
    /// What it may do.
    package var permissions: KeyPermissions
  }

  /// ECDSA on P-256.
  package var es256: AdvancedKey
  /// Ed25519.
  package var ed25519: AdvancedKey
  /// HMAC.
  package var exchange: ExchangeKey

  /// Makes new keys.
  package init(permissions: KeyPermissions = KeyPermissions()) {
    let organization = Self.identifier()
    func advanced(_ kind: KeyKind) -> AdvancedKey {
      AdvancedKey(
        name: "organizations/\(organization)/apiKeys/\(Self.identifier())",
        privateKey: ThrowawayKey.make(kind), permissions: permissions)
    }
    es256 = advanced(.es256)
    ed25519 = advanced(.ed25519)
    let word = UInt64.random(in: 0...(.max))
    exchange = ExchangeKey(
      key: Self.identifier().filter { $0 != "-" }, secret: ThrowawayKey.make(.hmac),
      passphrase: Secret(String(word, radix: 36)), permissions: permissions)
  }

  /// A random UUID, version 4.
  private static func identifier() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
      .joined(separator: "-")
  }

  // MARK: - For a client in the same process

  /// What a client signs with that has this kind of key.
  package func clientCredentials(_ kind: KeyKind) -> ExchangeCredentials {
    let (name, secret, passphrase): (String, Secret, Secret?) =
      switch kind {
      case .es256: (es256.name, es256.privateKey, nil)
      case .ed25519: (ed25519.name, ed25519.privateKey, nil)
      case .hmac: (exchange.key, exchange.secret, exchange.passphrase)
      }
    do {
      return try ExchangeCredentials(
        name: name, secret: secret, passphrase: passphrase, source: .sandbox)
    } catch {
      preconditionFailure("a key just made is none: \(error)")
    }
  }
}
