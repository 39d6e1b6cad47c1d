import Foundation
import Testing

@testable import Persistence

@Suite("Backups")
struct BackupTests {
  private let folder: TemporaryFolder
  private let path: String
  private let copy: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("store.db")
    copy = folder.file("copy.db")
  }

  private func make() throws -> Connection {
    let connection = try Connection(path: path, mode: .create)
    try connection.execute("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (1), (2)")
    return connection
  }

  @Test func `it holds what was committed, and blocks no writer`() throws {
    let writer = try make()
    let reader = try Connection(path: path, mode: .readOnly)
    try writer.transaction {
      try writer.execute("INSERT INTO n VALUES (3)")
      try reader.backup(to: copy)
      try writer.execute("INSERT INTO n VALUES (4)")
    }
    let backup = try Connection(path: copy, mode: .readOnly)
    #expect(try backup.single("SELECT count(*) FROM n") == 2)
    #expect(try backup.integrityDefects() == [])
    #expect(try writer.single("SELECT count(*) FROM n") == 4)
  }

  @Test func `a file that is there is not overwritten`() throws {
    try folder.write([1, 2, 3], to: "copy.db")
    let error = try sqliteError { try make().backup(to: copy) }
    #expect(error.description.contains("the file is already there; choose another name"))
    #expect(try folder.bytes("copy.db") == [1, 2, 3])
  }

  @Test func `what a killed backup left does not stop the next`() throws {
    try folder.write(Array(repeating: 7, count: 5000), to: "copy.db.partial")
    do { try make().backup(to: copy) }
    #expect(try Connection(path: copy, mode: .readOnly).single("SELECT count(*) FROM n") == 2)
    #expect(try folder.names().contains("copy.db.partial") == false)
  }

  @Test func `a folder that is not there is named`() throws {
    let error = try sqliteError { try make().backup(to: folder.file("none/copy.db")) }
    #expect(error.problem == .cannotOpen)
    #expect(error.description.contains("none/copy.db"))
  }
}
