extension PrivateKey {
  /// The signature of a message as a token carries it: 64 bytes, of either kind.
  package func signature(of message: [UInt8]) -> [UInt8] {
    let signature = SigningContext(key: handle, kind: kind).sign(message)
    guard kind == .es256 else { return signature }
    guard let signature = ECDSASignature(der: signature) else {
      preconditionFailure("libcrypto: a signature on P-256 that is no DER")
    }
    return signature.raw
  }
}
