import Glibc

/// Folders of a run.
enum Folder {
  /// Where folders go: into memory where the system has a place for that.
  ///
  /// SIGKILL loses nothing of a file that the system has; only a power cut would.
  static var standard: String { access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp" }

  /// Makes a folder, and those above it.
  ///
  /// - Throws: `FolderError`.
  static func make(_ path: String) throws(FolderError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw FolderError(path: made) }
    }
  }

  /// Writes a file.
  ///
  /// - Throws: `FolderError`.
  static func write(_ text: String, to path: String) throws(FolderError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FolderError(path: path) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw FolderError(path: path)
    }
  }

  /// What a file holds, up to so many bytes; nothing of one that cannot be read.
  static func text(of path: String, _ limit: Int = 4000) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = read(file, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Removes a folder with all that is in it.
  static func remove(_ path: String) {
    guard let folder = opendir(path) else {
      unlink(path)
      return
    }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { remove("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }
}

/// A folder or file that cannot be made.
struct FolderError: Error, CustomStringConvertible {
  let description: String

  /// With the system's reason.
  init(path: String) { description = "\(path): \(String(cString: strerror(errno)))" }
}
