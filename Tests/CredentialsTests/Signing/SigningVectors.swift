import Foundation

/// The vectors of ../shared, made with the official libraries; not part of this repository.
enum SigningVectors {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `RATCHET_SHARED` names the folder, as for scripts/conformance.
  static let file: URL =
    (ProcessInfo.processInfo.environment["RATCHET_SHARED"].map { URL(filePath: $0) }
    ?? root.appending(path: "../shared")).appending(path: "vectors/coinbase-signing.json")

  static let arePresent = FileManager.default.fileExists(
    atPath: file.path(percentEncoded: false))

  static func load() throws -> Vectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: Data(contentsOf: file))
  }

  struct Vectors: Decodable {
    let exchangeHmac: HMAC
    let jwt: JWT
  }

  struct HMAC: Decodable {
    struct Case: Decodable {
      let name: String
      let secretBase64: Pieces
      let timestamp: String
      let method: String
      let requestPath: String
      let body: String
      let signature: String
    }
    let cases: [Case]
  }

  struct JWT: Decodable {
    struct Token: Decodable {
      let name: String
      let algorithm: String
      let keyForm: String
      let keyName: String
      let requestUri: String?
      let now: Int64
      let nonce: String
      let headerBytesAsThisLibraryWrites: String
      let claimsBytesAsThisLibraryWrites: String
      let tokenParts: [String]
    }
    struct Keys: Decodable {
      struct ES256: Decodable {
        let privateSec1Pem: Pieces
        let privatePkcs8Pem: Pieces
        let publicSpkiPem: Pieces
      }
      struct Ed25519: Decodable {
        let seedAndPublicKey: Pieces
        let seed: Pieces
        let privatePkcs8Pem: Pieces
        let publicSpkiPem: Pieces

        enum CodingKeys: String, CodingKey {
          case seedAndPublicKey = "privateBase6464BytesSeedThenPublic"
          case seed = "privateBase6432BytesSeed"
          case privatePkcs8Pem
          case publicSpkiPem
        }
      }
      let es256: ES256
      let ed25519: Ed25519
    }
    let keys: Keys
    let tokens: [Token]

    /// The text of the private key in the form that a token was made with.
    func privateKey(_ form: String) -> String? {
      switch form {
      case "ES256": keys.es256.privateSec1Pem.text
      case "ES256_pkcs8_pem": keys.es256.privatePkcs8Pem.text
      case "EdDSA_raw64": keys.ed25519.seedAndPublicKey.text
      case "EdDSA_raw32": keys.ed25519.seed.text
      case "EdDSA_pkcs8_pem": keys.ed25519.privatePkcs8Pem.text
      default: nil
      }
    }
  }

  /// A text in pieces: chunks, or the lines of a PEM.
  struct Pieces: Decodable {
    let chunks: [String]?
    let pemLabel: String?
    let pemLines: [String]?

    var text: String {
      if let chunks { return chunks.joined() }
      let label = pemLabel ?? ""
      return (["-----BEGIN \(label)-----"] + (pemLines ?? []) + ["-----END \(label)-----", ""])
        .joined(separator: "\n")
    }
  }
}
