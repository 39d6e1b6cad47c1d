import Foundation
import Secrets
import Testing

@testable import Persistence
@testable import Runner

@Suite("runner db")
struct DatabaseCommandTests {
  private static let newest = Schema.migrations.count

  private func runner(
    _ words: String, in folder: borrowing TemporaryFolder, _ environment: [String: String] = [:]
  ) async throws -> Finished {
    try await RunnerProcess.run(
      words.split(separator: " ").map(String.init), in: folder, environment: environment)
  }

  // MARK: - migrate

  @Test func `a new database is made, and nothing is left to apply`() async throws {
    let folder = try TemporaryFolder()
    let made = try await runner("db migrate apply --db store.db", in: folder)
    #expect(made.code == 0, "\(made.errors)")
    #expect(
      made.outputText
        == Schema.migrations.map { "applied \($0.version) \($0.name)\n" }.joined())
    let again = try await runner("db migrate apply --db store.db", in: folder)
    #expect(again.outputText == "nothing to apply\n")
    let list = try await runner("db migrate list --db store.db", in: folder)
    let lines = list.outputText.split(separator: "\n")
    #expect(lines.count == Self.newest)
    for (line, migration) in zip(lines, Schema.migrations) {
      #expect(line.hasPrefix("\(migration.version)  \(migration.name)  applied 2"), "\(line)")
    }
    // A reader of a log leaves an empty one.
    #expect(
      try folder.names.filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }
        == ["store.db", "store.db-lock"])
  }

  @Test func `a dry run prints the SQL and changes nothing`() async throws {
    let folder = try TemporaryFolder()
    let absent = try await runner("db migrate apply --dry-run --db store.db", in: folder)
    #expect(absent.code == 0, "\(absent.errors)")
    #expect(
      absent.outputText
        == Schema.migrations.map { "-- \($0.version) \($0.name)\n\($0.up)\n" }.joined())
    #expect(try folder.names == [])
    _ = try await runner("db migrate apply --to 1 --db store.db", in: folder)
    let before = try folder.bytes(of: "store.db")
    let rest = try await runner("db migrate apply --dry-run --db store.db", in: folder)
    #expect(!rest.outputText.contains("-- 1 "))
    let back = try await runner("db migrate rollback --last --dry-run --db store.db", in: folder)
    let first = try #require(Schema.migrations.first)
    #expect(back.outputText == "-- 1 \(first.name)\n\(first.down)\n")
    #expect(try folder.bytes(of: "store.db") == before)
  }

  @Test(
    "A database without a name leaves nothing behind",
    arguments: [
      "db migrate apply", "backtest --csv candles.csv", "paper --csv candles.csv --speed max",
      "live --sandbox candles.csv --speed lockstep",
    ])
  func noName(_ words: String) async throws {
    let folder = try TemporaryFolder()
    try folder.write(CandleTexts.short, to: "candles.csv")
    let run = try await runner("\(words) --db=", in: folder)
    #expect(run.code == 3)
    #expect(run.errors.contains("this is no file name"), "\(run.errors)")
    #expect(try folder.names == ["candles.csv"])
  }

  @Test func `down to nothing and up again is the same schema`() async throws {
    let folder = try TemporaryFolder()
    // SQLite keeps its own `sqlite_sequence` once it has made it.
    let dump = """
      sqlite3 store.db "SELECT type, name, sql FROM sqlite_master \
      WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
      """
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let before = try await RunnerProcess.shell(dump, in: folder)
    for version in (1...Self.newest).reversed() {
      let back = try await runner("db migrate rollback --last --db store.db", in: folder)
      #expect(back.outputText.hasPrefix("rolled back \(version) "), "\(back.errors)")
    }
    #expect(try await RunnerProcess.shell(dump, in: folder).outputText == "")
    let none = try await runner("db migrate rollback --last --db store.db", in: folder)
    #expect(none.outputText == "nothing to roll back\n")
    _ = try await runner("db migrate apply --db store.db", in: folder)
    #expect(try await RunnerProcess.shell(dump, in: folder).output == before.output)
  }

  static let misuses: [(String, String)] = [
    ("db migrate apply", "--db FILE is missing"),
    ("db migrate --db a.db", "ACTION is missing"),
    ("db migrate up --db a.db", "ACTION is 'up', expected list or apply or rollback"),
    ("db migrate list --dry-run --db a.db", "--dry-run does nothing without apply or rollback"),
    ("db migrate rollback --db a.db", "--last (it undoes one migration, the last) is missing"),
    ("db migrate rollback --last --to 1 --db a.db", "--to does nothing without apply"),
    ("db migrate apply --to x --db a.db", "--to is 'x', expected a version, 1 or more"),
    ("db backup --db a.db", "FILE is missing"),
    ("db", "'runner db' is incomplete: add migrate, check, backup, encrypt, decrypt or rekey"),
  ]

  @Test("A command line that is not right is said to be so", arguments: misuses)
  func misuse(_ words: String, _ message: String) async throws {
    let folder = try TemporaryFolder()
    let run = try await runner(words, in: folder)
    #expect(run.code == 2)
    #expect(run.errors.contains("runner: \(message)"), "\(run.errors)")
    #expect(try folder.names == [])
  }

  @Test func `while another process writes, nothing is migrated or encrypted`() async throws {
    let folder = try TemporaryFolder()
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let lock = try WriterLock(database: folder.path("store.db"))
    for words in ["db migrate rollback --last", "db migrate apply", "db encrypt"] {
      let run = try await runner(
        "\(words) --db store.db", in: folder, ["RATCHET_DB_PASSWORD": "k"])
      #expect(run.code == 1, "\(words)")
      #expect(
        run.errors.contains("process \(getpid()) is writing this database"),
        "\(words): \(run.errors)")
    }
    // Reading needs no lock.
    let list = try await runner("db migrate list --db store.db", in: folder)
    #expect(list.code == 0)
    #expect(!list.outputText.contains("not applied"), "nothing was rolled back")
    #expect(try await runner("db check --db store.db", in: folder).code == 0)
    #expect(try await runner("db backup copy.db --db store.db", in: folder).code == 0)
    withExtendedLifetime(lock) {}
  }

  // MARK: - check and backup

  @Test func `a sound database is sound, a truncated one is not`() async throws {
    let folder = try TemporaryFolder()
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let sound = try await runner("db check --db store.db", in: folder)
    #expect(sound.code == 0, "\(sound.errors)")
    #expect(
      sound.outputText.hasPrefix("integrity: sound\nforeign keys: sound\nmigrations: sound\n"))
    try folder.bytes(of: "store.db").prefix(5000).write(to: folder.url.appending(path: "store.db"))
    let damaged = try await runner("db check --db store.db", in: folder)
    #expect(damaged.code == 3)
    #expect((damaged.outputText + damaged.errors).contains("runner db backup"))
  }

  @Test func `what is no database is said to be none, and is not touched`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("time,open,high,low,close,volume\n", to: "candles.csv")
    for words in [
      "db check", "db migrate list", "db migrate apply", "db migrate rollback --last",
      "db backup copy.db",
    ] {
      let run = try await runner("\(words) --db candles.csv", in: folder)
      #expect(run.code == 3)
      #expect(run.errors.contains("candles.csv: this is no SQLite database, or it is encrypted"))
    }
    let absent = try await runner("db check --db absent.db", in: folder)
    #expect(absent.code == 3)
    #expect(absent.errors.contains("absent.db: the database cannot be opened"))
    #expect(try folder.text(of: "candles.csv") == "time,open,high,low,close,volume\n")
    #expect(try !folder.names.contains("copy.db"))
  }

  @Test func `a backup is a database of its own`() async throws {
    let folder = try TemporaryFolder()
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let run = try await runner("db backup copy.db --db store.db", in: folder)
    #expect(run.outputText == "copied store.db to copy.db\n", "\(run.errors)")
    #expect(try await runner("db check --db copy.db", in: folder).code == 0)
    let again = try await runner("db backup copy.db --db store.db", in: folder)
    #expect(again.code == 3)
    #expect(again.errors.contains("the file is already there"))
  }

  // MARK: - Encryption

  @Test func `encrypt, rekey and decrypt, with passwords from each place`() async throws {
    let folder = try TemporaryFolder()
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let schema = try await RunnerProcess.shell("sqlite3 store.db .schema", in: folder).output
    try folder.write("persistence: {encryption_password: first-swordfish}\n", to: "a.yaml")
    try folder.write("persistence: {encryption_password_file: pass.txt}\n", to: "b.yaml")
    try folder.write("second-swordfish\n", to: "pass.txt")
    chmod(folder.path("pass.txt"), 0o600)
    let (environment, file) = (["RATCHET_DB_NEW_PASSWORD": "second-swordfish"], "-c b.yaml")

    for (words, code, variables) in [
      ("db encrypt -c a.yaml", 0, [:]),
      ("db check", 3, [:]),  // Without a password.
      ("db check -c a.yaml", 0, [:]),
      ("db check -c a.yaml", 3, ["RATCHET_DB_PASSWORD": "wrong-swordfish"]),  // This one wins.
      ("db backup copy.db -c a.yaml", 0, [:]),
      ("db encrypt -c a.yaml", 3, [:]),  // Twice.
      ("db rekey -c a.yaml", 4, [:]),  // Without a new password.
      ("db rekey -c a.yaml", 0, environment),
      ("db check -c a.yaml", 3, [:]),
      ("db check \(file)", 0, [:]),
      ("db migrate list \(file)", 0, [:]),
      ("db rekey \(file) --new-password-file pass.txt", 0, [:]),
      ("db check", 0, ["RATCHET_DB_PASSWORD": "second-swordfish"]),
      ("db decrypt", 4, [:]),
      ("db decrypt \(file)", 0, [:]),
      ("db check \(file)", 3, [:]),  // A password too many.
      ("db check", 0, ["RATCHET_DB_PASSWORD": ""]),
    ] as [(String, Int32, [String: String])] {
      let run = try await runner("\(words) --log-level trace --db store.db", in: folder, variables)
      #expect(run.code == code, "\(words): \(run.errors)")
      #expect(!(run.outputText + run.errors).contains("swordfish"), "\(words)")
    }
    let after = try await RunnerProcess.shell("sqlite3 store.db .schema", in: folder).output
    // A copy has the tables first and their indices behind.
    let newline = UInt8(ascii: "\n")
    let (old, new) = (schema.split(separator: newline), after.split(separator: newline))
    #expect(Set(old) == Set(new) && old.count == new.count)
    #expect(
      try await runner("db check -c a.yaml --db copy.db", in: folder).code == 0,
      "the backup has the password of its day")
  }

  @Test func `killed at any moment, encrypting leaves the old file or the new one`() async throws {
    let folder = try TemporaryFolder()
    _ = try await runner("db migrate apply --db store.db", in: folder)
    let filled = try await RunnerProcess.shell(
      """
      sqlite3 store.db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO equity SELECT i, 'a text of some length ' || i FROM n"
      """, in: folder)
    try #require(filled.code == 0, "\(filled.errors)")
    var isEncrypted = false
    for round in 0..<24 {
      // From before the first byte is written to after the last, on a slow machine and a fast one.
      let delay = [0.002, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5][round % 8]
      let action = isEncrypted ? "decrypt" : "encrypt"
      _ = try await RunnerProcess.shell(
        """
        export RATCHET_DB_PASSWORD=k
        "$RUNNER" db \(action) --db store.db >/dev/null 2>&1 & sleep \(delay); kill -9 $!; wait
        """, in: folder)
      let header = try folder.bytes(of: "store.db").prefix(15)
      isEncrypted = header != Data("SQLite format 3".utf8)
      let check = try await runner(
        "db check --db store.db", in: folder, isEncrypted ? ["RATCHET_DB_PASSWORD": "k"] : [:])
      #expect(check.code == 0, "round \(round): \(check.outputText)\(check.errors)")
    }
    let path = folder.path("store.db")
    let store = try Connection(
      path: path, mode: .readOnly, key: isEncrypted ? Secret("k") : nil)
    #expect(try store.integer("SELECT count(*) FROM equity") == 20_000)
    #expect(try store.integer("SELECT max(time) FROM equity") == 20_000)
  }

  @Test func `a password file that others may read is refused`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("word\n", to: "pass.txt")
    chmod(folder.path("pass.txt"), 0o644)
    let run = try await runner(
      "db check --set persistence.encryption_password_file=pass.txt --db store.db", in: folder)
    #expect(run.code == 4)
    #expect(run.errors.contains("others may read it (mode 644). Run: chmod 600 pass.txt"))
  }

  @Test func `a password on the command line is refused and not repeated`() async throws {
    let folder = try TemporaryFolder()
    let run = try await runner(
      "db check --set persistence.encryption_password=swordfish --db store.db", in: folder)
    #expect(run.code == 4)
    #expect(run.errors.contains("is not taken from the command line"))
    #expect(!run.errors.contains("swordfish"))
  }

  @Test func `the settings that are shown do not tell it`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("persistence: {encryption_password: swordfish}\n", to: "a.yaml")
    for words in ["config show", "config check", "config show --json -", "config check --json -"] {
      let run = try await runner("\(words) -c a.yaml", in: folder)
      #expect(run.code == 0)
      #expect(!run.outputText.contains("swordfish"))
    }
  }

  @Test("The library that a file does not need need not be there", arguments: [false, true])
  func oneLibrary(isEncrypted: Bool) async throws {
    let folder = try TemporaryFolder()
    let password = isEncrypted ? ["RATCHET_DB_PASSWORD": "k"] : [:]
    _ = try await runner("db migrate apply --db store.db", in: folder, password)
    // What cannot be loaded stands before what can.
    let (plain, cipher) = (["libsqlite3.so.0"], (0...2).map { "libsqlcipher.so.\($0)" })
    for (name, isNeeded) in plain.map({ ($0, !isEncrypted) }) + cipher.map({ ($0, isEncrypted) }) {
      let directory = isNeeded ? "needed" : "other"
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: directory), withIntermediateDirectories: true)
      try folder.write("this is no library", to: "\(directory)/\(name)")
    }
    let without = password.merging(["LD_LIBRARY_PATH": folder.path("other")]) { $1 }
    let check = try await runner("db check --db store.db", in: folder, without)
    #expect(check.code == 0, "\(check.errors)")
    let absent = password.merging(["LD_LIBRARY_PATH": folder.path("needed")]) { $1 }
    let failed = try await runner("db check --db store.db", in: folder, absent)
    #expect(failed.code == 1)
    #expect(failed.errors.contains("the database library cannot be loaded"))
    #expect(
      failed.errors.contains(
        isEncrypted ? "apt-get install libsqlcipher0" : "apt-get install libsqlite3-0"))
  }
}
