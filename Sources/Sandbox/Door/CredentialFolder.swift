import JSON
package import Secrets

/// The folder in which clients find what they need to speak with a sandbox.
///
/// The key files have the form of Coinbase's own, so that a client is told the same file name on the
/// exchange and here.
package struct CredentialFolder: Sendable {
  /// Addresses of the sandbox, without a path.
  package struct Addresses: Hashable, Sendable {
    /// Of REST, `https://127.0.0.1:8443`.
    package var rest: String
    /// Of the WebSocket, `wss://127.0.0.1:8443`.
    package var webSocket: String

    /// The addresses of a port on this machine, which are those of both APIs.
    package init(authority: String) {
      rest = "https://\(authority)"
      webSocket = "wss://\(authority)"
    }
  }

  /// A file in it.
  struct File: Sendable {
    var name: String
    var content: Secret
  }

  /// The files, each whole.
  let files: [File]

  /// What such a folder holds.
  ///
  /// - Parameters:
  ///   - credentials: The keys.
  ///   - authority: The certificate that clients are to trust, in PEM.
  ///   - addresses: Where the sandbox is.
  package init(
    _ credentials: SandboxCredentials, authority: String, addresses: Addresses
  ) {
    func advanced(_ name: String, _ key: SandboxCredentials.AdvancedKey) -> File {
      Self.file(
        name,
        [
          ("name", .string(key.name)), ("privateKey", .string(key.privateKey.reveal())),
        ])
    }
    let exchange = credentials.exchange
    let api = JSONTree.object([
      ("rest", .string(addresses.rest)), ("websocket", .string(addresses.webSocket)),
    ])
    files = [
      File(name: "ca.pem", content: Secret(authority)),
      advanced("advanced-es256.json", credentials.es256),
      advanced("advanced-ed25519.json", credentials.ed25519),
      Self.file(
        "exchange.json",
        [
          ("key", .string(exchange.key)), ("secret", .string(exchange.secret.reveal())),
          ("passphrase", .string(exchange.passphrase.reveal())),
        ]),
      Self.file("urls.json", [("advanced", api), ("exchange", api)]),
    ]
  }

  private static func file(_ name: String, _ members: [(key: String, value: JSONTree)]) -> File {
    File(
      name: name,
      content: Secret(String(decoding: JSONTree.object(members).bytes, as: UTF8.self) + "\n"))
  }

  /// Writes the files, for their owner alone; makes the folder where it is missing.
  ///
  /// `urls.json` is the last, so that whoever waits for it finds the others.
  ///
  /// - Throws: `SecretFileError` where a file or the folder cannot be made.
  package func write(to folder: String) throws(SecretFileError) {
    try SecretFile.makeFolder(path: folder)
    for file in files {
      try SecretFile.write(file.content, path: "\(folder)/\(file.name)")
    }
  }
}
