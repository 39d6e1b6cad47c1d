import Glibc

/// The files of a database: itself, its lock, and what SQLite keeps beside it.
enum DatabaseFiles {
  /// The first of them that is there and that this user may not write.
  ///
  /// - Parameters:
  ///   - database: The database; the others are beside the file that a link leads to.
  ///   - allows: Whether a file may be used in a way, by which the system's `access` asks.
  /// - Returns: Its path; `nil` where a session could write them all.
  static func unwritable(
    of database: String, allows: (String, Int32) -> Bool = { access($0, $1) == 0 }
  ) -> String? {
    let real = realpath(database, nil)
    defer { free(real) }
    let path = real.map { String(cString: $0) } ?? database
    return ["", "-lock", "-wal", "-shm"].map { path + $0 }.first { file in
      allows(file, F_OK) && !allows(file, W_OK)
    }
  }

  /// Whether a file is this user's.
  static func isOwn(_ file: String) -> Bool {
    var status = stat()
    return stat(file, &status) == 0 && status.st_uid == geteuid()
  }
}
