import Foundation
import Secrets
import TestKit
import Testing

@testable import Credentials

@Suite("Checking tokens")
struct JWTVerifierTests {
  private static let name = "organizations/a/apiKeys/b"
  private static let now: Int64 = 1_700_000_000
  private static let request = JWTVerifier.Purpose.request(
    method: "GET", hosts: ["localhost:8443", "api.coinbase.com"], path: "/v/orders?limit=1")

  private static func key(_ kind: KeyKind) throws -> PrivateKey {
    try PrivateKey(ThrowawayKey.make(kind))
  }

  private static func verifier(_ key: PrivateKey) -> JWTVerifier {
    JWTVerifier(keys: [name: VerifyingKey(of: key)])
  }

  /// A token of any header and claims, signed by the key.
  private static func token(
    _ key: PrivateKey, header: [String: Any?] = [:], claims: [String: Any?] = [:],
    signature change: ([UInt8]) -> [UInt8] = { $0 }
  ) throws -> String {
    let algorithm = WebToken.algorithm(of: key.kind)
    let allHeader: [String: Any?] = ["alg": algorithm, "kid": name, "nonce": "00", "typ": "JWT"]
    let allClaims: [String: Any?] = [
      "sub": name, "iss": "cdp", "nbf": now, "exp": now + 120,
      "uri": "GET api.coinbase.com/v/orders",
    ]
    func part(_ object: [String: Any?]) throws -> String {
      let members = object.compactMapValues { $0 }
      return Base64.encode(Array(try JSONSerialization.data(withJSONObject: members)), .web)
    }
    let input =
      try part(allHeader.merging(header) { $1 }) + "." + part(allClaims.merging(claims) { $1 })
    return input + "." + Base64.encode(change(key.signature(of: Array(input.utf8))), .web)
  }

  @Test(arguments: [KeyKind.es256, .ed25519])
  func `what we sign is right, for its request and for no other`(kind: KeyKind) throws {
    let key = try Self.key(kind)
    let maker = WebToken(keyName: Self.name, key: key)
    let verifier = Self.verifier(key)
    for host in ["localhost:8443", "api.coinbase.com"] {
      let uri = WebToken.uri(method: "GET", host: host, path: "/v/orders?limit=1")
      #expect(uri == "GET \(host)/v/orders")
      let token = maker.signed(uri: uri, now: Self.now, nonce: "ab").reveal()
      #expect(try verifier.verify(token, now: Self.now, for: Self.request) == Self.name)
      for other in [
        JWTVerifier.Purpose.subscription,
        .request(method: "POST", hosts: [host], path: "/v/orders"),
        .request(method: "GET", hosts: ["evil.example"], path: "/v/orders"),
        .request(method: "GET", hosts: [host], path: "/v/order"),
      ] {
        #expect(throws: TokenDefect.wrongURI) {
          try verifier.verify(token, now: Self.now, for: other)
        }
      }
    }
    let token = maker.signed(uri: nil, now: Self.now, nonce: "ab").reveal()
    #expect(try verifier.verify(token, now: Self.now, for: .subscription) == Self.name)
    #expect(throws: TokenDefect.wrongURI) {
      try verifier.verify(token, now: Self.now, for: Self.request)
    }
  }

  @Test func `what ccxt sends is right`() throws {
    let es256 = try Self.key(.es256)
    let old = try Self.token(
      es256, claims: ["iss": "coinbase-cloud", "aud": ["retail_rest_api_proxy"], "iat": Self.now])
    #expect(try Self.verifier(es256).verify(old, now: Self.now, for: Self.request) == Self.name)
    let ed25519 = try Self.key(.ed25519)
    let list = try Self.token(
      ed25519, claims: ["uri": nil, "uris": ["GET api.coinbase.com/v/orders"], "aud": ["x"]])
    #expect(try Self.verifier(ed25519).verify(list, now: Self.now, for: Self.request) == Self.name)
  }

  static func wrong() -> [(TokenDefect, [String: String?], [String: Any?])] {
    [
      (.expired, [:], ["nbf": now - 130, "exp": now - 1]), (.expired, [:], ["exp": now]),
      (.tooLong, [:], ["exp": now + 121]), (.tooLong, [:], ["nbf": Int64.min, "exp": Int64.max]),
      (.notYet, [:], ["nbf": now + 6, "exp": now + 60]), (.noTimes, [:], ["exp": nil]),
      (.noTimes, [:], ["nbf": "\(now)"]), (.noTimes, [:], ["exp": 1e300]),
      (.wrongIssuer, [:], ["iss": "me"]), (.subjectDiffers, [:], ["sub": "other"]),
      (.unknownKey, ["kid": "other"], ["sub": "other"]), (.unknownKey, ["kid": nil], [:]),
      (.noNonce, ["nonce": nil], [:]), (.wrongAlgorithm, ["alg": "none"], [:]),
      (.wrongAlgorithm, ["alg": "HS256"], [:]),
      (.wrongURI, [:], ["uri": "GET api.coinbase.com/v/orders?limit=1"]),
      (.wrongURI, [:], ["uri": "GET https://api.coinbase.com/v/orders"]),
      (.wrongURI, [:], ["uri": nil]), (.wrongURI, [:], ["uri": nil, "uris": [String]()]),
    ]
  }

  @Test(arguments: [KeyKind.es256, .ed25519])
  func `what is wrong in a token is found, though it is well signed`(kind: KeyKind) throws {
    let key = try Self.key(kind)
    for (defect, header, claims) in Self.wrong() {
      let token = try Self.token(key, header: header, claims: claims)
      #expect(throws: defect, "\(header) \(claims)") {
        try Self.verifier(key).verify(token, now: Self.now, for: Self.request)
      }
    }
    let right = try Self.token(key)
    #expect(try Self.verifier(key).verify(right, now: Self.now, for: Self.request) == Self.name)
  }

  @Test func `DER in place of the two numbers is refused`() throws {
    let key = try Self.key(.es256)
    let token = try Self.token(key) { ECDSASignature(raw: $0)?.der ?? [] }
    #expect(throws: TokenDefect.badSignature) {
      try Self.verifier(key).verify(token, now: Self.now, for: Self.request)
    }
  }

  @Test func `another key's signature, and a changed bit anywhere, are found`() throws {
    for kind in [KeyKind.es256, .ed25519] {
      let key = try Self.key(kind)
      let foreign = try Self.token(try Self.key(kind))
      #expect(throws: TokenDefect.badSignature) {
        try Self.verifier(key).verify(foreign, now: Self.now, for: Self.request)
      }
      let token = Array(try Self.token(key).utf8)
      for place in stride(from: 0, to: token.count - 1, by: 7) {
        var changed = token
        changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        let text = String(decoding: changed, as: UTF8.self)
        #expect(throws: TokenDefect.self, "byte \(place)") {
          try Self.verifier(key).verify(text, now: Self.now, for: Self.request)
        }
      }
    }
  }

  @Test(arguments: [
    "", ".", "..", "a.b.c", "e30.e30.", "e30.e30.AA", "bnVsbA.bnVsbA.AA", "e30.e30",
  ])
  func `what is no token is no token`(text: String) throws {
    #expect(throws: TokenDefect.self) {
      try Self.verifier(try Self.key(.ed25519)).verify(text, now: Self.now, for: Self.request)
    }
  }
}

