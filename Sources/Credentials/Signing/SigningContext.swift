import COpenSSL

/// Owns an `EVP_MD_CTX` for one signature or one check.
///
/// ES256 hashes with SHA-256 first; Ed25519 does so by itself, with a function of its own.
struct SigningContext: ~Copyable {
  private let context: OpaquePointer
  private let key: OpaquePointer
  private let function: OpaquePointer?

  /// For a key of a kind; traps where libcrypto has no memory left.
  init(key: OpaquePointer, kind: KeyKind) {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto: out of memory") }
    self.context = context
    self.key = key
    switch kind {
    case .es256: function = EVP_sha256()
    case .ed25519: function = nil
    case .hmac: preconditionFailure("HMAC has no key of libcrypto")
    }
  }

  deinit { EVP_MD_CTX_free(context) }

  /// What libcrypto signs: DER of ES256, 64 bytes of Ed25519.
  ///
  /// Traps where libcrypto refuses, which a key that could be read gives no reason for.
  consuming func sign(_ message: [UInt8]) -> [UInt8] {
    defer { ERR_clear_error() }
    var signature = [UInt8](repeating: 0, count: 128)
    var count = signature.count
    let isSigned =
      EVP_DigestSignInit(context, nil, function, nil, key) == 1
      && EVP_DigestSign(context, &signature, &count, message, message.count) == 1
    precondition(isSigned, "libcrypto: a key that could be read signs nothing")
    return Array(signature.prefix(count))
  }

  /// Whether the signature is of this message and this key.
  consuming func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    defer { ERR_clear_error() }
    return EVP_DigestVerifyInit(context, nil, function, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
