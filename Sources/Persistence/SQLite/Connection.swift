import CSQLite
package import Secrets

/// An open database, closed when nobody holds it any more.
///
/// It is used by one thread at a time, hence not `Sendable`: a thread or an actor owns it. Statements
/// keep it alive. Never open the file of an open connection by other means in the same process and
/// close it: POSIX then drops the connection's locks.
package final class Connection {
  /// The file, or `:memory:`.
  package let path: String
  /// What it was opened for.
  package let mode: ConnectionMode
  let library: SQLiteLibrary
  let handle: OpaquePointer
  /// Stops what the connection is doing, from any thread.
  package let interrupter: Interrupter
  /// Whether its first page has been read: from then on it is known to be a database.
  private var isOpen = false
  /// Whether its files are left as they are to the end of the process: closing would write the log into
  /// a database that somebody has damaged meanwhile.
  var isAbandoned = false

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - mode: What for.
  ///   - key: The password of an encrypted file; `nil` for a plain one. It chooses the library.
  ///   - options: Durability, and how long to wait for others.
  /// - Throws: An absent library, a file that cannot be opened or written, a wrong or missing key, a
  ///   key too many, damage.
  package convenience init(
    path: String, mode: ConnectionMode, key: Secret? = nil, options: ConnectionOptions = .init()
  ) throws(SQLiteError) {
    try FileWatch.checkBeforeOpening(path)
    try self.init(raw: path, mode: mode, library: .load(key == nil ? .plain : .encrypting))
    _ = library.functions.busyTimeout(handle, options.busyTimeoutMilliseconds)
    try unlock(key)
    try configure(options)
  }

  /// A database in memory, gone with the connection.
  package static func inMemory() throws(SQLiteError) -> Connection {
    let connection = try Connection(raw: ":memory:", mode: .create, library: .load(.plain))
    try connection.unlock(nil)
    try connection.configure(ConnectionOptions(synchronous: .off, journal: .memory))
    return connection
  }

  /// Opens the file and reads nothing yet.
  init(raw path: String, mode: ConnectionMode, library: SQLiteLibrary) throws(SQLiteError) {
    var flags = SQLITE_OPEN_NOMUTEX
    switch mode {
    case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    }
    try Connection.checkName(path)
    var handle: OpaquePointer?
    let code = library.functions.open(path, &handle, flags, nil)
    guard let handle else {
      throw SQLiteError(path: path, problem: .other, code: code, message: "out of memory")
    }
    self.path = path
    self.mode = mode
    self.library = library
    self.handle = handle
    interrupter = Interrupter(handle, library)
    guard code == SQLITE_OK else { throw error(code) }
    _ = library.functions.extendedResultCodes(handle, 1)
  }

  /// Sees to it that a path can be a file's: for who makes another file beside it before it is opened.
  ///
  /// - Throws: `SQLiteError.Problem.cannotOpen`, as opening it would.
  package static func checkName(_ path: String) throws(SQLiteError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw SQLiteError(path: path, problem: .cannotOpen, message: "this is no file name")
    }
  }

  // Statements hold the connection, so that all of them are gone.
  deinit {
    interrupter.close()
    guard !isAbandoned else { return }
    _ = library.functions.close(handle)
  }

  /// Gives the key, and reads the first page to see whether it fits.
  func unlock(_ key: Secret?) throws(SQLiteError) {
    let header = try header()
    let isPlain = header.elementsEqual("SQLite format 3\0".utf8)
    if let key {
      if isPlain { throw SQLiteError(path: path, problem: .notEncrypted, message: "") }
      var text = key.reveal()
      let code = text.withUTF8 {
        library.functions.key?(handle, $0.baseAddress, Int32($0.count)) ?? SQLITE_MISUSE
      }
      guard code == SQLITE_OK else { throw error(code) }
    } else if !isPlain, !header.isEmpty {
      throw SQLiteError(path: path, problem: .notADatabase, message: "")
    }
    do {
      try readFirstPage(isEncrypted: key != nil)
    } catch {
      // A killed process left a change half done, which who only reads may not take back. Whoever opens
      // the file to write does so by reading it.
      guard mode == .readOnly, error.code == Self.wantsRollback else { throw error }
      try Connection(raw: path, mode: .readWrite, library: library).unlock(key)
      try readFirstPage(isEncrypted: key != nil)
    }
    isOpen = true
  }

  /// SQLite's `SQLITE_READONLY_ROLLBACK`, a macro that Swift does not see.
  private static let wantsRollback = SQLITE_READONLY | 3 << 8

  private func readFirstPage(isEncrypted: Bool) throws(SQLiteError) {
    do {
      try execute("SELECT count(*) FROM sqlite_master")
    } catch {
      guard error.problem == .notADatabase, isEncrypted else { throw error }
      throw SQLiteError(
        path: path, problem: .wrongKey, code: error.code, message: error.message)
    }
  }

  private func configure(_ options: ConnectionOptions) throws(SQLiteError) {
    // A file of somebody else's making may call no function of its own, and its pages are mistrusted.
    try execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON")
    try execute("PRAGMA synchronous=\(options.synchronous.rawValue)")
    guard mode != .readOnly else { return }
    // SQLite opens a file that it may not write for reading, and says nothing.
    if library.functions.isReadOnly(handle, "main") == 1 {
      throw SQLiteError(path: path, problem: .readOnly, message: "it may only be read")
    }
    try setJournal(options.journal)
  }

  /// Changes where changes wait, which may need everybody else to be gone.
  func setJournal(_ mode: JournalMode) throws(SQLiteError) {
    let statement = try prepare("PRAGMA journal_mode=\(mode.rawValue)")
    let journal: String = try statement.step() ? statement.value(at: 0) : ""
    statement.reset()
    guard journal == mode.rawValue else {
      throw SQLiteError(
        path: path, problem: .other,
        message: "its journal stays '\(journal)' instead of '\(mode.rawValue)'")
    }
  }

  /// The file's first 16 bytes, which no encryption hides; fewer where it is shorter.
  ///
  /// Read through SQLite's own file, because closing another descriptor would drop its locks.
  private func header() throws(SQLiteError) -> [UInt8] {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = withUnsafeMutablePointer(to: &file) {
      library.functions.fileControl(handle, "main", SQLITE_FCNTL_FILE_POINTER, $0)
    }
    guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods,
      let read = methods.pointee.xRead, let size = methods.pointee.xFileSize
    else { return [] }
    var length: Int64 = 0
    guard size(file, &length) == SQLITE_OK, length > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = Int32(min(length, 16))
    let status = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress, count, 0) }
    guard status == SQLITE_OK else { throw error(status) }
    return Array(bytes.prefix(Int(count)))
  }
}