@Suite("Signatures beside other programs")
struct OtherProgramTests {
  /// A Python that has PyJWT and cryptography, if there is one.
  private static let python: String? = ["python3", "/usr/bin/python3"].first {
    (try? run($0, "import jwt, cryptography")) != nil
  }

  private static func run(_ python: String, _ script: String, _ input: [String] = []) throws
    -> String
  {
    let run = try FinishedProcess.holdingThread(python, ["-c", script] + input)
    try #require(run.code == 0)
    return run.outputText
  }

  @Test(
    .enabled(if: python != nil, "needs a Python with PyJWT and cryptography"),
    arguments: [KeyKind.es256, .ed25519])
  func `PyJWT takes our tokens, and we take PyJWT's`(kind: KeyKind) throws {
    let python = try #require(Self.python)
    let pem =
      kind == .es256 ? try Keys.p256() : try Keys.ed25519()
    let publicPEM = String(
      decoding: try Keys.openssl("pkey -pubout", input: Data(pem.utf8)), as: UTF8.self)
    let key = try PrivateKey(Secret(pem))
    let maker = WebToken(keyName: "organizations/a/apiKeys/ä\"b", key: key)
    let ours = maker.signed(uri: "GET h/p", now: 1_700_000_000, nonce: "0f").reveal()
    let script = """
      import jwt, sys, json
      token, private, public, algorithm = sys.argv[1:5]
      claims = jwt.decode(token, public, algorithms=[algorithm],
                          options={"verify_exp": False, "verify_aud": False})
      assert claims["uri"] == "GET h/p" and claims["exp"] - claims["nbf"] == 120, claims
      header = jwt.get_unverified_header(token)
      assert header["kid"] == claims["sub"] == 'organizations/a/apiKeys/ä"b', header
      print(jwt.encode(claims, private, algorithm=algorithm,
                       headers={"kid": claims["sub"], "nonce": "0f"}), end="")
      """
    let theirs = try Self.run(
      python, script, [ours, pem, publicPEM, WebToken.algorithm(of: kind)])
    let verifier = JWTVerifier(
      keys: [maker.keyName: try VerifyingKey(pem: publicPEM)])
    let purpose = JWTVerifier.Purpose.request(method: "GET", hosts: ["h"], path: "/p")
    #expect(try verifier.verify(theirs, now: 1_700_000_001, for: purpose) == maker.keyName)
  }
}
