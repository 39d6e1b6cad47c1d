import Glibc

/// A file that appears whole or not at all: written beside its place, then moved there.
///
/// Standard output, devices and pipes have no such place and are written as it comes.
struct OutputFile: ~Copyable {
  private let path: String
  /// Where the file will be; not `path` where that is a symbolic link.
  private let place: String
  /// Where it is until then; `nil` where bytes go straight to their place.
  private let temporary: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Opens a file for writing; `-` is standard output.
  init(_ path: String) throws(OutputError) {
    self.path = path
    if path == "-" {
      (place, temporary, descriptor) = (path, nil, STDOUT_FILENO)
      return
    }
    var status = stat()
    let isThere = stat(path, &status) == 0
    let isFolder = isThere && status.st_mode & S_IFMT == S_IFDIR
    if isThere, !isFolder, status.st_mode & S_IFMT != S_IFREG {  // Such as /dev/null.
      (place, temporary) = (path, nil)
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      place = isThere ? Self.resolved(path) : path
      let temporary = "\(place).part-\(getpid())"
      self.temporary = temporary
      descriptor =
        isFolder ? -1 : open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else {
      throw OutputError(path: path, cause: SystemError(number: isFolder ? EISDIR : errno))
    }
  }

  deinit {
    guard path != "-", descriptor >= 0 else { return }
    close(descriptor)
    // Once the file has been moved, nothing is there, and nothing happens.
    if let temporary { unlink(temporary) }
  }

  /// A path without symbolic links, so that the file is replaced and not the link to it.
  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Makes a folder, unless it is there.
  static func makeFolder(_ path: String) throws(OutputError) {
    guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
    throw OutputError(path: path, cause: SystemError(number: errno))
  }

  /// Makes a folder, and those that it is in, where they are not there.
  static func makeFolders(_ path: String) throws(OutputError) {
    let parts = path.split(separator: "/")
    for count in parts.indices {
      let prefix = (path.hasPrefix("/") ? "/" : "") + parts[...count].joined(separator: "/")
      // Where a parent cannot be made, the last one says why.
      if count + 1 < parts.count { mkdir(prefix, 0o755) } else { try makeFolder(prefix) }
    }
  }

  /// Adds bytes.
  mutating func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Moves the file to its place.
  mutating func finish() throws(OutputError) {
    try flush()
    guard let temporary else { return }
    guard rename(temporary, place) == 0 else {
      throw OutputError(path: path, cause: SystemError(number: errno))
    }
  }

  private mutating func flush() throws(OutputError) {
    if Interruption.signal != nil, path != "-" {
      throw OutputError(path: path, cause: SystemError(number: EINTR))
    }
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
    path == "-"
      ? "cannot write to standard output: \(cause)"
      : "cannot write \(path): \(cause). Choose another place, or make room there."
  }
}
