import Foundation
import Secrets
import Testing

@testable import Credentials

@Suite("Where credentials come from")
struct CredentialFinderTests {
  private let home: URL
  private let marker = "swordfish"

  init() throws {
    home = FileManager.default.temporaryDirectory.appending(path: "ratchet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
  }

  private func path(_ name: String) -> String {
    home.appending(path: name).path(percentEncoded: false)
  }

  @discardableResult
  private func write(_ object: [String: Any], to name: String, mode: mode_t = 0o600) throws
    -> String
  {
    try JSONSerialization.data(withJSONObject: object).write(to: home.appending(path: name))
    chmod(path(name), mode)
    return path(name)
  }

  private func find(_ variables: [String: String] = [:], keyFile: String? = nil) throws
    -> ExchangeCredentials
  {
    let all = variables.merging(["HOME": String(path("").dropLast())]) { $1 }
    return try CredentialFinder(keyFile: keyFile) { all[$0] }.find()
  }

  private func error(_ variables: [String: String] = [:], keyFile: String? = nil) throws
    -> CredentialError
  {
    try #require(throws: CredentialError.self) { _ = try find(variables, keyFile: keyFile) }
  }

  @Test func `the environment wins over the file that is named, and that over the home's`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let (es256, ed25519) = (try Keys.p256(), try Keys.ed25519())
    let named = try write(
      ["name": "organizations/a/apiKeys/0000-1111", "privateKey": es256, "nickname": "x"],
      to: "key.json")
    let homeFile = try write(["id": "5c1d", "privateKey": ed25519], to: ".coinbase_config.json")
    let variables = [
      "CB_API_KEY": "short", "CB_API_SECRET": Data("a secret".utf8).base64EncodedString(),
      "CB_API_PASSPHRASE": "p",
    ]
    let first = try find(variables, keyFile: named)
    #expect(first.source == .environment && first.kind == .hmac && first.name == "short")
    #expect(first.kind.api == "Exchange")
    let second = try find(keyFile: named)
    #expect(second.source == .keyFile(named) && second.kind == .es256)
    #expect(second.nameEnd == "…1111")
    let third = try find()
    #expect(third.kind == .ed25519 && third.name == "5c1d" && third.nameEnd == "…")
    #expect(third.source == .homeFile(homeFile))
    let fourth = try find(["CB_API_KEY": "", "CB_API_SECRET": ""], keyFile: named)
    #expect(fourth.source == .keyFile(named), "an empty variable is none")
  }

  @Test func `our own form has key, secret and perhaps a passphrase`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let secret = Data(repeating: 7, count: 64).base64EncodedString()
    for (key, name) in [("key", "secret"), ("api_key", "api_secret")] {
      let file = try write([key: "k", name: secret, "passphrase": "p"], to: "own.json")
      let found = try find(keyFile: file)
      #expect(found.kind == .hmac && found.name == "k")
      guard case .hmac(let found, let passphrase) = found.signer else { continue }
      #expect(found.reveal() == secret && passphrase.reveal() == "p")
    }
    let token = try write(["key": "k", "secret": try Keys.ed25519()], to: "own.json")
    #expect(try find(keyFile: token).kind == .ed25519)
  }

  @Test func `nowhere is said with all the places`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let message = try error().description
    for word in ["CB_API_KEY and CB_API_SECRET", "exchange.key_file", ".coinbase_config.json"] {
      #expect(message.contains(word))
    }
    let lost = #expect(throws: CredentialError.self) {
      _ = try CredentialFinder(keyFile: nil) { _ in nil }.find()
    }
    #expect(lost?.description.hasSuffix("put that file at ~/.coinbase_config.json") == true)
  }

  @Test func `half of them in the environment is an error, not a reason to look elsewhere`() throws
  {
    defer { try? FileManager.default.removeItem(at: home) }
    let file = try write(["name": "a", "privateKey": try Keys.p256()], to: "key.json")
    for (variables, missing) in [
      (["CB_API_KEY": "k"], "CB_API_SECRET"), (["CB_API_SECRET": marker], "CB_API_KEY"),
      (["CB_API_PASSPHRASE": marker], "CB_API_KEY"),
    ] {
      let error = try error(variables, keyFile: file)
      #expect(error.problem == .missing([missing]))
      #expect(
        error.description.contains("\(missing) is missing; set it, or unset the other CB_API_"))
      #expect(!error.description.contains(marker))
    }
  }

  @Test func `a file that others may read is refused with the command that mends it`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    for name in ["key.json", ".coinbase_config.json"] {
      let file = try write(["name": "a", "privateKey": try Keys.p256()], to: name, mode: 0o640)
      let error = try error(keyFile: name == "key.json" ? file : nil)
      #expect(error.description.contains("others may read it (mode 640). Run: chmod 600 "))
      try FileManager.default.removeItem(atPath: file)
    }
    #expect(try error(keyFile: path("none.json")).description.contains("No such file or directory"))
  }

  @Test func `what is wrong in a file is said without repeating any of it`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    for (text, message) in [
      ("{\"name\": \"\(marker)\"", "is no JSON object (line 1, column"),
      ("[\"\(marker)\"]", "is no JSON object"), ("\(marker)", "is no JSON object"),
      ("", "is no JSON"),
      ("{\"name\": \"a\", \"name\": \"\(marker)\"}", "is no JSON object"),
      ("{\"name\": \"\(marker)\"}", "name and privateKey, or key and secret are missing"),
      ("{\"privateKey\": \"\(marker)\"}", "name is missing"),
      ("{\"key\": \"\(marker)\"}", "secret is missing"),
      ("{\"secret\": \"\(marker)\"}", "key is missing"),
      ("{\"name\": \"a\", \"privateKey\": \"\(marker)!\"}", "the key is neither PEM nor base64"),
      ("{\"name\": \"a\", \"privateKey\": 7}", "are missing"),
      (
        "{\"key\": \"a\", \"secret\": \"\(marker)!\", \"passphrase\": \"\(marker)\"}",
        "the secret of an Exchange key is base64, and this is none"
      ),
      (
        "{\"key\": \"a\", \"secret\": \"-----BEGIN \(marker)\", \"passphrase\": \"\(marker)\"}",
        "a PEM key has no passphrase"
      ),
      (
        "{\"key\": \"a\", \"secret\": \"\(Data(repeating: 1, count: 64).base64EncodedString())\"}",
        "if it is a key of the Exchange, give its passphrase too"
      ),
    ] {
      try Data(text.utf8).write(to: home.appending(path: "key.json"))
      chmod(path("key.json"), 0o600)
      let description = try error(keyFile: path("key.json")).description
      #expect(description.contains("key.json (exchange.key_file): "), "\(text)")
      #expect(description.contains(message), "\(text): \(description)")
      #expect(!description.contains(marker), "\(description)")
    }
  }

  @Test func `printed, they tell nothing`() throws {
    defer { try? FileManager.default.removeItem(at: home) }
    let secret = Data("swordfish-swordfish".utf8).base64EncodedString()
    let found = try find([
      "CB_API_KEY": "k", "CB_API_SECRET": secret, "CB_API_PASSPHRASE": "swordfish",
    ])
    var dumped = ""
    dump(found, to: &dumped)
    for text in ["\(found)", String(reflecting: found), dumped] {
      #expect(!text.contains(secret) && !text.contains("swordfish"), "\(text)")
    }
  }
}
