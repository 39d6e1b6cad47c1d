import Glibc

/// Files that hold secrets, which nobody but their owner may read.
public enum SecretFile {
  /// More than a key or a password ever has.
  private static let maxBytes = 65_536

  /// Reads a file, or a pipe.
  ///
  /// - Throws: `SecretFileError` where others may read it, or it cannot be read.
  public static func bytes(path: String) throws(SecretFileError) -> [UInt8] {
    func failure() -> SecretFileError {
      SecretFileError(path: path, problem: .unreadable(String(cString: strerror(errno))))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    // Of the file that is open: a path may lead elsewhere a moment later.
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & 0o077 == 0 else {
      throw SecretFileError(path: path, problem: .readableByOthers(mode: status.st_mode & 0o777))
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= maxBytes else { throw SecretFileError(path: path, problem: .tooLarge) }
    }
  }

  /// Writes a file that nobody but its owner may read; it appears whole or not at all.
  ///
  /// - Throws: `SecretFileError` where it cannot be written.
  public static func write(_ content: Secret, path: String) throws(SecretFileError) {
    func failure() -> SecretFileError {
      SecretFileError(path: path, problem: .unwritable(String(cString: strerror(errno))))
    }
    let temporary = "\(path).part-\(getpid())"
    // What a killed process of the same number left behind.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure() }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    var bytes = Array(content.reveal().utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure() }
      bytes.removeFirst(count)
    }
    guard rename(temporary, path) == 0 else { throw failure() }
  }

  /// Makes a folder for files of secrets, and those that it is in, where they are missing.
  ///
  /// - Throws: `SecretFileError` where it cannot be made.
  public static func makeFolder(path: String) throws(SecretFileError) {
    let parts = path.split(separator: "/")
    for count in parts.indices {
      let prefix = (path.hasPrefix("/") ? "/" : "") + parts[...count].joined(separator: "/")
      let isLast = count + 1 == parts.count
      guard mkdir(prefix, isLast ? 0o700 : 0o755) != 0 else { continue }
      var number = errno
      // Where a parent cannot be made, the last one says why.
      guard isLast else { continue }
      if number == EEXIST {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        number = ENOTDIR
      }
      throw SecretFileError(
        path: path, problem: .unwritable(String(cString: strerror(number))))
    }
  }

  /// Reads a file that holds a password and nothing else; a newline at its end is not part of it.
  ///
  /// - Throws: `SecretFileError`, also where the file is empty or has several lines.
  public static func password(path: String) throws(SecretFileError) -> Secret {
    var bytes = try bytes(path: path)[...]
    if bytes.last == UInt8(ascii: "\n") { bytes = bytes.dropLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
    guard !bytes.isEmpty, !bytes.contains(where: { [0, 10, 13].contains($0) }),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw SecretFileError(path: path, problem: .notOneLine) }
    return Secret(text)
  }
}

/// Why a file of secrets was not taken.
public struct SecretFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Hashable, Sendable {
    /// What the system says.
    case unreadable(String)
    /// It cannot be made or written; what the system says.
    case unwritable(String)
    /// Group or others have permissions.
    case readableByOthers(mode: UInt32)
    /// This is no key and no password.
    case tooLarge
    /// Empty, several lines, or no text.
    case notOneLine
  }

  /// The file.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// One line for the user, without anything of the file.
  public var description: String { "\(fact). \(advice)" }

  /// What is wrong, without a full stop.
  public var fact: String {
    switch problem {
    case .unreadable(let reason): "cannot read \(path): \(reason)"
    case .unwritable(let reason): "cannot write \(path): \(reason)"
    case .readableByOthers(let mode):
      "\(path) holds a secret, and others may read it (mode \(String(mode, radix: 8)))"
    case .tooLarge: "\(path) is too large to hold a secret"
    case .notOneLine: "\(path) does not hold a password"
    }
  }

  /// What to do.
  public var advice: String {
    switch problem {
    case .unreadable: "Check the path."
    case .unwritable: "Choose another place, or make room there."
    case .readableByOthers: "Run: chmod 600 \(path)"
    case .tooLarge: "Is this the right file?"
    case .notOneLine: "Write it on one line, and nothing else."
    }
  }
}
