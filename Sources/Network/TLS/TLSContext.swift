import COpenSSL

/// What the sessions of one client or one server have in common: whom to trust, or who one is.
///
/// `@unchecked Sendable`, because: after `init` nobody changes the `SSL_CTX`, and `SSL_new`, the only use
/// of it, locks what the sessions share.
final class TLSContext: @unchecked Sendable {
  let handle: OpaquePointer

  deinit { SSL_CTX_free(handle) }

  /// A client's: certificates are verified, always.
  init(trusting trust: Trust) throws(NetworkError) {
    handle = try Self.make(TLS_client_method())
    SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
    guard !trust.includesSystem || SSL_CTX_set_default_verify_paths(handle) == 1 else {
      throw Self.failure("the system's authorities cannot be read")
    }
    let store = SSL_CTX_get_cert_store(handle)
    for authority in try trust.authorities() {
      guard X509_STORE_add_cert(store, authority.handle) == 1 else {
        throw Self.failure("an authority cannot be added: \(TLSSession.lastError)")
      }
    }
    // Against HTTP/2: nobody here speaks it.
    let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
    SSL_CTX_set_alpn_protos(handle, protocols, UInt32(protocols.count))
  }

  /// A server's.
  init(identity: TLSIdentity) throws(NetworkError) {
    handle = try Self.make(TLS_server_method())
    let chain = try Certificate.all(inPEM: identity.certificate)
    guard let leaf = chain.first else { throw Self.failure("there is no certificate in the PEM") }
    guard SSL_CTX_use_certificate(handle, leaf.handle) == 1 else {
      throw Self.failure("the certificate cannot be used: \(TLSSession.lastError)")
    }
    for other in chain.dropFirst() {
      // SSL_CTX_add1_chain_cert, a macro.
      SSL_CTX_ctrl(handle, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(other.handle))
    }
    let key = try KeyPair(pem: identity.key)
    guard SSL_CTX_use_PrivateKey(handle, key.handle) == 1,
      SSL_CTX_check_private_key(handle) == 1
    else { throw Self.failure("the key does not belong to the certificate") }
  }

  private static func make(_ method: OpaquePointer?) throws(NetworkError) -> OpaquePointer {
    ERR_clear_error()
    guard let handle = SSL_CTX_new(method) else {
      throw failure("no TLS: \(TLSSession.lastError)")
    }
    SSL_CTX_ctrl(handle, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
    SSL_CTX_ctrl(handle, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
    return handle
  }

  private static func failure(_ why: String) -> NetworkError {
    NetworkError(.badCertificate(why), at: "TLS")
  }
}
