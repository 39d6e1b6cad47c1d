import Foundation
import Persistence
import TestKit
import Testing

@Suite("Faults of the disk", .timeLimit(.minutes(10)))
struct DiskFaultTests {
  /// A command that keeps a run, and how much room it runs out of on its way.
  struct Kept: CustomTestStringConvertible {
    let words: [String]
    let kilobytes: Int
    var testDescription: String { "\(words[0]) in \(kilobytes) KB" }
  }

  private static let paper = ["paper", "--speed", "max"]
  /// While the tables are made, and on the way.
  static let kept = [
    Kept(words: paper, kilobytes: 60), Kept(words: paper, kilobytes: 420),
    Kept(words: ["backtest"], kilobytes: 60), Kept(words: ["backtest"], kilobytes: 230),
  ]

  private func run(
    _ kept: Kept, _ database: String, in session: SessionFolder, limit: String = ""
  ) async throws -> Finished {
    let words = kept.words.joined(separator: " ")
    return try await RunnerProcess.bash(
      "\(limit)\nexec \"$RUNNER\" \(words) --csv candles.csv --db \(database)", in: session.folder)
  }

  /// The rows that the command leaves undisturbed.
  private func expected(_ kept: Kept, in session: SessionFolder) async throws -> [String] {
    let whole = try await run(kept, "whole.db", in: session)
    try #require(whole.code == 0, "\(whole.errors)")
    return try session.rows("whole.db")
  }

  // MARK: - Full

  /// Whether this test may mount: only root does, and not in every container.
  private static let canMount = shell(
    "d=$(mktemp -d) || exit; mount -t tmpfs tmpfs $d && umount $d; code=$?; rmdir $d; exit $code")

  private static func shell(_ line: String) -> Bool {
    (try? FinishedProcess.holdingThread("/bin/sh", ["-c", line]))?.code == 0
  }

