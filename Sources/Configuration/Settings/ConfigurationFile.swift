import Glibc

/// A configuration file's bytes, under the name that messages give it.
public struct ConfigurationFile: Hashable, Sendable {
  /// The path as the user wrote it.
  public let name: String
  /// What the file holds.
  public let bytes: [UInt8]

  /// A file that is already in memory.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Reads a file, or a pipe, and no more of it than it takes to see that it is too large.
  ///
  /// - Throws: `ConfigurationError` with the path and the system's reason.
  public init(path: String) throws(ConfigurationError) {
    func failure() -> ConfigurationError {
      let cause = String(cString: strerror(errno))
      return ConfigurationError([.init(.argument("-c"), .unreadable(path: path, cause: cause))])
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= YAMLReader.maxBytes {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    self.init(name: path, bytes: bytes)
  }
}
