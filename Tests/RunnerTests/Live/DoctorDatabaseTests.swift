import Foundation
import Persistence
import TestKit
import Testing

@testable import Runner

@Suite("runner doctor and the database")
struct DoctorDatabaseTests {
  @Test func `of the session itself is sound`() async throws {
    try await ExchangeNearby.run { nearby in
      let session = nearby.session
      let live = try await session.run(
        "live", "--sandbox", "candles.csv", "--db", "live.db", "--speed", "lockstep")
      try #require(live.code == 0, "\(live.errors)")
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.isReady, "\(found.finished.outputText)")
      #expect(found["database"]?.text.contains("the session goes on after event") == true)

      // Other settings, another pair, a password too many.
      let other = try await nearby.doctor("--db", "live.db", "--set", "exit.trail=0.03")
      #expect(other.names("problem") == ["database"])
      #expect(other["database"]?.text.contains("exit.trail") == true)
      let secret = try await nearby.doctor(
        "--db", "live.db", environment: ["RATCHET_DB_PASSWORD": "open sesame"])
      #expect(secret["library"]?.text.hasPrefix("SQLCipher") == true)
      #expect(secret.names("problem") == ["database"])
      #expect(secret["database"]?.text.contains("is not encrypted") == true)
      #expect(secret["database"]?.advice?.hasSuffix("runner db encrypt --db live.db") == true)
      #expect(!secret.finished.outputText.contains("sesame"))

      // Somebody writes it now.
      do {
        let lock = try WriterLock(database: session.folder.path("live.db"))
        let held = try await nearby.doctor("--db", "live.db")
        #expect(held.names("problem") == ["database"])
        #expect(held["database"]?.text.contains("process \(getpid()) is writing") == true)
        #expect(held["database"]?.advice?.contains("kill \(getpid())") == true)
        withExtendedLifetime(lock.path) {}
      }

      // Damaged: pages in the middle are somebody else's.
      let damaged = try await RunnerProcess.shell(
        "dd if=/dev/urandom of=live.db bs=4096 seek=3 count=4 conv=notrunc 2>/dev/null",
        in: session.folder)
      try #require(damaged.code == 0)
      let broken = try await nearby.doctor("--db", "live.db")
      #expect(broken.names("problem") == ["database"], "\(broken.finished.outputText)")
      #expect(broken.lines.last?.name == "feed", "what comes after is looked at all the same")
    }
  }

  @Test func `of another run, or an older schema, is told`() async throws {
    try await ExchangeNearby.run { nearby in
      let paper = try await nearby.session.paper("paper.db")
      try #require(paper.code == 0, "\(paper.errors)")
      let found = try await nearby.doctor("--db", "paper.db")
      #expect(found.names("problem") == ["database"])
      #expect(found["database"]?.text.contains("it is of paper, this run of live") == true)
      let old = try await nearby.session.run(
        "db", "migrate", "rollback", "--last", "--db", "paper.db")
      try #require(old.code == 0, "\(old.errors)")
      let older = try await nearby.doctor("--db", "paper.db")
      #expect(older.names("problem") == ["database"])
      let version = Schema.migrator.newest - 1
      #expect(older["database"]?.text.contains("the schema is version \(version)") == true)
      #expect(older["database"]?.text.contains("runner db migrate apply") == true)
      try nearby.session.folder.write("no database at all", to: "text.db")
      let text = try await nearby.doctor("--db", "text.db")
      #expect(text.names("problem") == ["database"])
      #expect(text["database"]?.text.hasSuffix("or it is encrypted") == true)
      #expect(text["database"]?.advice?.hasSuffix("or RATCHET_DB_PASSWORD") == true)
      #expect(text.finished.outputText.contains("\n                       -> Check the path;"))
    }
  }

  @Test(
    "cannot be written where one of its files is somebody else's",
    arguments: [
      (["", "-lock"], [], nil), (["", "-lock"], [""], ""), (["", "-lock"], ["-lock"], "-lock"),
      (["", "-lock", "-wal"], ["-wal"], "-wal"), ([""], ["-lock"], nil),
    ] as [([String], [String], String?)])
  func owners(there: [String], closed: [String], found: String?) {
    // A stand-in, since root may write everything.
    let file = DatabaseFiles.unwritable(of: "no/where.db") { path, mode in
      let end = String(path.dropFirst("no/where.db".count))
      return there.contains(end) && !(mode == W_OK && closed.contains(end))
    }
    #expect(file == found.map { "no/where.db\($0)" })
  }

  @Test func `has its lock beside the file that a link leads to`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "real.db")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.db"), withDestinationPath: "real.db")
    let file = DatabaseFiles.unwritable(of: folder.path("link.db")) { path, mode in
      mode == F_OK || !path.hasSuffix("/real.db-lock")
    }
    #expect(file?.hasSuffix("/real.db-lock") == true)
  }

  @Test(
    "that this user may not write is told",
    .enabled(if: geteuid() != 0, "root may write everything"),
    arguments: ["live.db", "live.db-lock"])
  func unwritable(file: String) async throws {
    try await ExchangeNearby.run { nearby in
      let live = try await nearby.session.run(
        "live", "--sandbox", "candles.csv", "--db", "live.db", "--speed", "lockstep")
      try #require(live.code == 0, "\(live.errors)")
      try #require(chmod(nearby.session.folder.path(file), 0o444) == 0)
      let found = try await nearby.doctor("--db", "live.db")
      #expect(found.names("problem") == ["database"])
      let line = try #require(found["database"])
      #expect(line.text.hasSuffix("/\(file) cannot be written by this user"), "\(line.text)")
      #expect(line.advice?.contains("chmod u+w") == true)
    }
  }

  @Test func `that is gone and has left its log is not made anew`() async throws {
    try await ExchangeNearby.run { nearby in
      try nearby.session.folder.write("what was not in the database yet", to: "gone.db-wal")
      let found = try await nearby.doctor("--db", "gone.db")
      #expect(found.names("problem") == ["database"])
      #expect(found["database"]?.text.contains("its log gone.db-wal is not") == true)
      let live = try await nearby.session.run("live", "--exchange", "keys", "--db", "gone.db")
      #expect(live.code != 0)
      #expect(live.errors.contains("its log gone.db-wal is not"), "\(live.errors)")
    }
  }

  @Test func `without a run is one that a session begins in`() async throws {
    try await ExchangeNearby.run { nearby in
      let session = nearby.session
      try session.folder.write("", to: "empty.db")
      let tables: [(String, [String])] = [("new.db", []), ("old.db", ["--to", "1"])]
      for (name, more) in tables {
        let made = try await RunnerProcess.run(
          ["db", "migrate", "apply", "--db", name] + more, in: session.folder)
        try #require(made.code == 0, "\(made.errors)")
      }
      for name in ["empty.db", "new.db", "old.db"] {
        let found = try await nearby.doctor("--db", name)
        #expect(found["database"]?.verdict == "ok")
        #expect(found["database"]?.text == "\(name) is empty: the session would begin in it")
        let live = try await session.run(
          "live", "--sandbox", "candles.csv", "--db", name, "--speed", "lockstep")
        #expect(live.code == 0, "\(name): \(live.errors)")
      }
    }
  }
}
