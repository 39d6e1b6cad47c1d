import Foundation
import Market
import Secrets
import TestKit
import Testing

@testable import Credentials
@testable import LiveBroker

@Suite("Signed requests")
struct RequestSignerTests {
  private func signer(_ kind: KeyKind) throws -> (RequestSigner, ExchangeCredentials) {
    let credentials = try ExchangeCredentials(
      name: "key-1", secret: ThrowawayKey.make(kind),
      passphrase: kind == .hmac ? Secret("pass") : nil, source: .environment)
    return (RequestSigner(credentials), credentials)
  }

  private let now = Timestamp(nanoseconds: 1_700_000_000_900_000_000)

  @Test(arguments: [KeyKind.es256, .ed25519])
  func `a token is for this request, without its query`(kind: KeyKind) throws {
    let (signer, credentials) = try signer(kind)
    let request = AdvancedTrade.balances(after: "x").request
    let headers = signer.headers(
      for: request, host: "localhost:8443", now: now, nonce: "0a")
    #expect(headers.map(\.name) == ["Authorization"])
    let value = try #require(headers.first?.value.reveal())
    guard case .token(let key) = credentials.signer else { return }
    let verifier = JWTVerifier(keys: ["key-1": VerifyingKey(of: key)])
    let purpose = JWTVerifier.Purpose.request(
      method: "GET", hosts: ["localhost:8443"], path: "/api/v3/brokerage/accounts")
    #expect(value.hasPrefix("Bearer "))
    #expect(
      try verifier.verify(String(value.dropFirst(7)), now: 1_700_000_000, for: purpose) == "key-1")
    let token = try #require(signer.subscriptionToken(now: now, nonce: "0b"))
    #expect(
      try verifier.verify(token.reveal(), now: 1_700_000_000, for: .subscription) == "key-1")
    #expect(signer.subscriptionProof(now: now) == nil && signer.api == .advancedTrade)
    #expect(!"\(headers)".contains(value.suffix(20)))
  }

  @Test func `the Exchange's headers sign path, query and body`() throws {
    let (signer, credentials) = try signer(.hmac)
    guard case .hmac(let secret, _) = credentials.signer else { return }
    let key = try #require(HMACKey(secret))
    let wish = OrderWish(
      Order(
        id: Samples.ownID, side: .buy, limit: 1, quantity: 1, submitted: Timestamp(seconds: 0)),
      productID: "A-B")
    for request in [
      ExchangeREST.fills(ofProduct: "A-B").request, ExchangeREST.place(wish).request,
    ] {
      let headers = Dictionary(
        uniqueKeysWithValues: signer.headers(for: request, host: "h", now: now, nonce: "")
          .map { ($0.name, $0.value.reveal()) })
      #expect(headers["CB-ACCESS-KEY"] == "key-1" && headers["CB-ACCESS-PASSPHRASE"] == "pass")
      #expect(headers["CB-ACCESS-TIMESTAMP"] == "1700000000")
      #expect(
        key.isSignature(
          headers["CB-ACCESS-SIGN"] ?? "", timestamp: "1700000000",
          method: request.method.rawValue, path: request.target, body: request.body))
    }
    let proof = try #require(signer.subscriptionProof(now: now))
    #expect(proof.signature == key.subscribeSignature(timestamp: "1700000000"))
    #expect(signer.subscriptionToken(now: now, nonce: "") == nil && signer.api == .exchange)
  }
}
