import Glibc

/// SQLite's functions as one of its libraries has them.
///
/// The types repeat those of `sqlite3.h`; what both libraries have, back to SQLite 3.15 in Debian 12's
/// SQLCipher, is here and nothing newer. A destructor is passed as an integer, which travels in the same
/// register: the only one used is `SQLITE_TRANSIENT`, which is -1 ("copy it").
struct SQLiteFunctions: Sendable {
  typealias Handle = OpaquePointer
  typealias Text = UnsafePointer<CChar>
  typealias Status = @convention(c) @Sendable (Handle?) -> Int32
  typealias StatusAt = @convention(c) @Sendable (Handle?, Int32) -> Int32
  typealias TextOf = @convention(c) @Sendable (Handle?) -> Text?
  typealias Open =
    @convention(c) @Sendable (Text?, UnsafeMutablePointer<Handle?>?, Int32, Text?) -> Int32
  typealias Prepare =
    @convention(c) @Sendable (
      Handle?, Text?, Int32, UnsafeMutablePointer<Handle?>?, UnsafeMutablePointer<Text?>?
    ) -> Int32
  typealias Execute =
    @convention(c) @Sendable (
      Handle?, Text?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  typealias BindBytes =
    @convention(c) @Sendable (Handle?, Int32, UnsafeRawPointer?, Int32, Int) -> Int32
  typealias FileControl =
    @convention(c) @Sendable (Handle?, Text?, Int32, UnsafeMutableRawPointer?) -> Int32
  typealias BackupInit = @convention(c) @Sendable (Handle?, Text?, Handle?, Text?) -> Handle?
  typealias Key = @convention(c) @Sendable (Handle?, UnsafeRawPointer?, Int32) -> Int32

  let open: Open
  let close: Status
  let libraryVersion: @convention(c) @Sendable () -> Text?
  let extendedResultCodes: StatusAt
  let extendedErrorCode: Status
  let systemErrorNumber: Status
  let errorMessage: TextOf
  let errorText: @convention(c) @Sendable (Int32) -> Text?
  let busyTimeout: StatusAt
  let isReadOnly: @convention(c) @Sendable (Handle?, Text?) -> Int32
  let fileControl: FileControl
  let interrupt: @convention(c) @Sendable (Handle?) -> Void
  let isAutocommit: Status
  let changes: Status
  let lastInsertRowID: @convention(c) @Sendable (Handle?) -> Int64
  let execute: Execute
  let free: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void

  let prepare: Prepare
  let finalize: Status
  let step: Status
  let reset: Status
  let clearBindings: Status
  let sql: TextOf
  let parameterCount: Status
  let bindInteger: @convention(c) @Sendable (Handle?, Int32, Int64) -> Int32
  let bindText: BindBytes
  let bindBlob: BindBytes
  let bindNull: StatusAt
  let columnCount: Status
  let columnName: @convention(c) @Sendable (Handle?, Int32) -> Text?
  let columnType: StatusAt
  let columnInteger: @convention(c) @Sendable (Handle?, Int32) -> Int64
  let columnText: @convention(c) @Sendable (Handle?, Int32) -> UnsafePointer<UInt8>?
  let columnBlob: @convention(c) @Sendable (Handle?, Int32) -> UnsafeRawPointer?
  let columnSize: StatusAt

  let backupInit: BackupInit
  let backupStep: StatusAt
  let backupFinish: Status

  /// SQLCipher's only.
  let key: Key?

  /// Finds them all in a library that is loaded.
  ///
  /// - Throws: The name of the first that is missing.
  init(in library: UnsafeMutableRawPointer) throws(MissingSymbol) {
    let symbols = Symbols(library: library)
    open = try symbols.find("sqlite3_open_v2")
    close = try symbols.find("sqlite3_close_v2")
    libraryVersion = try symbols.find("sqlite3_libversion")
    extendedResultCodes = try symbols.find("sqlite3_extended_result_codes")
    extendedErrorCode = try symbols.find("sqlite3_extended_errcode")
    systemErrorNumber = try symbols.find("sqlite3_system_errno")
    errorMessage = try symbols.find("sqlite3_errmsg")
    errorText = try symbols.find("sqlite3_errstr")
    busyTimeout = try symbols.find("sqlite3_busy_timeout")
    isReadOnly = try symbols.find("sqlite3_db_readonly")
    fileControl = try symbols.find("sqlite3_file_control")
    interrupt = try symbols.find("sqlite3_interrupt")
    isAutocommit = try symbols.find("sqlite3_get_autocommit")
    changes = try symbols.find("sqlite3_changes")
    lastInsertRowID = try symbols.find("sqlite3_last_insert_rowid")
    execute = try symbols.find("sqlite3_exec")
    free = try symbols.find("sqlite3_free")
    prepare = try symbols.find("sqlite3_prepare_v2")
    finalize = try symbols.find("sqlite3_finalize")
    step = try symbols.find("sqlite3_step")
    reset = try symbols.find("sqlite3_reset")
    clearBindings = try symbols.find("sqlite3_clear_bindings")
    sql = try symbols.find("sqlite3_sql")
    parameterCount = try symbols.find("sqlite3_bind_parameter_count")
    bindInteger = try symbols.find("sqlite3_bind_int64")
    bindText = try symbols.find("sqlite3_bind_text")
    bindBlob = try symbols.find("sqlite3_bind_blob")
    bindNull = try symbols.find("sqlite3_bind_null")
    columnCount = try symbols.find("sqlite3_column_count")
    columnName = try symbols.find("sqlite3_column_name")
    columnType = try symbols.find("sqlite3_column_type")
    columnInteger = try symbols.find("sqlite3_column_int64")
    columnText = try symbols.find("sqlite3_column_text")
    columnBlob = try symbols.find("sqlite3_column_blob")
    columnSize = try symbols.find("sqlite3_column_bytes")
    backupInit = try symbols.find("sqlite3_backup_init")
    backupStep = try symbols.find("sqlite3_backup_step")
    backupFinish = try symbols.find("sqlite3_backup_finish")
    key = try? symbols.find("sqlite3_key")  // Absent from the plain library, and not needed there.
  }

  /// A function that the library does not have.
  struct MissingSymbol: Error {
    let name: String
  }

  private struct Symbols {
    let library: UnsafeMutableRawPointer

    func find<Function>(_ name: String) throws(MissingSymbol) -> Function {
      guard let symbol = dlsym(library, name) else { throw MissingSymbol(name: name) }
      return unsafeBitCast(symbol, to: Function.self)
    }
  }
}
