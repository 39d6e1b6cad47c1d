import Foundation
import TestKit
import Testing

/// Keys made on the spot by the program openssl; none is ever used for anything.
enum Keys {
  /// What openssl writes.
  static func openssl(_ arguments: String, input: Data = Data()) throws -> Data {
    let words = arguments.split(separator: " ").map(String.init)
    let run = try FinishedProcess.holdingThread("openssl", words, input: [UInt8](input))
    try #require(run.code == 0, "openssl \(arguments)")
    return Data(run.output)
  }

  static func pem(_ arguments: String) throws -> String {
    String(decoding: try openssl(arguments), as: UTF8.self)
  }

  static func p256() throws -> String {
    try pem("ecparam -name prime256v1 -genkey -noout")
  }

  static func ed25519() throws -> String { try pem("genpkey -algorithm ed25519") }

  /// Seed and public key, which are the ends of what openssl writes in DER.
  static func ed25519Halves() throws -> (seed: Data, publicKey: Data) {
    let pem = Data(try ed25519().utf8)
    return (
      try openssl("pkey -outform DER", input: pem).suffix(32),
      try openssl("pkey -pubout -outform DER", input: pem).suffix(32)
    )
  }
}
