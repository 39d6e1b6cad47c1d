import Foundation
import Testing

@testable import Persistence

@Suite("One writer at a time")
struct WriterLockTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
  }

  @Test func `a second one is refused, with the process to look for`() throws {
    do {
      let lock = try WriterLock(database: path)
      #expect(lock.path == path + "-lock")
      #expect(String(decoding: try folder.bytes("store.db-lock"), as: UTF8.self) == "\(getpid())\n")
      let error = #expect(throws: WriterLockError.self) { _ = try WriterLock(database: path) }
      #expect(error?.problem == .held(by: getpid()))
      #expect(
        error?.description.hasPrefix("\(path): process \(getpid()) is writing this database")
          == true)
      #expect(error?.description.contains("kill \(getpid())") == true)
    }
    // Given back, and taken again.
    #expect(try folder.bytes("store.db-lock") == [])
    _ = try WriterLock(database: path)
  }

  @Test func `it dies with its process`() async throws {
    let path = path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let lock = try WriterLock(database: path)
      kill(getpid(), SIGKILL)
      print(lock.path)
    }
    // It was there: a process id is left, and is not ours.
    let left = String(decoding: try folder.bytes("store.db-lock"), as: UTF8.self)
    #expect(try #require(Int32(left.trimmingCharacters(in: .newlines))) != getpid())
    _ = try WriterLock(database: path)
  }

  @Test func `who asks whether it is held changes nothing`() throws {
    #expect(try !WriterLock.isHeld(database: path))
    #expect(try folder.names() == [])
    do {
      let lock = try WriterLock(database: path)
      #expect(try WriterLock.isHeld(database: path))
      #expect(String(decoding: try folder.bytes("store.db-lock"), as: UTF8.self) == "\(getpid())\n")
      #expect(lock.path == path + "-lock")
    }
    #expect(try !WriterLock.isHeld(database: path))
    let error = #expect(throws: WriterLockError.self) {
      _ = try WriterLock.isHeld(database: folder.file("store.db-lock/store.db"))
    }
    #expect(error?.description.contains("the lock cannot be taken (Not a directory)") == true)
  }

  @Test func `a moment of asking does not keep a writer out`() throws {
    let asking = open(path + "-lock", O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(asking) }
    #expect(flock(asking, LOCK_SH) == 0)
    // Two who ask do not take each other for a writer.
    #expect(try !WriterLock.isHeld(database: path))
    var pauses = 0
    let lock = try WriterLock(database: path) {
      pauses += 1
      if pauses == 2 { flock(asking, LOCK_UN) }
    }
    #expect(pauses == 2)
    #expect(lock.path == path + "-lock")
  }

  @Test func `a link to the file is the file`() throws {
    try folder.write([], to: "store.db")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.db"), withDestinationPath: path)
    let lock = try WriterLock(database: path)
    #expect(throws: WriterLockError.self) { _ = try WriterLock(database: folder.file("link.db")) }
    #expect(lock.path == path + "-lock")
  }

  @Test func `a holder that has not written its process id is still one`() throws {
    let other = open(path + "-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(other) }
    #expect(flock(other, LOCK_EX) == 0)
    // Of a process that cannot be: ids end at 4194304.
    #expect(pwrite(other, "4194305\n", 8, 0) == 8)
    let error = #expect(throws: WriterLockError.self) { _ = try WriterLock(database: path) }
    #expect(error?.problem == .held(by: nil))
    #expect(error?.description.contains("fuser \(path)-lock") == true)
  }

  @Test func `a folder that is not there is an error`() throws {
    let error = #expect(throws: WriterLockError.self) {
      _ = try WriterLock(database: folder.file("none/store.db"))
    }
    #expect(
      error?.description.contains("store.db-lock: the lock cannot be taken (No such file") == true)
  }

  @Test func `readers need none`() throws {
    let lock = try WriterLock(database: path)
    do { try Connection(path: path, mode: .create).execute("CREATE TABLE a (b)") }
    #expect(try Connection(path: path, mode: .readOnly).single("SELECT count(*) FROM a") == 0)
    #expect(lock.path.hasSuffix("-lock"))
  }
}
