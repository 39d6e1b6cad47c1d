import Glibc
import Hashing
import Reporting

/// Which file a path led to before it was read, so that what is said about it afterwards is true.
struct FileIdentity {
  private let path: String
  private let before: stat

  /// The file at a path now; whether it can be read shows when it is read.
  init(path: String) {
    self.path = path
    var status = stat()
    stat(path, &status)
    before = status
  }

  /// Its size then; 0 of a pipe.
  var megabytes: Double { Double(before.st_size) / 1e6 }

  /// Whether two paths lead to one file, so that writing one would destroy the other.
  static func areSame(_ left: String, _ right: String) -> Bool {
    var (a, b) = (stat(), stat())
    guard stat(left, &a) == 0, stat(right, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// Whether a path leads to a file that can be read twice, unlike a pipe.
  static func isRegular(_ path: String) -> Bool { size(of: path) != nil }

  /// How many bytes a file has; `nil` where it is none, or a pipe.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Its length and SHA-256, read once more from the start, in chunks.
  ///
  /// A pipe or device cannot be read twice and has neither.
  ///
  /// - Throws: `FileIdentityError` where it can no longer be read, or is not what it was.
  func fingerprint() throws(FileIdentityError) -> Manifest.DataFile {
    guard before.st_mode & S_IFMT == S_IFREG else {
      return Manifest.DataFile(path: path, bytes: nil, sha256: nil)
    }
    func unreadable() -> FileIdentityError {
      FileIdentityError(path: path, cause: SystemError(number: errno))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable() }
    defer { close(descriptor) }
    var digest = Digest(.sha256)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable() }
      if count == 0 { break }
      digest.update(chunk.span.extracting(..<count))
    }
    var after = stat()
    guard fstat(descriptor, &after) == 0 else { throw unreadable() }
    guard isUnchanged(after) else { throw FileIdentityError(path: path, cause: nil) }
    return Manifest.DataFile(
      path: path, bytes: Int64(before.st_size), sha256: digest.hexadecimal())
  }

  private func isUnchanged(_ after: stat) -> Bool {
    before.st_dev == after.st_dev && before.st_ino == after.st_ino
      && before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec
      && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec
  }
}

/// A file that could not be read again as it was.
struct FileIdentityError: Error, Hashable, CustomStringConvertible {
  let path: String
  /// What the system says; `nil` where the file changed.
  let cause: SystemError?

  var description: String {
    guard let cause else {
      return "\(path) changed while it was being read. Run again when nothing writes to it."
    }
    return "cannot read \(path) again for its SHA-256: \(cause)"
  }
}
