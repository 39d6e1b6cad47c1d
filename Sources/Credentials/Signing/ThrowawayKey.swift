import COpenSSL
package import Secrets

/// Makes new keys: for a local exchange, and for tests.
package enum ThrowawayKey {
  /// A new key in the form in which Coinbase hands its kind out.
  ///
  /// ES256: PEM, `BEGIN EC PRIVATE KEY`. Ed25519: base64 of seed and public key. HMAC: base64 of 64
  /// random bytes. Traps where libcrypto has no randomness.
  package static func make(_ kind: KeyKind) -> Secret {
    defer { ERR_clear_error() }
    switch kind {
    case .hmac:
      var bytes = [UInt8](repeating: 0, count: 64)
      precondition(RAND_bytes(&bytes, 64) == 1, "libcrypto: no randomness")
      return Secret(Base64.encode(bytes, .standard))
    case .ed25519:
      let key = generate("ED25519", group: nil)
      defer { EVP_PKEY_free(key) }
      var seed = [UInt8](repeating: 0, count: 32)
      var count = seed.count
      precondition(
        EVP_PKEY_get_raw_private_key(key, &seed, &count) == 1, "libcrypto: a key without a seed")
      return Secret(Base64.encode(seed + PrivateKey.publicKey(of: key), .standard))
    case .es256:
      let key = generate("EC", group: "P-256")
      defer { EVP_PKEY_free(key) }
      return Secret(pem(of: key))
    }
  }

  private static func generate(_ algorithm: String, group: String?) -> OpaquePointer {
    let context = EVP_PKEY_CTX_new_from_name(nil, algorithm, nil)
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    var isReady = EVP_PKEY_keygen_init(context) == 1
    if let group { isReady = isReady && EVP_PKEY_CTX_set_group_name(context, group) == 1 }
    guard isReady, EVP_PKEY_generate(context, &key) == 1, let key else {
      fatalError("libcrypto: no \(algorithm) key could be made")
    }
    return key
  }

  private static func pem(of key: OpaquePointer) -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { fatalError("libcrypto: out of memory") }
    defer { BIO_free(memory) }
    let status = PEM_write_bio_PrivateKey_traditional(memory, key, nil, nil, 0, nil, nil)
    precondition(status == 1, "libcrypto: a key that cannot be written")
    var text = [UInt8](repeating: 0, count: 4096)
    let count = BIO_read(memory, &text, Int32(text.count))
    return String(decoding: text.prefix(Int(max(0, count))), as: UTF8.self)
  }
}
