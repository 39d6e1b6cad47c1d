import CSQLite
import Glibc

/// Why a database did not do what it was asked, and what to do next.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of trouble it is.
  package enum Problem: Hashable, Sendable {
    /// The library is not installed.
    case libraryMissing(SQLiteFlavour)
    /// The file is not there, or not ours to open.
    case cannotOpen
    /// It was to be written, and cannot be.
    case readOnly
    /// No space left, or a limit of the user's reached.
    case diskFull
    /// Reading or writing failed otherwise.
    case inputOutput
    /// Somebody else holds it for longer than was waited.
    case locked
    /// No key was given, and the file does not begin as a plain database does.
    case notADatabase
    /// The key does not open it.
    case wrongKey
    /// A key was given for a plain file.
    case notEncrypted
    /// Its pages contradict each other.
    case corrupt
    /// A row breaks a rule of its table.
    case constraint
    /// `interrupt()` was called.
    case interrupted
    /// A row holds what our program never writes.
    case unexpectedValue
    /// Anything else: most likely a mistake in our SQL.
    case other
  }

  /// The file.
  package var path: String
  /// What kind of trouble it is.
  package var problem: Problem
  /// SQLite's extended result code; 0 where it was not SQLite that complained.
  package var code: Int32
  /// What SQLite, or our reader, says of it.
  package var message: String
  /// What was being executed.
  package var sql: String?

  package init(
    path: String, problem: Problem, code: Int32 = 0, message: String, sql: String? = nil
  ) {
    self.path = path
    self.problem = problem
    self.code = code
    self.message = message
    self.sql = sql
  }

  /// One or two lines for the user: file, trouble, what to do.
  package var description: String { advice.map { "\(fact). \($0)" } ?? fact }

  /// The file and its trouble, without a full stop.
  package var fact: String {
    let place = path.isEmpty ? "" : "\(path): "
    let reason = message.isEmpty ? "" : " (\(message))"
    let statement = sql.map { " in: \(Self.shortened($0))" } ?? ""
    return switch problem {
    case .libraryMissing: "\(place)the database library cannot be loaded\(reason)"
    case .cannotOpen: "\(place)the database cannot be opened\(reason)"
    case .readOnly: "\(place)the database cannot be written\(reason)"
    case .diskFull: "\(place)no space is left for the database\(reason)"
    case .inputOutput: "\(place)the database cannot be read or written\(reason)"
    case .locked: "\(place)the database is locked by another process\(reason)"
    case .notADatabase: "\(place)this is no SQLite database, or it is encrypted\(reason)"
    case .wrongKey: "\(place)the password does not open the database\(reason)"
    case .notEncrypted:
      "\(place)the database is not encrypted, but a password is set\(reason)"
    case .corrupt: "\(place)the database is damaged\(reason)"
    case .constraint: "\(place)the database refuses a row: \(message)\(statement)"
    case .interrupted: "\(place)the database was interrupted\(statement)"
    case .unexpectedValue: "\(place)\(message)\(statement)"
    case .other: "\(place)the database reports an error: \(message), code \(code)\(statement)"
    }
  }

  /// What to do; `nil` where nobody can say.
  package var advice: String? {
    switch problem {
    case .libraryMissing(let flavour): flavour.advice
    case .cannotOpen:
      "Check that file and folder exist and that you may read and write them."
    case .readOnly: "Check the permissions of the file, its folder and its file system."
    case .diskFull:
      "What was being written is not kept, what was committed before is: free some space, or lift "
        + "the limit (`ulimit -f`, a quota), and start again."
    case .inputOutput:
      "Check free space, quotas, `ulimit -f` and the system's log, then run `runner db check --db "
        + "\(path)`."
    case .locked: "Wait for it to finish, or find it with: fuser \(path)"
    case .notADatabase:
      "Check the path; give the password of an encrypted one by "
        + "persistence.encryption_password_file or RATCHET_DB_PASSWORD."
    case .wrongKey:
      "Either it is another one, or the file is damaged or no database at all: then restore a "
        + "backup made by `runner db backup`."
    case .notEncrypted:
      "Leave the password out, or encrypt the file: runner db encrypt --db \(path)"
    case .corrupt:
      "Run `runner db check --db \(path)`, and restore a backup made by `runner db backup`."
    case .unexpectedValue:
      "Something else wrote to this database: run `runner db check --db \(path)`, and restore a "
        + "backup made by `runner db backup`."
    case .constraint, .interrupted, .other: nil
    }
  }

  private static func shortened(_ sql: String) -> String {
    let line = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= 160 ? line : line.prefix(160) + "…"
  }
}

extension SQLiteError.Problem {
  /// What a result code means.
  ///
  /// - Parameters:
  ///   - code: SQLite's extended result code.
  ///   - systemError: The `errno` behind it, which tells a full disk from a broken one.
  ///   - isOpen: Whether the file has been read before: then it is a database, and was ours to open.
  init(code: Int32, systemError: Int32, isOpen: Bool) {
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: self = .locked
    case SQLITE_READONLY: self = .readOnly
    case SQLITE_INTERRUPT: self = .interrupted
    case SQLITE_IOERR:
      self = [ENOSPC, EDQUOT, EFBIG].contains(systemError) ? .diskFull : .inputOutput
    case SQLITE_CORRUPT: self = .corrupt
    case SQLITE_FULL: self = .diskFull
    case SQLITE_CANTOPEN: self = .cannotOpen
    case SQLITE_CONSTRAINT: self = .constraint
    case SQLITE_NOTADB: self = isOpen ? .corrupt : .notADatabase
    default: self = .other
    }
  }
}
