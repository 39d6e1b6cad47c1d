import Configuration
import Testing

@Suite("Configuration files")
struct ConfigurationFileTests {
  static let unreadable: [(String, String)] = [
    (
      "/nowhere/a.yaml",
      "-c: cannot read '/nowhere/a.yaml': No such file or directory; check the path"
    ),
    ("/", "-c: cannot read '/': Is a directory; check the path"),
  ]

  @Test("What cannot be read is told with the system's reason", arguments: unreadable)
  func refuses(path: String, message: String) {
    #expect {
      try ConfigurationFile(path: path)
    } throws: { error in
      "\(error)" == message
    }
  }

  @Test("An endless file is read no further than it takes to refuse it")
  func endless() throws {
    let file = try ConfigurationFile(path: "/dev/zero")
    #expect(file.bytes.count > YAMLReader.maxBytes)
    #expect(file.bytes.count < 2 * YAMLReader.maxBytes)
  }

  @Test("The bytes are those of the file")
  func reads() throws {
    let file = try ConfigurationFile(path: #filePath)
    #expect(file.name == #filePath)
    #expect(file.bytes.starts(with: Array("import Configuration\n".utf8)))
  }
}
