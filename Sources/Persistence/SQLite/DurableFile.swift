import Glibc

/// Files that appear whole or not at all, also after a power cut.
enum DurableFile {
  /// Puts a finished file in place of another, or where none is.
  ///
  /// The file first, then the name, then the folder that holds the name.
  static func move(_ source: String, to target: String) throws(SQLiteError) {
    try synchronize(source)
    guard rename(source, target) == 0 else { throw failure(target) }
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
    try synchronize(folder)
  }

  private static func synchronize(_ path: String) throws(SQLiteError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  static func failure(_ path: String) -> SQLiteError {
    let number = errno
    return SQLiteError(
      path: path,
      problem: [ENOSPC, EDQUOT, EFBIG].contains(number) ? .diskFull : .inputOutput,
      message: String(cString: strerror(number)))
  }
}
