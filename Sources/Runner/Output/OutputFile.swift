import Glibc

/// A file that appears whole or not at all: written beside its place, then moved there.
struct OutputFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isDone = false

  /// Opens a file for writing; `-` is standard output, which is written as it comes.
  init(_ path: String) throws(OutputError) {
    self.path = path
    if path == "-" {
      temporary = ""
      descriptor = STDOUT_FILENO
    } else {
      temporary = "\(path).part-\(getpid())"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw OutputError(path: path, cause: SystemError(number: errno))
      }
    }
    buffer.reserveCapacity(1 << 16)
  }

  deinit {
    guard path != "-" else { return }
    close(descriptor)
    if !isDone { unlink(temporary) }
  }

  /// Adds bytes.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Moves the file to its place.
  mutating func finish() throws(OutputError) {
    try flush()
    guard path != "-" else { return }
    guard rename(temporary, path) == 0 else {
      throw OutputError(path: path, cause: SystemError(number: errno))
    }
    isDone = true
  }

  private mutating func flush() throws(OutputError) {
    let result = buffer.withUnsafeBytes { bytes in
      Result { () throws(SystemError) in try Output.writeAll(bytes, to: descriptor) }
    }
    if case .failure(let cause) = result { throw OutputError(path: path, cause: cause) }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// A file that could not be written.
struct OutputError: Error, Hashable, CustomStringConvertible {
  let path: String
  let cause: SystemError

  var description: String {
    "cannot write \(path): \(cause). Choose another place, or make room there."
  }
}
