package import Secrets

/// What is needed to speak to the exchange as somebody.
package struct ExchangeCredentials: Sendable {
  /// What signs requests.
  package enum Signer: Sendable {
    /// Tokens signed with a private key: Advanced Trade.
    case token(PrivateKey)
    /// HMAC-SHA256: the Exchange. The secret is base64.
    case hmac(secret: Secret, passphrase: Secret)
  }

  /// The key's name or id, which goes along with each request.
  package let name: String
  /// What signs requests.
  package let signer: Signer
  /// Where they were found.
  package let source: CredentialSource

  /// How requests are signed.
  package var kind: KeyKind {
    switch signer {
    case .token(let key): key.kind
    case .hmac: .hmac
    }
  }

  /// The end of the name, enough for its owner to know it by.
  package var nameEnd: String { name.count > 12 ? "…\(name.suffix(4))" : "…" }

  /// Tells the kind of key from its form.
  ///
  /// - Parameters:
  ///   - name: The key's name or id.
  ///   - secret: PEM or base64, in one of the forms in which keys are handed out.
  ///   - passphrase: Of a key of the Exchange; `nil` of the others.
  ///   - source: Where they were found.
  /// - Throws: What is wrong with the key.
  package init(
    name: String, secret: Secret, passphrase: Secret?, source: CredentialSource
  ) throws(KeyDefect) {
    self.name = name
    self.source = source
    guard let passphrase else {
      signer = .token(try PrivateKey(secret))
      return
    }
    guard !secret.reveal().contains("-----BEGIN") else { throw .needlessPassphrase }
    guard let bytes = Base64.decode(secret.reveal()), !bytes.isEmpty else { throw .noBase64 }
    signer = .hmac(secret: secret, passphrase: passphrase)
  }
}
