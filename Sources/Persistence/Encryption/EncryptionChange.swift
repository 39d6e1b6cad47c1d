import CSQLite
import Glibc
package import Secrets

/// Encrypts a database, decrypts it, or gives it another password.
///
/// It writes a whole new file beside the old one and puts it in its place when it is complete, checked
/// and on the disk. Killed at any moment, it leaves the old file or the new one; what may be left
/// besides, `FILE.changing`, the next change removes.
package struct EncryptionChange: Sendable {
  /// The password now; `nil` of a plain file.
  private var old: Secret?
  /// The password then; `nil` for a plain file.
  private var new: Secret?

  /// A plain file becomes an encrypted one.
  package static func encrypt(with password: Secret) -> EncryptionChange {
    EncryptionChange(old: nil, new: password)
  }

  /// An encrypted file becomes a plain one.
  package static func decrypt(with password: Secret) -> EncryptionChange {
    EncryptionChange(old: password, new: nil)
  }

  /// An encrypted file gets another password.
  package static func rekey(from old: Secret, to new: Secret) -> EncryptionChange {
    EncryptionChange(old: old, new: new)
  }

  /// Does it.
  ///
  /// - Parameter database: The file.
  /// - Returns: How many rows the new file has, as many as the old one.
  /// - Throws: `WriterLockError` while another process writes it, `SQLiteError` while another reads it,
  ///   or where the file, the password or the disk is not right. The file is then as it was.
  package func perform(on database: String) throws -> Int {
    try Connection.checkName(database)
    let lock = try WriterLock(database: database)
    defer { withExtendedLifetime(lock) {} }
    // A symbolic link stays one.
    let path = lock.database
    let changed = "\(path).changing"
    unlink(changed)
    do {
      let source = try open(path)
      let rows = try copy(source, to: changed)
      try keepPermissions(of: path, for: changed)
      // `source` still keeps everybody else out.
      try withExtendedLifetime(source) { try DurableFile.move(changed, to: path) }
      return rows
    } catch {
      unlink(changed)
      throw error
    }
  }

  /// The old file, for nobody but us.
  private func open(_ path: String) throws -> Connection {
    let library = try SQLiteLibrary.load(.encrypting)
    let source = try Connection(raw: path, mode: .readWrite, library: library)
    _ = library.functions.busyTimeout(source.handle, 5000)
    do {
      try source.unlock(old)
    } catch {
      guard old == nil, error.problem == .notADatabase else { throw error }
      throw SQLiteError(
        path: path, problem: .notADatabase,
        message: "to give an encrypted one another password: runner db rekey --db \(path)")
    }
    // The log is written back and removed: left beside the new file, it would be taken for its own. This
    // fails while anybody else has the file open, and keeps everybody out until the new one is there.
    try source.execute("PRAGMA locking_mode=EXCLUSIVE")
    try source.setJournal(.rollback)
    return source
  }

  private func copy(_ source: Connection, to target: String) throws -> Int {
    // Made here, for nobody else to read, because SQLite would not make it.
    let descriptor = Glibc.open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DurableFile.failure(target) }
    close(descriptor)
    let attach = try source.prepare("ATTACH DATABASE ? AS target KEY ?")
    try attach.run(target, new?.reveal() ?? "")
    try source.transaction { try source.execute("SELECT sqlcipher_export('target')") }
    for name in ["user_version", "application_id"] {
      let value = try source.integer("PRAGMA main.\(name)")
      try source.execute("PRAGMA target.\(name)=\(value)")
    }
    let rows = try Self.rows(of: source, "main")
    try source.execute("DETACH DATABASE target")
    try check(target, rows, source.library)
    return rows
  }

  /// Opens the new file as it will be opened, and looks whether it is whole.
  private func check(_ path: String, _ rows: Int, _ library: SQLiteLibrary) throws {
    let copy = try Connection(raw: path, mode: .readOnly, library: library)
    try copy.unlock(new)
    let defects = try copy.integrityDefects(limit: 1)
    let found = try Self.rows(of: copy, "main")
    guard defects.isEmpty, found == rows else {
      throw SQLiteError(
        path: path, problem: .corrupt,
        message: defects.first ?? "\(found) rows instead of \(rows) were written")
    }
  }

  private static func rows(of connection: Connection, _ schema: String) throws -> Int {
    var names: [String] = []
    try connection.prepare("SELECT name FROM \(schema).sqlite_master WHERE type = 'table'")
      .forEachRow { row in names.append(try row.value(at: 0)) }
    return try names.reduce(0) { sum, name in
      let quoted = name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"")
      return sum + (try connection.integer("SELECT count(*) FROM \(schema).\"\(quoted)\""))
    }
  }

  private func keepPermissions(of path: String, for other: String) throws(SQLiteError) {
    var status = stat()
    guard stat(path, &status) == 0, chmod(other, status.st_mode & 0o7777) == 0 else {
      throw DurableFile.failure(other)
    }
    // Only root may give files away; whoever else owns the folder owns the new file.
    _ = chown(other, status.st_uid, status.st_gid)
  }
}
