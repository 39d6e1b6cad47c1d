import Foundation
import Testing

@testable import Persistence

/// Writes batches of rows until no more fit, and says how many batches were committed.
private func fill(_ path: String) throws -> (committed: Int, error: SQLiteError) {
  let connection = try Connection(path: path, mode: .create)
  try connection.execute("CREATE TABLE n (batch INTEGER, text TEXT)")
  let insert = try connection.prepare("INSERT INTO n VALUES (?, ?)")
  let text = String(repeating: "x", count: 1000)
  for batch in 0..<10_000 {
    do {
      try connection.transaction { for _ in 0..<10 { try insert.run(batch, text) } }
    } catch let error as SQLiteError {
      return (batch, error)
    }
  }
  fatalError("the disk never filled up")
}

@Suite("A full disk")
struct DiskFullTests {
  private func check(_ path: String, _ committed: Int) throws {
    let connection = try Connection(path: path, mode: .readOnly)
    #expect(try connection.integrityDefects() == [])
    #expect(try connection.single("SELECT count(*) FROM n") == committed * 10)
    #expect(try connection.single("SELECT count(DISTINCT batch) FROM n") == committed)
  }

  @Test func `a limit on the size of files is an error, and what was committed stays`() async throws
  {
    let folder = try TemporaryFolder()
    let path = folder.file("store.db")
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 500_000, rlim_max: 500_000)
      setrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
      let (committed, error) = try fill(path)
      // For the parent to check.
      try "\(committed)\n\(error.problem)\n\(error)".write(
        toFile: path + ".end", atomically: false, encoding: .utf8)
    }
    let end = try String(contentsOfFile: path + ".end", encoding: .utf8).split(separator: "\n")
    let committed = try #require(Int(end[0]))
    #expect(committed > 3)
    // SQLite does not tell this limit from a broken disk.
    #expect(end[1] == "inputOutput", "\(end[2])")
    #expect(end[2].contains("Check free space, quotas, `ulimit -f` and the system's log"))
    try check(path, committed)
  }

  /// Whether this test may mount: only root does, and not in every container.
  private static let canMount: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    guard let mounted = try? run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path])
    else { return false }
    if mounted.status == 0 { _ = try? run("umount", [folder.path]) }
    return mounted.status == 0
  }()

  @Test(.enabled(if: canMount, "needs to mount a tmpfs"))
  func `a full file system is an error, and what was committed stays`() throws {
    let folder = try TemporaryFolder()
    #expect(try run("mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", folder.path]).status == 0)
    defer { _ = try? run("umount", [folder.path]) }
    let path = folder.file("store.db")
    let (committed, error) = try fill(path)
    #expect(committed > 3)
    #expect(error.problem == .diskFull)
    #expect(error.description.contains("no space is left for the database"))
    #expect(error.description.contains("what was committed before is: free some space"))
    try check(path, committed)
  }
}
