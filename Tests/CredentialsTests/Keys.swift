import Foundation
import Testing

/// Keys made on the spot by the program openssl; none is ever used for anything.
enum Keys {
  /// What openssl writes.
  static func openssl(_ arguments: String, input: Data = Data()) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    let (output, toProgram) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = toProgram
    try process.run()
    try toProgram.fileHandleForWriting.write(contentsOf: input)
    try toProgram.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
    return data
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
