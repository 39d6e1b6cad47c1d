import Foundation
import Secrets
import Testing

@testable import Persistence

@Suite("Connections")
struct ConnectionTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
  }

  private func make(_ options: ConnectionOptions = .init()) throws -> Connection {
    let connection = try Connection(path: path, mode: .create, options: options)
    try connection.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)")
    return connection
  }

  @Test func `what was written is there the next time`() throws {
    do {
      let connection = try make()
      try connection.prepare("INSERT INTO notes (text) VALUES (?)").run("first")
      #expect(connection.changes == 1)
      #expect(connection.lastInsertRowID == 1)
    }
    // The last connection to close removes the log: nothing leaked.
    #expect(try folder.names() == ["store.db"])
    let again = try Connection(path: path, mode: .readOnly)
    #expect(try again.single("SELECT text FROM notes") == "first")
  }

  @Test func `statements that were not run to their end do not keep the file open`() throws {
    do {
      let connection = try make()
      try connection.execute("INSERT INTO notes (text) VALUES ('a'), ('b')")
      let select = try connection.prepare("SELECT text FROM notes")
      #expect(try select.step())
    }
    #expect(try folder.names() == ["store.db"])
  }

  static let settings: [(ConnectionOptions, String, Int)] = [
    (ConnectionOptions(), "wal", 2),
    (ConnectionOptions(synchronous: .normal), "wal", 1),
    (ConnectionOptions(synchronous: .off, journal: .memory), "memory", 0),
    (ConnectionOptions(synchronous: .full, journal: .rollback), "delete", 2),
  ]

  @Test("Durability is as asked for", arguments: settings)
  func durability(_ options: ConnectionOptions, _ journal: String, _ synchronous: Int) throws {
    let connection = try make(options)
    #expect(try connection.single("PRAGMA journal_mode") == journal)
    #expect(try connection.single("PRAGMA synchronous") == synchronous)
    #expect(try connection.single("PRAGMA foreign_keys") == true)
  }

  @Test func `an absent file is made only where that was asked for`() throws {
    for mode in [ConnectionMode.readWrite, .readOnly] {
      let error = try sqliteError { _ = try Connection(path: path, mode: mode) }
      #expect(error.problem == .cannotOpen)
      #expect(error.description.hasPrefix("\(path): the database cannot be opened"))
      #expect(error.description.contains("Check that file and folder exist"))
    }
    #expect(try folder.names() == [])
    for path in ["", "a\0b", folder.path, folder.file("none/store.db")] {
      let error = try sqliteError { _ = try Connection(path: path, mode: .create) }
      #expect(error.problem == .cannotOpen, "\(path)")
    }
  }

  @Test func `a reader cannot write`() throws {
    do { _ = try make() }
    let reader = try Connection(path: path, mode: .readOnly)
    let error = try sqliteError { try reader.execute("INSERT INTO notes (text) VALUES ('a')") }
    #expect(error.problem == .readOnly)
    #expect(error.description.contains("Check the permissions of the file"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func `a file that may not be written is said to be so at once`() throws {
    do { _ = try make() }
    chmod(path, 0o444)
    let error = try sqliteError { _ = try Connection(path: path, mode: .readWrite) }
    #expect(error.problem == .readOnly)
  }

  @Test func `a rule of a table is an error with the statement`() throws {
    let connection = try make()
    let insert = try connection.prepare("INSERT INTO notes (id, text) VALUES (?, ?)")
    try insert.run(1, "a")
    let error = try sqliteError { try insert.run(1, "b") }
    #expect(error.problem == .constraint)
    #expect(
      error.description
        == "\(path): the database refuses a row: UNIQUE constraint failed: notes.id"
        + " in: INSERT INTO notes (id, text) VALUES (?, ?)")
    try insert.run(2, "b")
    #expect(try connection.single("SELECT count(*) FROM notes") == 2)
  }

  @Test func `a mistake in our SQL is an error with code and statement`() throws {
    let error = try sqliteError { try make().execute("SELEC 1") }
    #expect(error.problem == .other)
    #expect(error.description.hasSuffix("near \"SELEC\": syntax error, code 1 in: SELEC 1"))
  }

  @Test(arguments: [nil, "k"] as [String?])
  func `what a killed process committed is there, also for who only reads`(key: String?)
    async throws
  {
    let path = path
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, key = key as String?] in
      let connection = try Connection(path: path, mode: .create, key: key.map { Secret($0) })
      try connection.execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('a')")
      try connection.transaction {
        try connection.execute("INSERT INTO notes VALUES ('b')")
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try folder.names().contains("store.db-wal"))
    for mode in [ConnectionMode.readOnly, .readWrite] {
      let connection = try Connection(path: path, mode: mode, key: key.map { Secret($0) })
      #expect(try connection.single("SELECT group_concat(text) FROM notes") == "a")
    }
  }

  // MARK: - Others

  @Test func `a second writer is told that the file is locked, a reader reads on`() throws {
    let options = ConnectionOptions(busyTimeoutMilliseconds: 20)
    let first = try make(options)
    let second = try make(options)
    let reader = try Connection(path: path, mode: .readOnly, options: options)
    try first.transaction {
      try first.execute("INSERT INTO notes (text) VALUES ('a')")
      let error = try sqliteError { try second.transaction {} }
      #expect(error.problem == .locked)
      #expect(error.description.contains("locked by another process (database is locked)"))
      #expect(error.description.hasSuffix("fuser \(path)"))
      #expect(try reader.single("SELECT count(*) FROM notes") == 0)
    }
    #expect(try reader.single("SELECT count(*) FROM notes") == 1)
    try second.transaction { try second.execute("INSERT INTO notes (text) VALUES ('b')") }
  }

  @Test func `a long statement can be interrupted from another thread`() throws {
    let connection = try make()
    let interrupter = connection.interrupter
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      while done.wait(timeout: .now() + .milliseconds(1)) == .timedOut { interrupter.interrupt() }
    }
    thread.start()
    let error = try sqliteError {
      try connection.execute(
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT count(*) FROM n
        """)
    }
    done.signal()
    #expect(error.problem == .interrupted)
  }

  @Test func `interrupting a closed connection does nothing`() throws {
    let interrupter = try make().interrupter
    interrupter.interrupt()
    #expect(try folder.names() == ["store.db"])
  }

  @Test func `a database in memory leaves no file`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE a (b)")
    try connection.transaction { try connection.execute("INSERT INTO a VALUES (1)") }
    #expect(try connection.single("SELECT b FROM a") == 1)
  }
}
