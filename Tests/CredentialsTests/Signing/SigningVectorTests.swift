import Secrets
import Testing

@testable import Credentials

@Suite(
  "Signing as the official libraries do",
  .enabled(if: SigningVectors.arePresent, "needs the vectors of ../shared"))
struct SigningVectorTests {
  private let vectors: SigningVectors.Vectors

  init() throws { vectors = try SigningVectors.load() }

  @Test func `the Exchange's signatures are the same, and are found right`() throws {
    #expect(vectors.exchangeHmac.cases.count >= 9)
    for row in vectors.exchangeHmac.cases {
      let key = try #require(HMACKey(Secret(row.secretBase64.text)))
      let body = Array(row.body.utf8)
      let signature = key.signature(
        timestamp: row.timestamp, method: row.method, path: row.requestPath, body: body)
      #expect(signature == row.signature, "\(row.name)")
      #expect(
        key.isSignature(
          row.signature, timestamp: row.timestamp, method: row.method, path: row.requestPath,
          body: body), "\(row.name)")
      #expect(
        !key.isSignature(
          row.signature, timestamp: row.timestamp, method: row.method, path: row.requestPath,
          body: body + [0x20]), "\(row.name)")
    }
    let subscription = try #require(
      vectors.exchangeHmac.cases.first { $0.name == "ws_subscribe_auth" })
    let key = try #require(HMACKey(Secret(subscription.secretBase64.text)))
    #expect(key.subscribeSignature(timestamp: subscription.timestamp) == subscription.signature)
  }

  @Test func `tokens have the same header and claims, and Ed25519's are the same to the last byte`()
    throws
  {
    #expect(vectors.jwt.tokens.count >= 15)
    for row in vectors.jwt.tokens {
      let text = try #require(vectors.jwt.privateKey(row.keyForm), "\(row.name)")
      let maker = WebToken(keyName: row.keyName, key: try PrivateKey(Secret(text)))
      let token = maker.signed(uri: row.requestUri, now: row.now, nonce: row.nonce).reveal()
      let parts = token.split(separator: ".").map(String.init)
      #expect(
        parts.first.flatMap(Base64.decodeWeb)
          == Array(row.headerBytesAsThisLibraryWrites.utf8), "\(row.name)")
      #expect(
        parts.dropFirst().first.flatMap(Base64.decodeWeb)
          == Array(row.claimsBytesAsThisLibraryWrites.utf8), "\(row.name)")
      if row.algorithm == "EdDSA" { #expect(parts == row.tokenParts, "\(row.name)") }
      // ECDSA's signatures are random: theirs and ours are checked with the public key.
      let key = try publicKey(row.algorithm)
      for token in [token, row.tokenParts.joined(separator: ".")] {
        let verifier = JWTVerifier(keys: [row.keyName: key])
        #expect(
          try verifier.verify(token, now: row.now + 1, for: purpose(row.requestUri)) == row.keyName,
          "\(row.name)")
      }
    }
  }

  private func publicKey(_ algorithm: String) throws -> VerifyingKey {
    let keys = vectors.jwt.keys
    return try VerifyingKey(
      pem: algorithm == "EdDSA" ? keys.ed25519.publicSpkiPem.text : keys.es256.publicSpkiPem.text)
  }

  private func purpose(_ uri: String?) -> JWTVerifier.Purpose {
    guard let uri, let space = uri.firstIndex(of: " "), let slash = uri.firstIndex(of: "/") else {
      return .subscription
    }
    return .request(
      method: String(uri[..<space]), hosts: [String(uri[uri.index(after: space)..<slash])],
      path: String(uri[slash...]))
  }
}