  @Test(
    "A full disk is said to be full, and with more room the run is what it would have been",
    .enabled(if: canMount, "needs to mount a tmpfs"), arguments: kept)
  func full(_ kept: Kept) async throws {
    let session = try await SessionFolder(candles: 1500)
    let rows = try await expected(kept, in: session)
    let mount = "mkdir disk && mount -t tmpfs -o size=\(kept.kilobytes)k tmpfs disk"
    try #require(try await RunnerProcess.shell(mount, in: session.folder).code == 0)
    do {
      let stopped = try await run(kept, "disk/run.db", in: session)
      #expect(stopped.code == 1, "\(stopped.errors)")
      #expect(stopped.errors.contains("no space is left for the database"), "\(stopped.errors)")
      #expect(
        stopped.errors.contains("what was committed before is: free some space"),
        "\(stopped.errors)")
      let larger = "mount -o remount,size=20m disk"
      #expect(try await RunnerProcess.shell(larger, in: session.folder).code == 0)
      let rest = try await run(kept, "disk/run.db", in: session)
      #expect(rest.code == 0, "\(rest.errors)")
      #expect(try session.rows("disk/run.db") == rows)
      let check = try await session.run("db", "check", "--db", "disk/run.db")
      #expect(check.code == 0, "\(check.outputText)\(check.errors)")
    } catch {
      _ = try await RunnerProcess.shell("umount disk", in: session.folder)
      throw error
    }
    #expect(try await RunnerProcess.shell("umount disk", in: session.folder).code == 0)
  }

  @Test("So is a file that may not grow any more", arguments: kept)
  func limited(_ kept: Kept) async throws {
    let session = try await SessionFolder(candles: 1500)
    let rows = try await expected(kept, in: session)
    // The log is the largest of the files.
    let stopped = try await run(
      kept, "run.db", in: session, limit: "ulimit -f \(kept.kilobytes / 2)")
    #expect(stopped.code == 1, "\(stopped.errors)")
    #expect(stopped.errors.contains("`ulimit -f`"), "\(stopped.errors)")
    #expect(stopped.errors.contains("run.db"))
    let rest = try await run(kept, "run.db", in: session)
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try session.rows("run.db") == rows)
  }

  // MARK: - Read only

  /// What takes the right to write away from root too, and gives it back.
  struct Protection: CustomTestStringConvertible {
    let testDescription: String
    let isPossible: Bool
    let begin: String
    let end: String
    let message: String
  }

  static let protections = [
    Protection(
      testDescription: "a file that may not be changed",
      isPossible: shell(
        "f=$(mktemp) || exit; chattr +i $f && chattr -i $f; code=$?; rm -f $f; exit $code"),
      begin: "chattr +i disk/run.db", end: "chattr -i disk/run.db",
      message: "disk/run.db: the database cannot be written"),
    Protection(
      testDescription: "a file system that may only be read", isPossible: canMount,
      begin: "mount --bind disk disk && mount -o remount,bind,ro disk", end: "umount disk",
      message: "disk/run.db-lock: the lock cannot be taken (Read-only file system)"),
  ].filter(\.isPossible)

  @Test(
    "What may not be written is said to be so, and is as it was",
    .enabled(if: !protections.isEmpty, "needs chattr or mount"), arguments: protections)
  func readOnly(_ protection: Protection) async throws {
    for kept in [Self.kept[0], Self.kept[2]] {
      let session = try await SessionFolder(candles: 300)
      let folder = try await RunnerProcess.shell("mkdir disk", in: session.folder)
      #expect(folder.code == 0)
      let made = try await run(kept, "disk/run.db", in: session)
      try #require(made.code == 0, "\(made.errors)")
      let before = try session.folder.bytes(of: "disk/run.db")
      let begun = try await RunnerProcess.shell(protection.begin, in: session.folder)
      try #require(begun.code == 0, "\(begun.errors)")
      let refused = try await run(kept, "disk/run.db", in: session)
      let ended = try await RunnerProcess.shell(protection.end, in: session.folder)
      #expect(ended.code == 0)
      #expect(refused.code != 0)
      #expect(refused.errors.contains(protection.message), "\(refused.errors)")
      #expect(refused.errors.contains("Check "))
      #expect(try session.folder.bytes(of: "disk/run.db") == before)
      let again = try await run(kept, "disk/run.db", in: session)
      #expect(again.code == 0, "\(again.errors)")
    }
  }

  // MARK: - Cut and removed

  @Test("A file that was cut is named as damaged, and is not touched", arguments: [2, 4])
  func cut(parts: Int) async throws {
    for kept in [Self.kept[0], Self.kept[2]] {
      let session = try await SessionFolder(candles: 600)
      _ = try await expected(kept, in: session)
      let whole = try session.folder.bytes(of: "whole.db")
      try whole.prefix(whole.count / parts).write(
        to: session.folder.url.appending(path: "whole.db"))
      let before = try session.folder.bytes(of: "whole.db")
      let refused = try await run(kept, "whole.db", in: session)
      #expect(refused.code == 3)
      #expect(refused.errors.contains("whole.db: the database is damaged"), "\(refused.errors)")
      #expect(refused.errors.contains("runner db check --db whole.db"))
      #expect(refused.errors.contains("restore a backup made by `runner db backup`"))
      #expect(try session.folder.bytes(of: "whole.db") == before)
      for words in [["audit"], ["db", "check"]] {
        let looked = try await RunnerProcess.run(words + ["--db", "whole.db"], in: session.folder)
        #expect(looked.code == 3, "\(words): \(looked.outputText)\(looked.errors)")
        #expect(try session.folder.bytes(of: "whole.db") == before)
      }
    }
  }

  /// What somebody does to the files while a session runs, and what the session says then.
  struct Meddling: CustomTestStringConvertible {
    let line: String
    let code: Int32
    let message: String
    /// Whether the same command goes on afterwards; else the database is damaged.
    let goesOn: Bool
    var testDescription: String { line }
  }

  static let meddlings = [
    Meddling(
      line: "truncate -s 6000 run.db", code: 3, message: "run.db was cut from ", goesOn: false),
    Meddling(line: "truncate -s 0 run.db", code: 3, message: "run.db was cut from ", goesOn: false),
    Meddling(
      line: "truncate -s 0 run.db-wal", code: 3, message: "run.db-wal was cut from ", goesOn: true),
    Meddling(
      line: "truncate -s 5000 run.db-wal", code: 3, message: "run.db-wal was cut from ",
      goesOn: true),
    Meddling(
      line: "truncate -s 0 run.db-shm", code: 3, message: "a file of it was cut", goesOn: true),
    Meddling(
      line: "rm run.db-wal", code: 1, message: "run.db-wal was removed or replaced", goesOn: true),
  ]

  @Test(
    "A file that is cut while a session runs stops it, and nothing is made worse",
    arguments: meddlings)
  func meddling(_ meddling: Meddling) async throws {
    let session = try await SessionFolder(candles: 600)
    let kept = Self.kept[0]
    let rows = try await expected(kept, in: session)
    // Half of it is there, all in its file, and the rest would take minutes.
    let half = try await session.paper("run.db", environment: ["RATCHET_EXIT_AFTER_COMMIT": "250"])
    try #require(half.code == 86, "\(half.errors)")
    let checkpoint = "sqlite3 run.db 'PRAGMA wal_checkpoint(TRUNCATE)'"
    #expect(try await RunnerProcess.shell(checkpoint, in: session.folder).code == 0)
    let before = try session.store("run.db").reader.lastEvent()
    let process = try session.start(
      "paper", "--db", "run.db", "--speed", "900", errors: "errors.txt")
    var isOnItsWay = false
    while !isOnItsWay {
      try #require(process.code == nil, "\((try? session.folder.text(of: "errors.txt")) ?? "")")
      isOnItsWay = (try? session.store("run.db").reader.lastEvent() > before + 10) ?? false
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(try await RunnerProcess.shell(meddling.line, in: session.folder).code == 0)
    let code = try await process.end()
    let said = try session.folder.text(of: "errors.txt")
    #expect(code == meddling.code, "\(said)")
    #expect(said.contains(meddling.message), "\(said)")
    #expect(said.contains("un `runner db check --db run.db`"), "\(said)")
    let again = try await run(kept, "run.db", in: session)
    if meddling.goesOn {
      #expect(again.code == 0, "\(again.errors)")
      #expect(try session.rows("run.db") == rows)
    } else {
      #expect(again.code == 3, "\(again.errors)")
      #expect(again.errors.contains("runner db backup"), "\(again.errors)")
    }
  }

  @Test("Without its log a store goes on from what is in its file", arguments: [3, 36])
  func logRemoved(commit: Int) async throws {
    let session = try await SessionFolder(candles: 600)
    let rows = try await expected(Self.kept[0], in: session)
    let ended = try await session.paper(
      "run.db", environment: ["RATCHET_EXIT_AFTER_COMMIT": "\(commit)"])
    #expect(ended.code == 86)
    #expect(try session.folder.names.contains("run.db-wal"))
    #expect(try await RunnerProcess.shell("rm run.db-wal", in: session.folder).code == 0)
    let rest = try await session.paper("run.db")
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try session.rows("run.db") == rows)
  }

  @Test("A log without its database is not thrown away", arguments: ["rm", "truncate -s 0"])
  func databaseGone(_ means: String) async throws {
    let session = try await SessionFolder(candles: 300)
    let ended = try await session.paper(
      "run.db", environment: ["RATCHET_EXIT_AFTER_COMMIT": "20"])
    #expect(ended.code == 86)
    #expect(try await RunnerProcess.shell("\(means) run.db", in: session.folder).code == 0)
    let log = try session.folder.bytes(of: "run.db-wal")
    let refused = try await session.paper("run.db")
    #expect(refused.code == 3)
    #expect(
      refused.errors.contains("and its log run.db-wal is not; to begin anew, delete the log too"),
      "\(refused.errors)")
    #expect(try session.folder.bytes(of: "run.db-wal") == log)
    #expect(try await RunnerProcess.shell("rm run.db-wal", in: session.folder).code == 0)
    #expect(try await session.paper("run.db").code == 0)
  }

  // MARK: - Versions

  @Test("A newer schema is refused; an older one goes up and on", arguments: kept[1...2])
  func versions(_ kept: Kept) async throws {
    let session = try await SessionFolder(candles: 300)
    let rows = try await expected(kept, in: session)
    let newest = Schema.migrations.count
    let sql = { (text: String) in "sqlite3 whole.db \"\(text)\"" }
    // A number alone, without the list of migrations, is damage.
    for (change, message) in [
      (sql("PRAGMA user_version=99"), "the list of migrations is not sound"),
      (
        sql(
          "PRAGMA user_version=\(newest + 1); INSERT INTO migrations VALUES (\(newest + 1), 'x', 'x', 0)"
        ),
        "the schema is version \(newest + 1), this program knows only \(newest)"
      ),
    ] {
      #expect(try await RunnerProcess.shell(change, in: session.folder).code == 0)
      let before = try session.folder.bytes(of: "whole.db")
      let refused = try await run(kept, "whole.db", in: session)
      #expect(refused.code == 3)
      #expect(refused.errors.contains(message), "\(refused.errors)")
      #expect(try session.folder.bytes(of: "whole.db") == before)
    }
    let back = sql(
      "DELETE FROM migrations WHERE version > \(newest); PRAGMA user_version=\(newest)")
    #expect(try await RunnerProcess.shell(back, in: session.folder).code == 0)
    let down = try await session.run("db", "migrate", "rollback", "--last", "--db", "whole.db")
    #expect(down.code == 0, "\(down.errors)")
    let older = try await run(kept, "whole.db", in: session)
    #expect(older.code == 3)
    #expect(
      older.errors.contains(
        "the schema is version \(newest - 1), this program needs version \(newest)"))
    #expect(older.errors.contains("runner db migrate apply --db whole.db"))
    let up = try await session.run("db", "migrate", "apply", "--db", "whole.db")
    #expect(up.code == 0, "\(up.errors)")
    let rest = try await run(kept, "whole.db", in: session)
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try session.rows("whole.db") == rows)
  }
}
