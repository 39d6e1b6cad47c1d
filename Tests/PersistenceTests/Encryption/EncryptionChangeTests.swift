import Foundation
import Secrets
import Testing

@testable import Persistence

@Suite("Encrypting, decrypting, another password")
struct EncryptionChangeTests {
  private static let marker = "MARKER-OF-A-SECRET-POSITION"
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
  }

  private func make(_ key: Secret?) throws {
    let connection = try Connection(path: path, mode: .create, key: key)
    try connection.execute(
      """
      CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT);
      CREATE TABLE other (money TEXT, id INTEGER REFERENCES "odd ""name");
      CREATE INDEX by_money ON other (money);
      CREATE VIEW both AS SELECT * FROM other;
      CREATE TRIGGER t AFTER INSERT ON other BEGIN UPDATE other SET money = '9'; END;
      INSERT INTO "odd ""name" (text) VALUES ('\(Self.marker)'), ('b'), (NULL);
      INSERT INTO other VALUES ('0.1', 2);
      PRAGMA user_version=7; PRAGMA application_id=42;
      """)
  }

  /// What an observer can tell of the content.
  private func content(_ key: Secret?) throws -> [String] {
    let connection = try Connection(path: path, mode: .readOnly, key: key)
    var lines = [
      "\(try connection.integer("PRAGMA user_version"))",
      "\(try connection.integer("PRAGMA application_id"))",
    ]
    for sql in [
      "SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY type, name",
      "SELECT id || coalesce(text, '-') FROM \"odd \"\"name\" ORDER BY id",
      "SELECT money || id FROM other", "SELECT name || seq FROM sqlite_sequence",
    ] {
      try connection.prepare(sql).forEachRow { row in lines.append(try row.value(at: 0)) }
    }
    return lines
  }

  @Test func `there and back again, and everything is still there`() throws {
    let (first, second) = (Secret("first"), Secret("it's the second"))
    try make(nil)
    let before = try content(nil)
    #expect(before.contains("1\(Self.marker)"))
    #expect(try EncryptionChange.encrypt(with: first).perform(on: path) == 5)
    #expect(try content(first) == before)
    #expect(Data(try folder.bytes("store.db")).range(of: Data(Self.marker.utf8)) == nil)
    #expect(try EncryptionChange.rekey(from: first, to: second).perform(on: path) == 5)
    #expect(try content(second) == before)
    #expect(try sqliteError { _ = try content(first) }.problem == .wrongKey)
    #expect(try EncryptionChange.decrypt(with: second).perform(on: path) == 5)
    #expect(try content(nil) == before)
    #expect(try folder.names() == ["store.db", "store.db-lock"])
  }

  @Test func `rows that are still in the log come along`() throws {
    // Of a killed process: the log is there, and nobody has written it back.
    let path = path
    try make(nil)
    let copies = try {
      let writer = try Connection(path: path, mode: .readWrite)
      try writer.execute("PRAGMA wal_autocheckpoint=0; INSERT INTO other VALUES ('7', 1)")
      return try ["store.db", "store.db-wal"].map { try folder.bytes($0) }
    }()
    try folder.write(copies[0], to: "store.db")
    try folder.write(copies[1], to: "store.db-wal")
    #expect(try EncryptionChange.encrypt(with: Secret("k")).perform(on: path) == 6)
    #expect(try content(Secret("k")).contains("91"))
    #expect(try folder.names() == ["store.db", "store.db-lock"])
  }

  @Test func `permissions and links stay`() throws {
    try make(nil)
    chmod(path, 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.db"), withDestinationPath: path)
    _ = try EncryptionChange.encrypt(with: Secret("k")).perform(on: folder.file("link.db"))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(lstat(folder.file("link.db"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try content(Secret("k")).count > 5)
  }

  @Test func `nobody else may be there`() throws {
    try make(nil)
    let change = EncryptionChange.encrypt(with: Secret("k"))
    let before = try folder.bytes("store.db")
    do {
      let lock = try WriterLock(database: path)
      let error = #expect(throws: WriterLockError.self) { _ = try change.perform(on: path) }
      #expect(error?.problem == .held(by: getpid()))
      withExtendedLifetime(lock) {}
    }
    do {
      // Of the same library: within one process, two do not see each other's locks.
      let reader = try Connection(raw: path, mode: .readOnly, library: .load(.encrypting))
      try reader.unlock(nil)
      #expect(try reader.integer("SELECT count(*) FROM other") == 1)
      #expect(try sqliteError { _ = try change.perform(on: path) }.problem == .locked)
      #expect(try reader.integer("SELECT count(*) FROM other") == 1)
    }
    #expect(try folder.bytes("store.db") == before)
    #expect(try !folder.names().contains("store.db.changing"))
  }

  @Test func `a wrong password or a wrong kind of file changes nothing`() throws {
    try make(Secret("right"))
    let before = try folder.bytes("store.db")
    let wrong = try sqliteError {
      _ = try EncryptionChange.rekey(from: Secret("wrong"), to: Secret("new")).perform(on: path)
    }
    #expect(wrong.problem == .wrongKey)
    let twice = try sqliteError {
      _ = try EncryptionChange.encrypt(with: Secret("right")).perform(on: path)
    }
    #expect(twice.description.contains("runner db rekey --db \(path)"))
    #expect(try folder.bytes("store.db") == before)
    try folder.write([], to: "none.db")
    let absent = try sqliteError {
      _ = try EncryptionChange.decrypt(with: Secret("k")).perform(on: folder.file("absent.db"))
    }
    #expect(absent.problem == .cannotOpen)
    #expect(try !folder.names().contains("absent.db"))
  }

  @Test func `a plain file cannot be decrypted`() throws {
    try make(nil)
    let error = try sqliteError {
      _ = try EncryptionChange.decrypt(with: Secret("k")).perform(on: path)
    }
    #expect(error.problem == .notEncrypted)
  }

  @Test func `what a killed change left does not stop the next`() throws {
    try make(nil)
    try folder.write(Array(repeating: 1, count: 9000), to: "store.db.changing")
    #expect(try EncryptionChange.encrypt(with: Secret("k")).perform(on: path) == 5)
  }

  @Test func `a damaged file is not replaced`() throws {
    try make(nil)
    var bytes = try folder.bytes("store.db")
    for index in 4096..<min(bytes.count, 16_384) { bytes[index] ^= 0xff }
    try folder.write(bytes, to: "store.db")
    #expect(throws: SQLiteError.self) {
      _ = try EncryptionChange.encrypt(with: Secret("k")).perform(on: path)
    }
    // The log's mode, in the first page, may have changed; nothing else.
    #expect(try folder.bytes("store.db").dropFirst(100) == bytes.dropFirst(100))
  }
}
