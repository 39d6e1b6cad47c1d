import COpenSSL

/// The public half of a key of Advanced Trade, for those who check signatures.
///
/// `@unchecked Sendable`, because: after `init` nobody changes the `EVP_PKEY`, and each check makes a
/// context of its own.
package final class VerifyingKey: @unchecked Sendable {
  /// `es256` or `ed25519`.
  package let kind: KeyKind
  private let handle: OpaquePointer

  deinit { EVP_PKEY_free(handle) }

  /// The public half of a private key.
  package init(of key: PrivateKey) {
    precondition(EVP_PKEY_up_ref(key.handle) == 1, "libcrypto: a key that cannot be shared")
    (handle, kind) = (key.handle, key.kind)
  }

  /// Reads PEM of a public key, `BEGIN PUBLIC KEY`.
  ///
  /// - Throws: What is wrong with it.
  package init(pem text: String) throws(KeyDefect) {
    defer { ERR_clear_error() }
    var text = text
    let handle: OpaquePointer? = text.withUTF8 { bytes in
      guard let file = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
      defer { BIO_free(file) }
      return PEM_read_bio_PUBKEY(file, nil, nil, nil)
    }
    guard let handle else { throw .unreadable }
    guard let kind = PrivateKey.kind(of: handle) else {
      EVP_PKEY_free(handle)
      throw .otherAlgorithm
    }
    (self.handle, self.kind) = (handle, kind)
  }

  /// Whether 64 bytes are the signature of a message by the private half.
  package func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch kind {
    case .es256:
      guard let signature = ECDSASignature(raw: signature) else { return false }
      return SigningContext(key: handle, kind: kind).verify(signature.der, of: message)
    case .ed25519:
      return signature.count == 64
        && SigningContext(key: handle, kind: kind).verify(signature, of: message)
    case .hmac: return false
    }
  }
}
