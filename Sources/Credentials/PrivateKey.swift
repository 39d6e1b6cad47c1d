import COpenSSL
package import Secrets

/// A private key of Advanced Trade, in libcrypto's hands.
///
/// It keeps the numbers and gives them to nobody; printed, it is an address.
///
/// `@unchecked Sendable`, because: after `init` nobody changes the `EVP_PKEY`, and those who sign with
/// one make contexts of their own, as libcrypto wants it.
package final class PrivateKey: @unchecked Sendable {
  /// `es256` or `ed25519`.
  package let kind: KeyKind
  /// The `EVP_PKEY`, for those who sign.
  package let handle: OpaquePointer

  deinit { EVP_PKEY_free(handle) }

  /// Reads a key in one of the forms in which it is handed out.
  ///
  /// PEM of a P-256 or Ed25519 key, also with `\n` spelt out for its line ends, as in the environment;
  /// base64 of an Ed25519 seed, alone or with its public key behind.
  ///
  /// - Throws: What is wrong with it, without anything of it.
  package init(_ text: Secret) throws(KeyDefect) {
    defer { ERR_clear_error() }
    let plain = text.reveal().replacing("\\n", with: "\n")
    if plain.contains("-----BEGIN") {
      (handle, kind) = try Self.key(ofPEM: plain)
      return
    }
    guard let bytes = Base64.decode(plain) else { throw .unreadable }
    guard bytes.count == 32 || bytes.count == 64 else { throw .wrongLength(bytes.count) }
    let made = bytes.withUnsafeBufferPointer {
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, 32)
    }
    guard let made else { throw .unreadable }
    (handle, kind) = (made, .ed25519)
    // From here on, `deinit` frees it.
    guard bytes.count == 32 || Self.publicKey(of: made) == Array(bytes[32...]) else {
      throw .halvesDiffer
    }
  }

  private static func key(ofPEM text: String) throws(KeyDefect) -> (OpaquePointer, KeyKind) {
    var text = text
    let handle: OpaquePointer? = text.withUTF8 { bytes in
      guard let file = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
      defer { BIO_free(file) }
      // An encrypted key must not ask for its password on the terminal.
      return PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil)
    }
    guard let handle else {
      throw text.contains("ENCRYPTED") ? .encrypted : .unreadable
    }
    if let kind = kind(of: handle) { return (handle, kind) }
    EVP_PKEY_free(handle)
    throw .otherAlgorithm
  }

  /// The kind of a key of libcrypto; `nil` of one that Coinbase does not take.
  static func kind(of handle: OpaquePointer) -> KeyKind? {
    if EVP_PKEY_is_a(handle, "ED25519") == 1 { return .ed25519 }
    return EVP_PKEY_is_a(handle, "EC") == 1 && group(of: handle) == "prime256v1" ? .es256 : nil
  }

  private static func group(of key: OpaquePointer) -> String {
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return "" }
    return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func publicKey(of key: OpaquePointer) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    var length = bytes.count
    guard EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1 else { return [] }
    return Array(bytes.prefix(length))
  }
}

/// What is wrong with a key, without anything of it.
package enum KeyDefect: Error, Hashable, Sendable, CustomStringConvertible {
  /// Neither PEM nor base64.
  case unreadable
  /// Base64 of so many bytes, which no key has.
  case wrongLength(Int)
  /// The public half is not that of the private one.
  case halvesDiffer
  /// A password is on the key itself.
  case encrypted
  /// RSA, another curve.
  case otherAlgorithm
  /// A key of the Exchange is base64.
  case noBase64
  /// A PEM with a passphrase beside it.
  case needlessPassphrase

  /// What it is, and what to do.
  package var description: String {
    switch self {
    case .unreadable:
      "the key is neither PEM nor base64; copy it whole, with its BEGIN and END lines if it has them"
    case .wrongLength(let count):
      "the key is base64 of \(count) bytes, an Ed25519 key has 32 or 64; copy it whole"
    case .halvesDiffer:
      "the two halves of the Ed25519 key do not belong together; copy it whole, or, if it is a key of "
        + "the Exchange, give its passphrase too"
    case .encrypted: "the key is encrypted with a password; decrypt it: openssl pkey -in FILE"
    case .otherAlgorithm:
      "the key is neither ECDSA on P-256 nor Ed25519, which Coinbase takes; make another in the "
        + "developer portal"
    case .noBase64: "the secret of an Exchange key is base64, and this is none; copy it whole"
    case .needlessPassphrase:
      "a PEM key has no passphrase, only keys of the Exchange do; leave one of the two out"
    }
  }
}
