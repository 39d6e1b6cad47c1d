import CSQLite
import Glibc
package import Secrets

extension Connection {
  /// Copies the database as it is now into a new file, while others read and write it.
  ///
  /// The copy is one moment's: it is made in one step, which in WAL mode blocks nobody. It appears
  /// under its name only when it is whole and on the disk.
  ///
  /// - Parameters:
  ///   - path: The new file.
  ///   - key: The password of an encrypted database, which the copy gets too; `nil` for a plain one.
  /// - Throws: A file that is already there or cannot be written, a full disk.
  package func backup(to path: String, key: Secret? = nil) throws(SQLiteError) {
    guard access(path, F_OK) != 0 else { throw .alreadyThere(path) }
    let partial = "\(path).partial"
    // Left by a backup that was killed.
    unlink(partial)
    do {
      try copy(to: partial, key: key)
      try DurableFile.move(partial, to: path)
    } catch {
      unlink(partial)
      throw error
    }
  }

  private func copy(to path: String, key: Secret?) throws(SQLiteError) {
    precondition((key != nil) == (library.flavour == .encrypting), "the copy needs the same key")
    let target = try Connection(raw: path, mode: .create, library: library)
    try target.unlock(key)
    guard let backup = library.functions.backupInit(target.handle, "main", handle, "main") else {
      throw target.error(library.functions.extendedErrorCode(target.handle))
    }
    let step = library.functions.backupStep(backup, -1)
    let finish = library.functions.backupFinish(backup)
    guard step == SQLITE_DONE else {
      // Which of the two files it is: a lock, or damage, is the source's.
      throw [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CORRUPT, SQLITE_NOTADB].contains(step & 0xff)
        ? SQLiteError(
          path: self.path, problem: .init(code: step, systemError: 0, isOpen: true), code: step,
          message: library.functions.errorText(step).map { String(cString: $0) } ?? "")
        : target.error(step)
    }
    guard finish == SQLITE_OK else { throw target.error(finish) }
  }
}

extension SQLiteError {
  static func alreadyThere(_ path: String) -> SQLiteError {
    SQLiteError(
      path: path, problem: .cannotOpen,
      message: "the file is already there; choose another name or move it away")
  }
}
