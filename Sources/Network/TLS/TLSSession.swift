import COpenSSL

/// TLS over bytes that somebody else carries: no socket in it.
///
/// libssl reads from one piece of memory and writes to another; of one thread.
final class TLSSession {
  enum Step {
    case goesOn
    case done
    case failed(NetworkError.Problem)
  }

  enum Input {
    case bytes(Int)
    case nothing
    /// The other side said goodbye.
    case ended
    case failed(String)
  }

  private let ssl: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private var isEstablished = false
  /// Whether the other side said goodbye.
  private(set) var isEnded = false

  /// A client's half: `host` is whom the certificate must be for.
  init?(client context: TLSContext, host: String) {
    guard let ssl = SSL_new(context.handle) else { return nil }
    guard let (incoming, outgoing) = Self.memory(for: ssl) else { return nil }
    (self.ssl, self.incoming, self.outgoing) = (ssl, incoming, outgoing)
    SSL_set_connect_state(ssl)
    let parameters = SSL_get0_param(ssl)
    X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    // An address is looked for among the addresses, a name among the names and sent along.
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
      guard SSL_set1_host(ssl, host) == 1 else { return nil }
      host.withCString {
        _ = SSL_ctrl(
          ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name),
          UnsafeMutableRawPointer(mutating: $0))
      }
    }
  }

  /// A server's half.
  init?(server context: TLSContext) {
    guard let ssl = SSL_new(context.handle) else { return nil }
    guard let (incoming, outgoing) = Self.memory(for: ssl) else { return nil }
    (self.ssl, self.incoming, self.outgoing) = (ssl, incoming, outgoing)
    SSL_set_accept_state(ssl)
  }

  deinit { SSL_free(ssl) }  // And with it both pieces of memory.

  private static func memory(for ssl: OpaquePointer) -> (OpaquePointer, OpaquePointer)? {
    guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      return nil
    }
    SSL_set_bio(ssl, incoming, outgoing)
    return (incoming, outgoing)
  }

  /// Bytes from the other side.
  func receive(_ bytes: UnsafeRawBufferPointer) {
    BIO_write(incoming, bytes.baseAddress, Int32(bytes.count))
  }

  /// Bytes for the other side.
  func takeOutput() -> [UInt8] {
    let count = BIO_ctrl_pending(outgoing)
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
      size = Int(max(0, BIO_read(outgoing, buffer.baseAddress, Int32(count))))
    }
  }

  /// Goes on with the handshake as far as the bytes allow.
  func handshake() -> Step {
    guard !isEstablished else { return .done }
    ERR_clear_error()
    let code = SSL_do_handshake(ssl)
    if code == 1 {
      isEstablished = true
      return .done
    }
    switch SSL_get_error(ssl, code) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .goesOn
    default:
      let verdict = SSL_get_verify_result(ssl)
      if verdict != X509_V_OK {
        return .failed(.untrusted(String(cString: X509_verify_cert_error_string(verdict))))
      }
      return .failed(.tls(Self.lastError))
    }
  }

  /// What the other side wrote.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Input {
    ERR_clear_error()
    let count = SSL_read(ssl, buffer.baseAddress, Int32(buffer.count))
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(ssl, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .nothing
    case SSL_ERROR_ZERO_RETURN:
      isEnded = true
      return .ended
    default: return .failed(Self.lastError)
    }
  }

  /// Turns what we write into what goes over the wire.
  func write(_ bytes: [UInt8]) {
    ERR_clear_error()
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        // Memory takes everything: it fails only if the session has failed, which reading tells.
        let count = SSL_write(
          ssl, UnsafeRawBufferPointer(rebasing: rest).baseAddress,
          Int32(min(rest.count, 1 << 24)))
        guard count > 0 else { return }
        rest = rest.dropFirst(Int(count))
      }
    }
  }

  /// Says goodbye.
  func close() {
    ERR_clear_error()
    SSL_shutdown(ssl)
  }

  /// What libcrypto says went wrong.
  static var lastError: String {
    let code = ERR_get_error()
    guard code != 0, let text = ERR_reason_error_string(code) else { return "it broke off" }
    return String(cString: text)
  }
}
