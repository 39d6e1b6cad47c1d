import Foundation
import Secrets
import Testing

@testable import Credentials

@Suite("Signatures")
struct SignatureTests {
  @Test func `Ed25519 gives the signature of RFC 8032, 7_1, test 1`() throws {
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    let signature =
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
      + "6bd25bf5f0595bbe24655141438e7a100b"
    let key = try PrivateKey(Secret(Base64.encode(Self.bytes(seed), .standard)))
    #expect(key.signature(of: []) == Self.bytes(signature))
    #expect(VerifyingKey(of: key).isSignature(Self.bytes(signature), of: []))
    #expect(!VerifyingKey(of: key).isSignature(Self.bytes(signature), of: [0]))
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }

  @Test func `the Exchange's signature of a known secret is the known one`() throws {
    // The secret is the bytes 0 to 63; the signature is that of Python's hmac module.
    let key = try #require(HMACKey(Secret(Base64.encode(Array(0..<64), .standard))))
    #expect(
      key.signature(timestamp: "1700000000", method: "GET", path: "/accounts", body: [])
        == "rGG1JqXQ+E6pZei33vupSfjDznqIYp7EiYs3JKWtKIw=")
    #expect(
      key.subscribeSignature(timestamp: "1700000005")
        == "cXa1t1VsvBPtInUs8xVsTt+Ws+2vdDpG5g+u0AQdj80=")
  }

  @Test(arguments: ["", "AA", "rGG1JqXQ+E6pZei33vupSfjDznqIYp7EiYs3JKWtKI0=", "!"])
  func `a signature that is too short, or wrong in its last bit, or no base64, is wrong`(
    text: String
  ) throws {
    let key = try #require(HMACKey(Secret(Base64.encode(Array(0..<64), .standard))))
    #expect(
      !key.isSignature(text, timestamp: "1700000000", method: "GET", path: "/accounts", body: []))
  }

  @Test func `a secret that is none is refused, and one is not printed`() throws {
    for text in ["", "!", "AAAAA"] { #expect(HMACKey(Secret(text)) == nil) }
    let secret = ThrowawayKey.make(.hmac)
    var dumped = ""
    dump(HMACKey(secret), to: &dumped)
    #expect(!dumped.contains(secret.reveal().prefix(8)))
  }

  @Test(arguments: [KeyKind.es256, .ed25519])
  func `signatures of new keys are of 64 bytes and right, and no bit of them may change`(
    kind: KeyKind
  ) throws {
    let text = ThrowawayKey.make(kind)
    #expect(text.reveal().contains("BEGIN EC PRIVATE KEY") == (kind == .es256))
    let key = try PrivateKey(text)
    #expect(key.kind == kind)
    let check = VerifyingKey(of: key)
    for length in 0..<40 {
      let message = (0..<length).map { UInt8($0) }
      var signature = key.signature(of: message)
      #expect(signature.count == 64 && check.isSignature(signature, of: message))
      #expect(!check.isSignature(signature, of: message + [0]))
      #expect(!check.isSignature(Array(signature.dropLast()), of: message))
      signature[length] ^= 1
      #expect(!check.isSignature(signature, of: message))
    }
  }

  @Test(arguments: 1...40)
  func `DER and the two numbers are the same signature`(seed: UInt8) throws {
    // Numbers with leading zeros and with their first bit set, which DER pads or cuts.
    var raw = (0..<64).map { UInt8(truncatingIfNeeded: ($0 &+ 1) &* Int(seed) &* 37) }
    for place in 0..<Int(seed % 33) { raw[place] = 0 }
    if seed % 3 == 0 { raw[32] = 0xff }
    let signature = try #require(ECDSASignature(raw: raw))
    let der = signature.der
    #expect(ECDSASignature(der: der)?.raw == raw)
    for cut in 0..<der.count { #expect(ECDSASignature(der: Array(der[..<cut])) == nil) }
    #expect(ECDSASignature(der: der + [0]) == nil)
  }

  @Test(arguments: [
    [0x30, 6, 2, 1, 0x80, 2, 1, 1], [0x30, 7, 2, 2, 0, 1, 2, 1, 1], [0x30, 4, 2, 0, 2, 0],
    [0x31, 6, 2, 1, 1, 2, 1, 1], [0x30, 6, 3, 1, 1, 2, 1, 1], [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
  ])
  func `DER with a negative number, a needless zero or a wrong head is refused`(bytes: [UInt8]) {
    #expect(ECDSASignature(der: bytes) == nil)
    #expect(ECDSASignature(der: [0x30, 6, 2, 1, 1, 2, 1, 1]) != nil)
  }

  @Test func `a public key of another kind is refused`() throws {
    let pem = Data(try Keys.pem("ecparam -name secp384r1 -genkey -noout").utf8)
    let other = String(decoding: try Keys.openssl("pkey -pubout", input: pem), as: UTF8.self)
    #expect(throws: KeyDefect.otherAlgorithm) { try VerifyingKey(pem: other) }
    #expect(throws: KeyDefect.unreadable) { try VerifyingKey(pem: "swordfish") }
  }
}

@Suite("Base64 of tokens")
struct WebBase64Tests {
  @Test(arguments: 0..<70)
  func `encoding is Foundation's, and decoding undoes it`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 201 &+ count) }
    #expect(Base64.encode(bytes, .standard) == Data(bytes).base64EncodedString())
    let web = Base64.encode(bytes, .web)
    #expect(
      web
        == Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: ""))
    #expect(Base64.decodeWeb(web) == bytes)
  }

  @Test(arguments: ["+A", "/A", "AA==", "A A", "A\nA", "A"])
  func `padding, white space and the other alphabet are refused`(text: String) {
    #expect(Base64.decodeWeb(text) == nil)
  }
}
