import Market
import Testing

@testable import Persistence

@Suite("Migrations")
struct MigratorTests {
  private static let orders = Migration(
    version: 1, name: "orders",
    up: """
      CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
      CREATE TABLE fills (order_id INTEGER NOT NULL REFERENCES orders, quantity TEXT NOT NULL);
      """, down: "DROP TABLE fills; DROP TABLE orders;")
  private static let indices = Migration(
    version: 2, name: "indices", up: "CREATE INDEX fills_of_order ON fills (order_id);",
    down: "DROP INDEX fills_of_order;")
  /// Makes a table anew, which other rows refer to.
  private static let sides = Migration(
    version: 3, name: "sides",
    up: """
      CREATE TABLE new_orders (
        id INTEGER PRIMARY KEY, state TEXT NOT NULL, side TEXT NOT NULL DEFAULT 'buy');
      INSERT INTO new_orders (id, state) SELECT id, state FROM orders;
      DROP TABLE orders;
      ALTER TABLE new_orders RENAME TO orders;
      """,
    down: """
      CREATE TABLE old_orders (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
      INSERT INTO old_orders SELECT id, state FROM orders;
      DROP TABLE orders;
      ALTER TABLE old_orders RENAME TO orders;
      """)
  private static let all = [orders, indices, sides]
  private static let time = Timestamp(seconds: 1_700_000_000)

  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
  }

  private func open() throws -> Connection { try Connection(path: path, mode: .create) }

  /// All that is declared and in the tables.
  private func dump() throws -> String {
    let dump = try run("sqlite3", [path, ".dump", "PRAGMA user_version"])
    try #require(dump.status == 0)
    return dump.output
  }

  /// Of a table made anew, SQLite quotes the name, and lists it last.
  private func lines(_ dump: String) -> [String] {
    dump.replacing("\"", with: "").replacing("IF NOT EXISTS ", with: "").split(separator: "\n").map(
      String.init
    ).sorted()
  }

  private func migrationError(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) throws -> MigrationError {
    try #require(throws: MigrationError.self, sourceLocation: sourceLocation) { try body() }
  }

  @Test func `each is applied once, and recorded`() throws {
    let connection = try open()
    let migrator = Migrator(Self.all)
    #expect(try migrator.applied(to: connection) == [])
    #expect(try migrator.apply(to: connection, upTo: 1, at: Self.time) == [Self.orders])
    #expect(
      try migrator.apply(to: connection, at: Self.time + TimeSpan(seconds: 5))
        == [Self.indices, Self.sides])
    #expect(try migrator.apply(to: connection, at: Self.time) == [])
    let applied = try migrator.applied(to: connection)
    #expect(applied.map(\.version) == [1, 2, 3])
    #expect(applied.map(\.name) == ["orders", "indices", "sides"])
    #expect(applied.map(\.checksum) == Self.all.map(\.checksum))
    #expect(applied.map(\.appliedAt.seconds) == [1_700_000_000, 1_700_000_005, 1_700_000_005])
    #expect(try connection.integer("PRAGMA user_version") == 3)
    try migrator.requireNewest(in: connection)
    #expect(try connection.single("PRAGMA foreign_keys") == true)
  }

  @Test func `up, down and up again leave the same schema and rows`() throws {
    let migrator = Migrator(Self.all)
    do {
      let connection = try open()
      _ = try migrator.apply(to: connection, upTo: 1, at: Self.time)
      try connection.execute(
        "INSERT INTO orders VALUES (1, 'open'), (7, 'filled'); INSERT INTO fills VALUES (7, '0.5')")
    }
    var dumps: [String] = []
    for version in 1...3 {
      do { _ = try migrator.apply(to: try open(), upTo: version, at: Self.time) }
      dumps.append(try dump())
    }
    for version in [2, 1] {
      do { #expect(try migrator.rollBackLast(try open())?.version == version + 1) }
      #expect(try dump().contains("0.5"))
      #expect(try lines(dump()) == lines(dumps[version - 1]), "down to \(version)")
    }
    do { _ = try migrator.apply(to: try open(), at: Self.time) }
    #expect(try dump() == dumps[2])
  }

  @Test func `rolled back to nothing, the file is as new`() throws {
    let connection = try open()
    let migrator = Migrator(Self.all)
    _ = try migrator.apply(to: connection, at: Self.time)
    for _ in 0..<3 { #expect(try migrator.rollBackLast(connection) != nil) }
    #expect(try migrator.rollBackLast(connection) == nil)
    #expect(try connection.integer("SELECT count(*) FROM sqlite_master") == 0)
    #expect(try connection.integer("PRAGMA user_version") == 0)
  }

  @Test func `one that fails half way leaves the version before`() throws {
    let broken = Migration(
      version: 2, name: "broken",
      up:
        "CREATE TABLE half (a); INSERT INTO orders VALUES (1, 'x'); INSERT INTO nowhere VALUES (1)",
      down: "")
    do { _ = try Migrator([Self.orders]).apply(to: try open(), at: Self.time) }
    let before = try dump()
    do {
      let connection = try open()
      let error = try migrationError {
        _ = try Migrator([Self.orders, broken]).apply(to: connection, at: Self.time)
      }
      #expect(
        error.description.contains("migration 2 (broken) could not be applied, nothing of it"))
      #expect(error.description.contains("no such table: nowhere"))
      #expect(try connection.single("PRAGMA foreign_keys") == true)
    }
    #expect(try dump() == before)
  }

  @Test func `one that leaves rows without what they name is taken back`() throws {
    let connection = try open()
    let orphaning = Migration(
      version: 2, name: "orphaning", up: "DELETE FROM orders", down: "")
    _ = try Migrator([Self.orders]).apply(to: connection, at: Self.time)
    try connection.execute("INSERT INTO orders VALUES (1, 'a'); INSERT INTO fills VALUES (1, '2')")
    let error = try migrationError {
      _ = try Migrator([Self.orders, orphaning]).apply(to: connection, at: Self.time)
    }
    #expect(error.description.contains("fills, row 1: names a row of orders that is not there"))
    #expect(try connection.integer("SELECT count(*) FROM orders") == 1)
  }

  @Test("One that cannot be taken back leaves the version it is")
  func failsDown() throws {
    let stuck = Migration(
      version: 2, name: "stuck", up: "CREATE TABLE b (c)", down: "DROP TABLE b; DROP TABLE nowhere")
    let migrator = Migrator([Self.orders, stuck])
    do { _ = try migrator.apply(to: try open(), at: Self.time) }
    let before = try dump()
    let error = try migrationError { _ = try migrator.rollBackLast(try open()) }
    #expect(
      error.description.contains("migration 2 (stuck) could not be rolled back, nothing of it"))
    #expect(try dump() == before)
  }

  @Test("The schema of a run goes down and up again around its rows")
  func runDownAndUp() throws {
    let store = try StoryStore.sound.get().copy()
    func rows() throws -> [String] {
      let dump = try run("sqlite3", [store.path, ".dump", "PRAGMA user_version"])
      try #require(dump.status == 0)
      return dump.output.split(separator: "\n").map(String.init).filter {
        !$0.hasPrefix("INSERT INTO migrations")
      }
    }
    let before = try rows()
    #expect(before.contains { $0.hasPrefix("INSERT INTO fills") })
    for version in stride(from: Schema.migrations.count, to: 1, by: -1) {
      do {
        let connection = try Connection(path: store.path, mode: .readWrite)
        #expect(try Schema.migrator.rollBackLast(connection)?.version == version)
      }
      // Refused meanwhile, with the way up; and none of the rows is gone.
      let error = try migrationError { _ = try Store.open(at: store.location) }
      #expect(error.problem == .older(found: version - 1, newest: Schema.migrations.count))
      let inserts = { (lines: [String]) in lines.filter { $0.hasPrefix("INSERT") } }
      #expect(try inserts(rows()) == inserts(before))
    }
    do {
      let connection = try Connection(path: store.path, mode: .readWrite)
      _ = try Schema.migrator.apply(to: connection, at: Self.time)
    }
    #expect(try rows() == before)
    #expect(try store.defects() == [])
    let opened = try Store.open(at: store.location)
    let state = try opened.recover(from: store.story.beginning)
    let end = store.story.state(after: Int(try opened.reader.lastEvent()))
    #expect(try StateText.encode(state) == StateText.encode(end))
  }

  // MARK: - Refusals

  @Test func `an older schema and none are refused with the command that mends it`() throws {
    let connection = try open()
    let empty = try migrationError { try Migrator(Self.all).requireNewest(in: connection) }
    #expect(empty.problem == .empty)
    #expect(empty.description.hasSuffix("runner db migrate apply --db \(path)"))
    _ = try Migrator(Self.all).apply(to: connection, upTo: 2, at: Self.time)
    let older = try migrationError { try Migrator(Self.all).requireNewest(in: connection) }
    #expect(older.problem == .older(found: 2, newest: 3))
    #expect(older.description.contains("the schema is version 2, this program needs version 3"))
    #expect(older.description.contains("runner db backup FILE --db \(path)"))
    #expect(older.description.hasSuffix("runner db migrate apply --db \(path)"))
  }

  @Test func `a newer schema is refused by every command`() throws {
    let connection = try open()
    _ = try Migrator(Self.all).apply(to: connection, at: Self.time)
    let old = Migrator([Self.orders])
    for command in [
      { try old.requireNewest(in: connection) },
      { _ = try old.apply(to: connection, at: Self.time) },
      { _ = try old.rollBackLast(connection) },
    ] {
      let error = try migrationError(command)
      #expect(error.problem == .newer(found: 3, newest: 1))
      #expect(error.description.contains("the schema is version 3, this program knows only 1"))
    }
  }

  @Test func `a step that was changed after it was applied is refused`() throws {
    let connection = try open()
    _ = try Migrator(Self.all).apply(to: connection, at: Self.time)
    let changed = Migration(
      version: 2, name: "indices", up: Self.indices.up, down: Self.indices.down + " ")
    let error = try migrationError {
      try Migrator([Self.orders, changed, Self.sides]).requireNewest(in: connection)
    }
    #expect(error.problem == .changed(version: 2, name: "indices"))
    #expect(error.description.contains("is not the one that was applied here"))
  }

  @Test(
    "Another program's database is left alone",
    arguments: [
      "CREATE TABLE bookmarks (a)", "PRAGMA user_version=5", "CREATE TABLE migrations (id TEXT)",
      "CREATE VIEW migrations AS SELECT 1",
    ])
  func foreign(_ sql: String) throws {
    let connection = try open()
    try connection.execute(sql)
    let error = try migrationError {
      _ = try Migrator(Self.all).apply(to: connection, at: Self.time)
    }
    #expect(error.problem == .foreign)
    #expect(error.description.contains("belongs to another program, and is left alone"))
  }

  @Test(
    "A list that is not sound is refused",
    arguments: [
      ("DELETE FROM migrations WHERE version = 2", "versions [1, 3] have a gap"),
      ("DELETE FROM migrations WHERE version = 3", "2 are listed, but the file says version 3"),
      ("PRAGMA user_version=2", "3 are listed, but the file says version 2"),
    ])
  func inconsistent(_ sql: String, _ message: String) throws {
    let connection = try open()
    _ = try Migrator(Self.all).apply(to: connection, at: Self.time)
    try connection.execute(sql)
    let error = try migrationError { try Migrator(Self.all).requireNewest(in: connection) }
    #expect(error.problem == .inconsistent(message))
  }

  @Test(
    "Hostile values in the list are errors",
    arguments: ["version = 'x'", "name = 7", "checksum = x'00'", "applied_at = 'now'"])
  func hostile(_ assignment: String) throws {
    let connection = try open()
    // The table as it might have been made by somebody else.
    _ = try Migrator(Self.all).apply(to: connection, at: Self.time)
    try connection.execute(
      """
      DROP TABLE migrations;
      CREATE TABLE migrations (version, name, checksum, applied_at);
      INSERT INTO migrations VALUES (1, 'a', 'b', 3);
      UPDATE migrations SET \(assignment)
      """)
    let error = try sqliteError { try Migrator(Self.all).requireNewest(in: connection) }
    #expect(error.problem == .unexpectedValue)
  }

  @Test(arguments: [0, 1, 4, -1])
  func `there is no way to a version that is older or not there`(target: Int) throws {
    let connection = try open()
    let migrator = Migrator(Self.all)
    _ = try migrator.apply(to: connection, upTo: 2, at: Self.time)
    let error = try migrationError {
      _ = try migrator.apply(to: connection, upTo: target, at: Self.time)
    }
    #expect(
      error.description.contains("cannot migrate to version \(target): the schema is version 2"))
    #expect(error.description.contains("runner db migrate rollback --last"))
  }

  @Test func `the steps of the program are numbered from 1`() async {
    _ = Migrator(Schema.migrations)
    await #expect(processExitsWith: .failure) {
      _ = Migrator([Migration(version: 2, name: "late", up: "", down: "")])
    }
  }
}
