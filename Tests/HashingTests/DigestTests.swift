import Hashing
import Testing

@Suite("Digests")
struct DigestTests {
  // RFC 1321, A.5.
  static let md5Vectors: [(String, String)] = [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ]

  // FIPS 180-4, examples of NIST.
  static let sha256Vectors: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test("MD5 of known texts", arguments: md5Vectors)
  func md5(of text: String, hexadecimal: String) {
    #expect(Digest.hexadecimal(of: Array(text.utf8), .md5) == hexadecimal)
  }

  @Test("SHA-256 of known texts", arguments: sha256Vectors)
  func sha256(of text: String, hexadecimal: String) {
    #expect(Digest.hexadecimal(of: Array(text.utf8), .sha256) == hexadecimal)
  }

  @Test("Where the pieces are cut does not matter", arguments: Digest.Algorithm.allCases)
  func pieces(_ algorithm: Digest.Algorithm) {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let whole = Digest.hexadecimal(of: bytes, algorithm)
    for cut in 0...bytes.count {
      var digest = Digest(algorithm)
      digest.update(Array(bytes[..<cut]).span)
      digest.update(Array(bytes[cut...]).span)
      #expect(digest.hexadecimal() == whole, "cut at \(cut)")
    }
  }

  @Test("An unfinished digest is released")
  func abandoned() {
    var digest = Digest(.md5)
    digest.update([1, 2, 3].span)
  }
}
