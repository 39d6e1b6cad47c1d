import Credentials
import Foundation
import Network
import Sandbox
import Secrets
import Testing

@Suite("The folder of credentials")
struct CredentialFolderTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "ratchet-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path(percentEncoded: false))
  }

  private func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(stat(path, &status) == 0, "\(path)")
    return status.st_mode & 0o777
  }

  private func object(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func `it holds what clients read, for their owner alone`() throws {
    try withFolder { root in
      let path = "\(root)/in/keys"
      let (credentials, authority) = (SandboxCredentials(), try CertificateAuthority())
      let folder = CredentialFolder(
        credentials, authority: authority.certificate, addresses: .init(authority: "127.0.0.1:84"))
      try folder.write(to: path)
      let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      #expect(
        names
          == [
            "advanced-ed25519.json", "advanced-es256.json", "ca.pem", "exchange.json", "urls.json",
          ])
      #expect(try mode(path) == 0o700)
      for name in names { #expect(try mode("\(path)/\(name)") == 0o600, "\(name)") }

      #expect(
        try String(contentsOfFile: "\(path)/ca.pem", encoding: .utf8).hasPrefix(
          authority.certificate))
      let es256 = try object("\(path)/advanced-es256.json")
      #expect(Set(es256.keys) == ["name", "privateKey"])
      #expect(es256["name"] as? String == credentials.es256.name)
      #expect(
        (es256["privateKey"] as? String)?.hasPrefix("-----BEGIN EC PRIVATE KEY-----\n") == true)
      let ed25519 = try object("\(path)/advanced-ed25519.json")
      let key = try #require(ed25519["privateKey"] as? String)
      #expect(Data(base64Encoded: key)?.count == 64)
      let exchange = try object("\(path)/exchange.json")
      #expect(Set(exchange.keys) == ["key", "passphrase", "secret"])
      let secret = try #require(exchange["secret"] as? String)
      #expect(Data(base64Encoded: secret)?.count == 64)
      let urls = try object("\(path)/urls.json")
      for api in ["advanced", "exchange"] {
        #expect(
          urls[api] as? [String: String]
            == ["rest": "https://127.0.0.1:84", "websocket": "wss://127.0.0.1:84"])
      }
    }
  }

  @Test func `our own client finds the keys there, each of its kind`() throws {
    try withFolder { path in
      let credentials = SandboxCredentials()
      try CredentialFolder(credentials, authority: "", addresses: .init(authority: "x:1"))
        .write(to: path)
      for (file, kind, name) in [
        ("advanced-es256", KeyKind.es256, credentials.es256.name),
        ("advanced-ed25519", .ed25519, credentials.ed25519.name),
        ("exchange", .hmac, credentials.exchange.key),
      ] {
        let found = try CredentialFinder(keyFile: "\(path)/\(file).json") { _ in nil }.find()
        #expect(found.kind == kind && found.name == name)
      }
    }
  }

  @Test func `written again it holds the new keys, and no others`() throws {
    try withFolder { path in
      for _ in 0..<2 {
        let credentials = SandboxCredentials()
        try CredentialFolder(credentials, authority: "a", addresses: .init(authority: "x:1"))
          .write(to: path)
        #expect(
          try object("\(path)/exchange.json")["key"] as? String == credentials.exchange.key)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 5)
    }
  }

  @Test func `a file in the place of the folder is named`() throws {
    try withFolder { path in
      try Data().write(to: URL(filePath: path))
      let folder = CredentialFolder(
        SandboxCredentials(), authority: "a", addresses: .init(authority: "x:1"))
      let error = #expect(throws: SecretFileError.self) { try folder.write(to: path) }
      #expect(
        error?.description
          == "cannot write \(path): Not a directory. Choose another place, or make room there.")
    }
  }

  @Test func `no two sandboxes have a key in common, and nobody prints one`() {
    let (one, other) = (SandboxCredentials(), SandboxCredentials())
    #expect(one.es256.name != other.es256.name && one.exchange.key != other.exchange.key)
    #expect(one.es256.name != one.ed25519.name)
    #expect(one.exchange.secret.reveal() != other.exchange.secret.reveal())
    var text = ""
    dump(one, to: &text)
    #expect(!text.contains(one.exchange.secret.reveal()))
    #expect(!text.contains(one.ed25519.privateKey.reveal()))
  }

  @Test("In the process they are values", arguments: [KeyKind.es256, .ed25519, .hmac])
  func values(kind: KeyKind) {
    let client = SandboxCredentials().clientCredentials(kind)
    #expect(client.kind == kind)
    #expect(client.source == .sandbox)
  }
}
