import Glibc

/// Sees that somebody cuts or removes the files of a database that is open.
///
/// SQLite keeps pages in memory and might go on for long, and at its end write what is left of the log
/// over a database that was sound. Neither file shrinks while we have it open: we never vacuum, and ask
/// for no checkpoint that empties the log.
struct FileWatch {
  private struct File {
    let path: String
    var size: Int64 = 0
    /// 0 before the file was seen.
    var inode: UInt = 0
  }

  private let database: String
  private var files: [File]

  /// Watches a database and its log.
  init(database: String) {
    self.database = database
    let real = realpath(database, nil)
    defer { free(real) }
    let path = real.map { String(cString: $0) } ?? database
    files = [File(path: path), File(path: path + "-wal")]
  }

  /// Looks at both files.
  ///
  /// - Throws: `SQLiteError.Problem.corrupt` where one was cut, `inputOutput` where one is gone.
  mutating func check() throws(SQLiteError) {
    for index in files.indices {
      let file = files[index]
      var status = stat()
      guard stat(file.path, &status) == 0 else {
        // A log comes into being with the first change.
        if file.inode == 0 { continue }
        throw gone(file)
      }
      guard file.inode == 0 || status.st_ino == file.inode else { throw gone(file) }
      guard status.st_size >= file.size else {
        throw SQLiteError(
          path: database, problem: .corrupt,
          message:
            "\(file.path) was cut from \(file.size) to \(status.st_size) bytes while it was open"
        )
      }
      files[index].inode = status.st_ino
      files[index].size = Int64(status.st_size)
    }
  }

  /// Sees whether a log is there without its database, which SQLite would throw away unread.
  ///
  /// - Throws: `SQLiteError.Problem.corrupt` where it is so.
  static func checkBeforeOpening(_ database: String) throws(SQLiteError) {
    var status = stat()
    let isThere = stat(database, &status) == 0
    if isThere, status.st_size > 0 { return }
    let log = database + "-wal"
    guard stat(log, &status) == 0, status.st_size > 0 else { return }
    throw SQLiteError(
      path: database, problem: .corrupt,
      message:
        "it is \(isThere ? "empty" : "gone"), and its log \(log) is not; to begin anew, delete "
        + "the log too")
  }

  private func gone(_ file: File) -> SQLiteError {
    SQLiteError(
      path: database, problem: .inputOutput,
      message: "\(file.path) was removed or replaced while it was open")
  }
}
