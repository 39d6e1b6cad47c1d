import Foundation
import Network
import Testing

@Suite("Whom a client trusts", .timeLimit(.minutes(10)))
struct TrustTests {
  /// What a request by a client with some trust ends with.
  private func error(
    trusting trust: Trust, identity: TLSIdentity, host: String = "127.0.0.1"
  ) async throws -> NetworkError? {
    let loop = try EventLoop()
    let server = try await WebServer.start(on: loop, identity: identity, handler: echo)
    let client = try HTTPClient(on: loop, trusting: trust)
    let endpoint = Endpoint(host: host, port: server.port, isSecure: true)
    let error = await failure { () async throws(NetworkError) in
      try await client.send(HTTPRequest(.post, "/orders", body: [1]), to: endpoint)
    }
    await loop.shutDown()
    return error
  }

  @Test func `an authority nobody added is refused, before anything is sent`() async throws {
    let error = try await error(
      trusting: .system, identity: try CertificateAuthority().issue())
    #expect(
      error?.problem == .untrusted("unable to get local issuer certificate")
        || error?.problem == .untrusted("self-signed certificate in certificate chain"))
    #expect(error?.mayHaveArrived == false)
    #expect(
      error?.description.hasSuffix(
        "Add its authority if it is your own; do not go on if it is not. Nothing was sent.") == true
    )
  }

  @Test func `another authority of the same name does not help`() async throws {
    let one = try CertificateAuthority()
    let other = try CertificateAuthority()
    let error = try await error(
      trusting: .nobody.adding(pem: other.certificate), identity: try one.issue())
    guard case .untrusted = error?.problem else {
      Issue.record("not refused as untrusted: \(String(describing: error))")
      return
    }
  }

  @Test func `a certificate for another host is refused`() async throws {
    let authority = try CertificateAuthority()
    let trust = Trust.nobody.adding(pem: authority.certificate)
    let other = try authority.issue(names: ["example.com"], addresses: [])
    #expect(
      try await error(trusting: trust, identity: other)?.problem
        == .untrusted("IP address mismatch"))
    #expect(
      try await error(trusting: trust, identity: other, host: "localhost")?.problem
        == .untrusted("hostname mismatch"))
  }

  @Test func `a certificate that has expired is refused`() async throws {
    let authority = try CertificateAuthority()
    let old = try authority.issue(days: -1)
    #expect(
      try await error(
        trusting: .nobody.adding(pem: authority.certificate), identity: old)?.problem
        == .untrusted("certificate has expired"))
  }

  @Test func `an authority is read from a file too`() async throws {
    let authority = try CertificateAuthority()
    let file = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID()).pem")
    try Data(authority.certificate.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let identity = try authority.issue()
    #expect(try await error(trusting: .nobody.adding(file: file.path), identity: identity) == nil)
    #expect(try await error(trusting: .system.adding(file: file.path), identity: identity) == nil)
    #expect(try await error(trusting: .nobody, identity: identity)?.mayHaveArrived == false)
  }

  @Test func `what is no certificate or key is refused with its place`() async throws {
    let loop = try EventLoop()
    let authority = try CertificateAuthority()
    let good = try authority.issue()
    #expect(
      throws: NetworkError(
        .badCertificate("the file cannot be read: no such file or directory"), at: "/nowhere/ca.pem"
      )
    ) { try HTTPClient(on: loop, trusting: .nobody.adding(file: "/nowhere/ca.pem")) }
    #expect(throws: NetworkError(.badCertificate("there is no certificate in the PEM"), at: "TLS"))
    {
      try HTTPClient(on: loop, trusting: .nobody.adding(pem: "nothing"))
    }
    #expect(throws: NetworkError(.badCertificate("the certificate is damaged"), at: "TLS")) {
      try HTTPClient(
        on: loop,
        trusting: .nobody.adding(pem: authority.certificate.replacing("MII", with: "@@@")))
    }
    let other = try authority.issue()
    for (identity, why) in [
      (
        TLSIdentity(certificate: good.certificate, key: other.key),
        "the key does not belong to the certificate"
      ),
      (TLSIdentity(certificate: good.certificate, key: "x"), "the key is no private key in PEM"),
      (TLSIdentity(certificate: "x", key: good.key), "there is no certificate in the PEM"),
    ] {
      let error = await failure { () async throws(NetworkError) in
        try await WebServer.start(on: loop, identity: identity, handler: echo)
      }
      #expect(error?.problem == .badCertificate(why))
    }
    await loop.shutDown()
  }

  @Test func `a port that does not speak TLS is an error of TLS`() async throws {
    try await Net.run { net in
      let plain = try await net.servePlain(echo)
      let error = await failure { () async throws(NetworkError) in
        try await net.client.send(
          HTTPRequest(.get, "/"), to: Endpoint(host: "127.0.0.1", port: plain.port, isSecure: true))
      }
      guard case .tls = error?.problem else {
        Issue.record("not an error of TLS: \(String(describing: error))")
        return
      }
      #expect(error?.mayHaveArrived == false)
    }
  }
}
