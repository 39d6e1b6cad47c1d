import Simulator
import Testing

@testable import Persistence

@Suite("Damaged files")
struct DamageTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
    let connection = try Connection(path: path, mode: .create)
    try connection.execute(
      "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX by_text ON notes (text)"
    )
    let insert = try connection.prepare("INSERT INTO notes (text) VALUES (?)")
    try connection.transaction { for row in 0..<3000 { try insert.run("row \(row)") } }
  }

  @Test func `a sound file has no defects`() throws {
    let connection = try Connection(path: path, mode: .readOnly)
    #expect(try connection.integrityDefects() == [])
    #expect(try connection.danglingRows() == [])
  }

  @Test func `a truncated file is named as damaged, with the way back`() throws {
    try folder.write(Array(try folder.bytes("store.db").prefix(20_000)), to: "store.db")
    let error = try sqliteError {
      let connection = try Connection(path: path, mode: .readWrite)
      try connection.execute("SELECT count(*) FROM notes")
    }
    #expect(error.problem == .corrupt)
    #expect(
      error.description
        == "\(path): the database is damaged (database disk image is malformed). Run "
        + "`runner db check --db \(path)`, and restore a backup made by `runner db backup`.")
  }

  @Test func `a changed page is found by the check`() throws {
    var bytes = try folder.bytes("store.db")
    for index in 8192..<8300 { bytes[index] = 0xaa }
    try folder.write(bytes, to: "store.db")
    let connection = try Connection(path: path, mode: .readOnly)
    #expect(try !connection.integrityDefects().isEmpty)
    #expect(try connection.integrityDefects(limit: 1).count == 1)
  }

  @Test func `random bytes after a true header never trap`() throws {
    let whole = try folder.bytes("store.db")
    var random = SplitMix64(seed: 7)
    for round in 0..<60 {
      var bytes = whole
      for _ in 0..<(1 << (round % 12)) {
        bytes[Int.random(in: 16..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let name = "broken-\(round).db"
      try folder.write(bytes, to: name)
      do {
        let connection = try Connection(path: folder.file(name), mode: .readWrite)
        _ = try connection.integrityDefects()
        var rows = 0
        try connection.prepare("SELECT id, text FROM notes").forEachRow { row in
          _ = try row.value(at: 0, as: Int64.self)
          _ = try row.value(at: 1, as: String.self)
          rows += 1
        }
        #expect(rows <= 3000)
      } catch let error as SQLiteError {
        // Each says what to do; none is a mistake of ours in disguise.
        #expect(error.description.contains(". "), "\(error)")
      }
    }
  }

  @Test func `a row that names another which is not there is found`() throws {
    let connection = try Connection(path: path, mode: .readWrite)
    try connection.execute(
      """
      PRAGMA foreign_keys=OFF;
      CREATE TABLE tags (note INTEGER REFERENCES notes (id));
      INSERT INTO tags VALUES (1), (99999);
      """)
    let dangling = try connection.danglingRows()
    #expect(dangling.map(\.description) == ["tags, row 2: names a row of notes that is not there"])
  }
}
