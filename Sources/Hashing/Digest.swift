import COpenSSL

/// A digest of bytes that arrive piece by piece, through libcrypto's EVP interface.
///
/// It owns its `EVP_MD_CTX`, hence noncopyable; finishing consumes it, so that nothing can be added
/// to a finished digest. MD5 serves comparisons with known texts only, never anybody's security.
package struct Digest: ~Copyable {
  /// Which function of the bytes.
  package enum Algorithm: String, Hashable, Sendable, CaseIterable {
    /// 16 bytes; RFC 1321.
    case md5
    /// 32 bytes; FIPS 180-4.
    case sha256
  }

  private let context: OpaquePointer

  /// The digest of no bytes yet.
  ///
  /// Traps where libcrypto has no memory left or was told not to offer the algorithm, as a FIPS
  /// installation does with MD5: neither can be mended here.
  package init(_ algorithm: Algorithm) {
    guard let context = EVP_MD_CTX_new() else { fatalError("libcrypto: out of memory") }
    let function = algorithm.function
    guard EVP_DigestInit_ex(context, function, nil) == 1 else {
      fatalError("libcrypto does not offer \(algorithm.rawValue)")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBytes { raw in
      let status = EVP_DigestUpdate(context, raw.baseAddress, raw.count)
      precondition(status == 1, "libcrypto: a digest refused bytes")
    }
  }

  /// Ends it: the digest's bytes.
  package consuming func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      var size: UInt32 = 0
      let status = EVP_DigestFinal_ex(context, buffer.baseAddress, &size)
      precondition(status == 1, "libcrypto: a digest could not be ended")
      count = Int(size)
    }
  }

  /// Ends it: the digest in lower-case hexadecimal digits, as `md5sum` and `sha256sum` print it.
  package consuming func hexadecimal() -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = finish().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The digest of `bytes` in hexadecimal digits, where all of them are at hand.
  package static func hexadecimal(of bytes: [UInt8], _ algorithm: Algorithm) -> String {
    var digest = Digest(algorithm)
    digest.update(bytes.span)
    return digest.hexadecimal()
  }
}

extension Digest.Algorithm {
  /// The library's table of the function; static there, so nobody frees it.
  fileprivate var function: OpaquePointer? {
    switch self {
    case .md5: EVP_md5()
    case .sha256: EVP_sha256()
    }
  }
}
