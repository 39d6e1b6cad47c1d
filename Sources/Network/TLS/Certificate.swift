import COpenSSL

/// A certificate in libcrypto's hands.
///
/// Immutable once it is made; of the caller's thread.
final class Certificate {
  let handle: OpaquePointer

  /// Takes the handle over.
  init(owning handle: OpaquePointer) { self.handle = handle }

  deinit { X509_free(handle) }

  /// All certificates of a PEM; none if there is none.
  static func all(inPEM text: String) throws(NetworkError) -> [Certificate] {
    ERR_clear_error()
    defer { ERR_clear_error() }
    var text = text
    let found: [Certificate]? = text.withUTF8 { bytes in
      guard let file = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
      defer { BIO_free(file) }
      var found: [Certificate] = []
      while let handle = PEM_read_bio_X509(file, nil, { _, _, _, _ in -1 }, nil) {
        found.append(Certificate(owning: handle))
      }
      // The end of the text is an error too: the one that is expected.
      let code = Int32(truncatingIfNeeded: ERR_peek_last_error() & 0x7fffff)
      return code == PEM_R_NO_START_LINE ? found : nil
    }
    guard let found else {
      throw NetworkError(.badCertificate("the certificate is damaged"), at: "TLS")
    }
    return found
  }

  /// As PEM.
  var pem: String {
    PEMText.write { PEM_write_bio_X509($0, handle) }
  }
}

/// A private key in libcrypto's hands.
final class KeyPair {
  let handle: OpaquePointer

  deinit { EVP_PKEY_free(handle) }

  /// A new one, on P-256.
  init() throws(NetworkError) {
    // EVP_EC_gen is a macro.
    let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil)
    defer { EVP_PKEY_CTX_free(context) }
    var handle: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
      EVP_PKEY_generate(context, &handle) == 1, let handle
    else {
      throw NetworkError(.badCertificate("no key could be made"), at: "TLS")
    }
    self.handle = handle
  }

  init(pem text: String) throws(NetworkError) {
    defer { ERR_clear_error() }
    var text = text
    let handle: OpaquePointer? = text.withUTF8 { bytes in
      guard let file = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
      defer { BIO_free(file) }
      // An encrypted key must not ask for its password on the terminal.
      return PEM_read_bio_PrivateKey(file, nil, { _, _, _, _ in -1 }, nil)
    }
    guard let handle else {
      throw NetworkError(.badCertificate("the key is no private key in PEM"), at: "TLS")
    }
    self.handle = handle
  }

  /// As PEM, without a password.
  var pem: String {
    PEMText.write { PEM_write_bio_PrivateKey($0, handle, nil, nil, 0, nil, nil) }
  }
}

/// What libcrypto writes, as text.
enum PEMText {
  static func write(_ body: (OpaquePointer) -> Int32) -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(memory) }
    guard body(memory) == 1 else { return "" }
    let count = BIO_ctrl_pending(memory)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
      size = Int(max(0, BIO_read(memory, buffer.baseAddress, Int32(count))))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
