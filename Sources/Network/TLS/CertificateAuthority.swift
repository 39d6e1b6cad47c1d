import COpenSSL

/// An authority made at run time, for tests and for a server on this machine.
///
/// Its key stays in memory and is gone with it; a client trusts it only if it is told to.
package struct CertificateAuthority: Sendable {
  /// What clients are given to trust.
  package let certificate: String
  private let key: String

  /// Makes a key and a certificate for it.
  package init(name: String = "Ratchet throwaway authority", days: Int = 30) throws(NetworkError) {
    let key = try KeyPair()
    let certificate = try Self.make(
      subject: name, subjectKey: key, issuer: nil, issuerKey: key, days: days,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
        (NID_key_usage, "critical,keyCertSign,cRLSign"), (NID_subject_key_identifier, "hash"),
      ])
    self.certificate = certificate.pem
    self.key = key.pem
  }

  /// A certificate for a server on this machine: `localhost`, 127.0.0.1, and other names on demand.
  package func issue(
    names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1"], days: Int = 30
  ) throws(NetworkError) -> TLSIdentity {
    let alternatives = names.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }
    guard let first = names.first ?? addresses.first,
      alternatives.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x2c } })
    else { throw Self.failure("a certificate needs a name or an address") }
    let own = try KeyPair()
    guard let issuer = try Certificate.all(inPEM: certificate).first else {
      throw Self.failure("the authority has no certificate")
    }
    let leaf = try Self.make(
      subject: first, subjectKey: own, issuer: issuer, issuerKey: try KeyPair(pem: key),
      days: days,
      extensions: [
        (NID_basic_constraints, "critical,CA:FALSE"),
        (NID_key_usage, "critical,digitalSignature"), (NID_ext_key_usage, "serverAuth"),
        (NID_subject_alt_name, alternatives.joined(separator: ",")),
        (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid"),
      ])
    return TLSIdentity(certificate: leaf.pem, key: own.pem)
  }

  private static func failure(_ why: String) -> NetworkError {
    NetworkError(.badCertificate(why), at: "certificate")
  }

  private static func make(
    subject: String, subjectKey: KeyPair, issuer: Certificate?, issuerKey: KeyPair, days: Int,
    extensions: [(Int32, String)]
  ) throws(NetworkError) -> Certificate {
    ERR_clear_error()
    guard let handle = X509_new() else { throw failure("no memory") }
    let certificate = Certificate(owning: handle)
    let serial = UInt64.random(in: 1...UInt64(Int64.max))
    X509_set_version(handle, 2)  // That is version 3.
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(handle), serial)
    // An hour back, for clocks that do not agree.
    X509_gmtime_adj(X509_getm_notBefore(handle), -3600)
    X509_gmtime_adj(X509_getm_notAfter(handle), days * 86_400)
    X509_set_pubkey(handle, subjectKey.handle)
    let name = X509_get_subject_name(handle)
    // 0x1000 is MBSTRING_UTF8, a macro.
    X509_NAME_add_entry_by_txt(
      name, "CN", 0x1000, Array(subject.utf8), Int32(subject.utf8.count), -1, 0)
    X509_set_issuer_name(handle, issuer.map { X509_get_subject_name($0.handle) } ?? name)
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer?.handle ?? handle, handle, nil, nil, 0)
    for (identifier, value) in extensions {
      guard let extra = X509V3_EXT_conf_nid(nil, &context, identifier, value) else {
        throw failure("the extension '\(value)' cannot be made: \(TLSSession.lastError)")
      }
      X509_add_ext(handle, extra, -1)
      X509_EXTENSION_free(extra)
    }
    guard X509_sign(handle, issuerKey.handle, EVP_sha256()) > 0 else {
      throw failure("it cannot be signed: \(TLSSession.lastError)")
    }
    return certificate
  }
}
