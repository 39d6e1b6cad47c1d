import Foundation
import Secrets
import Testing

@Suite("Files of secrets")
struct SecretFileTests {
  private func withFile(
    _ bytes: [UInt8], mode: mode_t = 0o600, _ body: (String) throws -> Void
  ) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "ratchet-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let path = url.path(percentEncoded: false)
    chmod(path, mode)
    try body(path)
  }

  @Test(
    "A password is the line, without its end",
    arguments: ["word\n", "word", "word\r\n"])
  func password(_ text: String) throws {
    try withFile(Array(text.utf8)) { path in
      let password = try SecretFile.password(path: path)
      #expect(password.reveal() == "word")
    }
  }

  @Test func `spaces belong to it`() throws {
    try withFile(Array(" a b \n".utf8)) { path in
      let password = try SecretFile.password(path: path)
      #expect(password.reveal() == " a b ")
    }
  }

  @Test(
    "What is no single line of text is refused, without telling it",
    arguments: [[], [10], [97, 10, 98, 10], [0x68, 0xff], [97, 0, 98]] as [[UInt8]])
  func notOneLine(_ bytes: [UInt8]) throws {
    try withFile(bytes) { path in
      let error = #expect(throws: SecretFileError.self) { _ = try SecretFile.password(path: path) }
      #expect(error?.problem == .notOneLine)
      #expect(
        error?.description == "\(path) does not hold a password. Write it on one line, and "
          + "nothing else.")
    }
  }

  @Test(
    "Others must not be able to read it", arguments: [0o640, 0o604, 0o660, 0o620, 0o601, 0o777])
  func others(_ mode: mode_t) throws {
    try withFile(Array("word".utf8), mode: mode) { path in
      let error = #expect(throws: SecretFileError.self) { _ = try SecretFile.bytes(path: path) }
      #expect(error?.problem == .readableByOthers(mode: mode))
      #expect(error?.description.hasSuffix("Run: chmod 600 \(path)") == true)
      chmod(path, 0o600)
      let bytes = try SecretFile.bytes(path: path)
      #expect(bytes == Array("word".utf8))
    }
  }

  @Test func `an absent file, a folder and a huge file are refused`() throws {
    let absent = #expect(throws: SecretFileError.self) {
      _ = try SecretFile.bytes(path: "/nowhere/x")
    }
    #expect(
      absent?.description == "cannot read /nowhere/x: No such file or directory. Check the path.")
    try withFile(Array(repeating: 97, count: 70_000)) { path in
      let error = #expect(throws: SecretFileError.self) { _ = try SecretFile.bytes(path: path) }
      #expect(error?.problem == .tooLarge)
    }
  }

  @Test func `what is written is for its owner alone, and read back as it was`() throws {
    try withFile([1, 2, 3], mode: 0o644) { path in
      try SecretFile.write(Secret("a b\n"), path: path)
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
      #expect(try SecretFile.bytes(path: path) == Array("a b\n".utf8))
    }
  }

  @Test func `what cannot be written says why`() throws {
    try withFile([]) { path in
      let error = #expect(throws: SecretFileError.self) {
        try SecretFile.write(Secret("x"), path: "\(path)/x")
      }
      #expect(
        error?.description
          == "cannot write \(path)/x: Not a directory. Choose another place, or make room there.")
      #expect(throws: SecretFileError.self) { try SecretFile.makeFolder(path: path) }
    }
  }
}
