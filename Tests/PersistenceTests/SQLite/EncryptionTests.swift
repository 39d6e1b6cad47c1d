import Foundation
import Secrets
import Testing

@testable import Persistence

@Suite("Encryption at rest")
struct EncryptionTests {
  private static let telling = "MARKER-OF-A-SECRET-POSITION"
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
  }

  private func make(_ key: Secret?, rows: Int = 50) throws -> Connection {
    let connection = try Connection(path: path, mode: .create, key: key)
    try connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    let insert = try connection.prepare("INSERT INTO notes (text) VALUES (?)")
    try connection.transaction { for _ in 0..<rows { try insert.run(Self.telling) } }
    return connection
  }

  private func contains(_ name: String, _ text: String) throws -> Bool {
    Data(try folder.bytes(name)).range(of: Data(text.utf8)) != nil
  }

  static let passwords = ["simple", "with 'single' and \"double\"", "ünïcödé 😀", "x'00'", "--"]

  @Test(
    "The sqlcipher program opens it with the key, and its bytes tell nothing", arguments: passwords)
  func sqlcipherProgram(password: String) throws {
    do {
      let connection = try make(Secret(password))
      // The log too, while the file is open.
      #expect(try folder.names() == ["store.db", "store.db-shm", "store.db-wal"])
      #expect(try !contains("store.db-wal", Self.telling))
      #expect(try connection.single("SELECT count(*) FROM notes") == 50)
    }
    for text in [Self.telling, "CREATE TABLE", "notes", "SQLite format 3"] {
      #expect(try !contains("store.db", text))
    }
    let quoted = password.replacing("'", with: "''")
    let select = "SELECT count(*), max(text) FROM notes;"
    let right = try run("sqlcipher", [path], input: "PRAGMA key = '\(quoted)'; \(select)")
    #expect(right.status == 0)
    #expect(right.output.contains("50|\(Self.telling)"))
    let wrong = try run("sqlcipher", [path], input: "PRAGMA key = 'another'; \(select)")
    #expect(!wrong.output.contains(Self.telling))
    #expect(try !run("sqlite3", [path], input: select).output.contains(Self.telling))
  }

  @Test func `a plain file does hold the text, so that the search can find it`() throws {
    do { _ = try make(nil) }
    #expect(try contains("store.db", Self.telling))
    #expect(try contains("store.db", "SQLite format 3"))
  }

  @Test func `it opens what the sqlcipher program made`() throws {
    let made = try run(
      "sqlcipher", [path], input: "PRAGMA key = 'k'; CREATE TABLE a (b); INSERT INTO a VALUES (7);")
    #expect(made.status == 0)
    #expect(
      try Connection(path: path, mode: .readOnly, key: Secret("k")).single("SELECT b FROM a") == 7)
  }

  // MARK: - Wrong keys

  @Test func `a wrong key is one clear error, without the key`() throws {
    do { _ = try make(Secret("right")) }
    for mode in [ConnectionMode.create, .readWrite, .readOnly] {
      let error = try sqliteError {
        _ = try Connection(path: path, mode: mode, key: Secret("wrong-swordfish"))
      }
      #expect(error.problem == .wrongKey)
      #expect(error.description.hasPrefix("\(path): the password does not open the database"))
      #expect(!"\(error)".contains("swordfish"))
      #expect(error.sql == nil)
    }
    #expect(
      try Connection(path: path, mode: .readOnly, key: Secret("right"))
        .single("SELECT count(*) FROM notes") == 50)
  }

  @Test func `a missing key and a key too many are told apart from a wrong one`() throws {
    do { _ = try make(Secret("right")) }
    let missing = try sqliteError { _ = try Connection(path: path, mode: .readWrite) }
    #expect(missing.problem == .notADatabase)
    #expect(missing.description.contains("or it is encrypted"))
    #expect(missing.description.contains("persistence.encryption_password_file"))
    let plain = folder.file("plain.db")
    do { try Connection(path: plain, mode: .create).execute("CREATE TABLE a (b)") }
    let tooMany = try sqliteError {
      _ = try Connection(path: plain, mode: .readWrite, key: Secret("k"))
    }
    #expect(tooMany.problem == .notEncrypted)
    #expect(tooMany.description.contains("runner db encrypt --db \(plain)"))
  }

  @Test func `a file that is no database is none with and without key`() throws {
    try folder.write(Array("time,open,high,low,close\n".utf8), to: "candles.csv")
    let csv = folder.file("candles.csv")
    #expect(
      try sqliteError { _ = try Connection(path: csv, mode: .create) }.problem == .notADatabase)
    let error = try sqliteError { _ = try Connection(path: csv, mode: .create, key: Secret("k")) }
    #expect(error.problem == .wrongKey)
    #expect(error.description.contains("or no database at all"))
    #expect(try folder.bytes("candles.csv").count == 25)
  }

  @Test func `a page that was changed is damage, not a wrong key`() throws {
    do { _ = try make(Secret("right"), rows: 2000) }
    var bytes = try folder.bytes("store.db")
    for index in stride(from: 8192 + 100, to: bytes.count, by: 1024) { bytes[index] ^= 0x55 }
    try folder.write(bytes, to: "store.db")
    let connection = try Connection(path: path, mode: .readOnly, key: Secret("right"))
    let error = try sqliteError { try connection.execute("SELECT max(text) FROM notes") }
    #expect(error.problem == .corrupt)
    #expect(error.description.contains("runner db check --db \(path)"))
  }

  @Test func `a backup has the same key`() throws {
    let connection = try make(Secret("right"))
    let copy = folder.file("copy.db")
    try connection.backup(to: copy, key: Secret("right"))
    #expect(try !contains("copy.db", Self.telling))
    #expect(
      try Connection(path: copy, mode: .readOnly, key: Secret("right"))
        .single("SELECT count(*) FROM notes") == 50)
    #expect(
      try sqliteError { _ = try Connection(path: copy, mode: .readOnly) }.problem == .notADatabase)
  }
}