// MARK: - Asking

extension Connection {
  /// Executes one or more statements that give no rows, or whose rows nobody wants.
  package func execute(_ sql: String) throws(SQLiteError) {
    let code = library.functions.execute(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql: sql) }
  }

  /// Compiles one statement, to be executed many times.
  package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    try Statement(sql, on: self)
  }

  /// The whole number that a statement without parameters gives in its first row; 0 without rows.
  package func integer(_ sql: String) throws(SQLiteError) -> Int {
    let statement = try prepare(sql)
    guard try statement.step() else { return 0 }
    let value: Int = try statement.value(at: 0)
    statement.reset()
    return value
  }

  /// How many rows the last statement inserted, changed or deleted.
  package var changes: Int { Int(library.functions.changes(handle)) }

  /// The row id of the last row inserted.
  package var lastInsertRowID: Int64 { library.functions.lastInsertRowID(handle) }

  /// What SQLite says of the last call that failed.
  package var lastMessage: String {
    library.functions.errorMessage(handle).map { String(cString: $0) } ?? ""
  }

  /// The error of a call that has just failed.
  func error(_ code: Int32, sql: String? = nil) -> SQLiteError {
    let extended = library.functions.extendedErrorCode(handle)
    let code = extended & 0xff == code & 0xff ? extended : code
    let problem = SQLiteError.Problem(
      code: code, systemError: library.functions.systemErrorNumber(handle), isOpen: isOpen)
    return SQLiteError(path: path, problem: problem, code: code, message: lastMessage, sql: sql)
  }
}
