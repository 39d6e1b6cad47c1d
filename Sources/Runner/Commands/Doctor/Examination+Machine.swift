import Configuration
import Glibc
import Persistence
import Reporting

/// What this machine has to have.
extension Examination {
  private var folder: String {
    guard let slash = arguments.database.lastIndex(of: "/") else { return "." }
    return slash == arguments.database.startIndex ? "/" : String(arguments.database[..<slash])
  }

  /// The library that the database needs: another one where it is encrypted.
  mutating func noteLibrary() throws {
    let name = "library"
    do {
      let password = try DatabasePassword.current(settings.persistence)
      if let password { log.hide(password) }
      let library = try SQLiteLibrary.load(password == nil ? .plain : .encrypting)
      try note(
        name, .ok,
        password == nil
          ? "SQLite \(library.version); no password is set, the database is a plain file"
          : "SQLCipher with SQLite \(library.version), since a password is set")
    } catch {
      try note(Finding(name, error))
    }
  }

  /// Whether the folder of the database can be written, and what is written stays.
  mutating func noteDisk() throws {
    let name = "disk"
    let trial: DiskTrial
    do { trial = try DiskTrial(folder: folder) } catch {
      return try note(
        name, .problem, "\(error)", advice: "Choose another folder for the database")
    }
    let free = Display.fixed(Double(trial.free) / 1e9, decimals: 1)
    let milliseconds = Display.fixed(trial.synchronization * 1000, decimals: 1)
    let text =
      "\(folder == "." ? "this folder" : folder): \(free) GB free; what is written is on the disk "
      + "within \(milliseconds) ms"
    switch trial.free {
    case ..<DiskTrial.least:
      try note(
        name, .problem, text,
        advice: "Free some space: a session makes no entries while it cannot write")
    case ..<DiskTrial.comfortable: try note(name, .warning, text, advice: "Free some space")
    default: try note(name, .ok, text)
    }
  }

  /// Whether the database is one that the session could write: not there yet, or its own.
  mutating func noteDatabase() throws {
    let name = "database"
    let path = arguments.database
    guard !path.isEmpty else {
      return try note(name, .unknown, "none was named", advice: "Name it: --db FILE")
    }
    guard access(path, F_OK) == 0 else { return try noteAbsence(of: path) }
    if let file = DatabaseFiles.unwritable(of: path) {
      return try note(
        name, .problem, "\(file) cannot be written by this user",
        advice: DatabaseFiles.isOwn(file)
          ? "Let it be written: chmod u+w \(file)"
          : "Start sessions as the user whose it is, or: chown \"$(id -un)\" \(file)")
    }
    do {
      if try WriterLock.isHeld(database: path) {
        // Asking for it is how its holder is found out.
        _ = try WriterLock(database: path)
      }
      let key = try DatabasePassword.current(settings.persistence)
      let connection = try Connection(path: path, mode: .readOnly, key: key)
      guard try Store.isBegun(connection) else {
        return try note(name, .ok, "\(path) is empty: the session would begin in it")
      }
      try Schema.migrator.requireNewest(in: connection)
      let defects = try DatabaseCheck.all(of: connection, program.migrator, limit: 3)
        .flatMap { check in check.defects.map { "\(check.name): \($0)" } }
      guard defects.isEmpty else {
        return try note(
          name, .problem, "\(path) is not sound. \(defects[0])",
          advice: "All of it: \(program.name) db check --db \(path). Restore a backup made by "
            + "`\(program.name) db backup`")
      }
      let store = try Store.read(at: Store.Location(path: path, key: key))
      try RunStore.require(
        store, isOf: .live,
        SessionRecord.manifest(of: settings, at: arguments.place, by: program), path)
      try SessionRecord.require(store, isFrom: arguments.place, path)
      let last = try store.reader.lastEvent()
      isBegun = last > 0
      try note(
        name, .ok,
        "\(path) is sound; schema \(Schema.migrator.newest), "
          + (isBegun ? "the session goes on after event \(last)" : "no session has begun in it"))
    } catch {
      try note(Finding(name, error))
    }
  }

  /// Whether a database that is not there could be made.
  private mutating func noteAbsence(of path: String) throws {
    let name = "database"
    guard access(folder, W_OK) == 0 else {
      return try note(name, .problem, "\(path) cannot be made: see disk")
    }
    // There is nothing to open; but a log without its database, which a session leaves alone, is told first.
    do { _ = try Connection(path: path, mode: .readOnly) } catch {
      if error.problem == .corrupt { return try note(Finding(name, error)) }
    }
    try note(name, .ok, "\(path) will be made")
  }
}
