import Foundation
import Secrets
import Testing

@testable import Credentials

@Suite("Private keys")
struct PrivateKeyTests {
  private func defect(_ text: String) throws -> KeyDefect {
    try #require(throws: KeyDefect.self) { _ = try PrivateKey(Secret(text)) }
  }

  @Test func `a P-256 key is ES256, in each of its forms`() throws {
    let sec1 = try Keys.p256()
    #expect(sec1.contains("BEGIN EC PRIVATE KEY"))
    let pkcs8 = String(
      decoding: try Keys.openssl("pkcs8 -topk8 -nocrypt", input: Data(sec1.utf8)), as: UTF8.self)
    #expect(pkcs8.contains("BEGIN PRIVATE KEY"))
    for text in [sec1, pkcs8, sec1.replacing("\n", with: "\\n"), "\n" + sec1 + "\n\n"] {
      #expect(try PrivateKey(Secret(text)).kind == .es256)
    }
  }

  @Test func `an Ed25519 key is one as PEM, seed, and seed with public key`() throws {
    #expect(try PrivateKey(Secret(Keys.ed25519())).kind == .ed25519)
    let (seed, publicKey) = try Keys.ed25519Halves()
    let whole = (seed + publicKey).base64EncodedString()
    for text in [
      seed.base64EncodedString(), whole, "  \(whole.prefix(20))\n\(whole.dropFirst(20))\n",
    ] {
      #expect(try PrivateKey(Secret(text)).kind == .ed25519)
    }
  }

  @Test func `halves that do not belong together are found out`() throws {
    let (seed, publicKey) = try Keys.ed25519Halves()
    var other = publicKey
    other[other.startIndex] ^= 1
    #expect(try defect((seed + other).base64EncodedString()) == .halvesDiffer)
  }

  @Test func `what Coinbase does not take is refused`() throws {
    #expect(try defect(Keys.pem("ecparam -name secp384r1 -genkey -noout")) == .otherAlgorithm)
    #expect(try defect(Keys.pem("ecparam -name secp256k1 -genkey -noout")) == .otherAlgorithm)
    #expect(try defect(Keys.pem("genpkey -algorithm RSA")) == .otherAlgorithm)
    #expect(try defect(Keys.pem("genpkey -algorithm x25519")) == .otherAlgorithm)
  }

  @Test func `an encrypted key is refused, and nobody is asked for its password`() throws {
    let key = Data(try Keys.p256().utf8)
    for arguments in [
      "pkcs8 -topk8 -passout pass:abcd -v2 aes-256-cbc", "ec -aes256 -passout pass:abcd",
    ] {
      let text = String(decoding: try Keys.openssl(arguments, input: key), as: UTF8.self)
      #expect(try defect(text) == .encrypted)
    }
  }

  @Test func `what is no key is refused, without repeating it`() throws {
    for text in [
      "", "swordfish!", "-----BEGIN PRIVATE KEY-----\nswordfish\n-----END PRIVATE KEY-----",
    ] {
      if text.isEmpty {
        #expect(try defect(text) == .wrongLength(0))
      } else {
        #expect(try defect(text) == .unreadable)
        #expect(try !defect(text).description.contains("swordfish"))
      }
    }
    let cut = try Keys.p256().dropLast(60)
    #expect(try defect(String(cut)) == .unreadable)
    #expect(try defect(Data(repeating: 1, count: 33).base64EncodedString()) == .wrongLength(33))
  }

  @Test func `printed, it is nothing`() throws {
    let (seed, _) = try Keys.ed25519Halves()
    let key = try PrivateKey(Secret(seed.base64EncodedString()))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.contains(seed.base64EncodedString().prefix(8)))
    }
  }
}

@Suite("Base64")
struct Base64Tests {
  @Test(arguments: 0..<70)
  func `what Foundation encodes is decoded`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
    let text = Data(bytes).base64EncodedString()
    #expect(Base64.decode(text) == bytes)
    #expect(Base64.decode(text.replacing("=", with: "")) == bytes)
    #expect(Base64.decode(" \(text)\r\n") == bytes)
  }

  @Test(arguments: ["A", "AAAAA", "AB==C", "AA=", "A===", "AA-_", "ä", "AB", "AAB=", "A=A="])
  func `what is no base64, or has bits left over, is refused`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
