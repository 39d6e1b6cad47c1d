import Foundation
import Synchronization
import Testing

@testable import Telemetry

@Suite("A log in a file that rotates")
struct RotatingFileSinkTests {
  private func event(_ number: Int) -> LogEvent {
    LogEvent(time: noon, level: .info, message: "line", fields: [.init("n", LogValue(number))])
  }

  /// The lines of the log and its older files, oldest first, as their numbers.
  private func numbers(in folder: URL, _ name: String = "run.log") throws -> [Int] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.hasPrefix(name) }
      .sorted {
        (Int($0.dropFirst(name.count + 1)) ?? 0) > (Int($1.dropFirst(name.count + 1)) ?? 0)
      }
    return try names.flatMap { file in
      try String(contentsOf: folder.appending(path: file), encoding: .utf8).split(separator: "\n")
        .map { line in
          let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
          return try #require(object?["n"] as? Int, "\(line)")
        }
    }
  }

  @Test func `rotation loses no line and keeps the order`() throws {
    try withTemporaryFolder { folder in
      let sink = RotatingFileSink(
        path: folder.appending(path: "run.log").path(), maxSize: 1000, maxFiles: 100,
        complain: { Issue.record("complained: \($0)") })
      for number in 0..<500 { sink.write(event(number)) }
      #expect(try numbers(in: folder) == Array(0..<500))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      #expect(names.count > 20)
      for name in names {
        let data = try Data(contentsOf: folder.appending(path: name))
        #expect(data.count <= 1000)
        #expect(data.last == UInt8(ascii: "\n"))
      }
    }
  }

  @Test func `only so many full files are kept, the newest`() throws {
    try withTemporaryFolder { folder in
      let sink = RotatingFileSink(
        path: folder.appending(path: "run.log").path(), maxSize: 1000, maxFiles: 2,
        complain: { Issue.record("complained: \($0)") })
      for number in 0..<500 { sink.write(event(number)) }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == [
          "run.log", "run.log.1", "run.log.2",
        ])
      let kept = try numbers(in: folder)
      #expect(kept == Array((500 - kept.count)..<500))
      #expect(kept.count > 20)
    }
  }

  @Test func `a line longer than a file is written all the same`() throws {
    try withTemporaryFolder { folder in
      let sink = RotatingFileSink(
        path: folder.appending(path: "run.log").path(), maxSize: 10, maxFiles: 9,
        complain: { Issue.record("complained: \($0)") })
      for number in 0..<5 { sink.write(event(number)) }
      let found = try numbers(in: folder)
      #expect(found == Array(0..<5))
    }
  }

  @Test func `many threads, and a second process's sink on the same file, lose nothing`()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ratchet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }  // A leftover harms no later test.
    let path = folder.appending(path: "run.log").path()
    let sink = RotatingFileSink(
      path: path, maxSize: 5000, maxFiles: 100, complain: { Issue.record("complained: \($0)") })
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<8 {
        group.addTask { for number in 0..<100 { sink.write(self.event(thread * 100 + number)) } }
      }
    }
    let other = RotatingFileSink(
      path: path, maxSize: 5000, maxFiles: 100, complain: { Issue.record("complained: \($0)") })
    for number in 800..<1000 {
      (number.isMultiple(of: 2) ? sink : other).write(event(number))
    }
    let found = try numbers(in: folder)
    #expect(Set(found) == Set(0..<1000))
    #expect(found.count == 1000)
  }

  @Test func `a file that somebody removes or moves is begun anew`() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "run.log")
      let sink = RotatingFileSink(
        path: url.path(), maxSize: 1000, maxFiles: 3,
        complain: { Issue.record("complained: \($0)") })
      sink.write(event(1))
      try FileManager.default.removeItem(at: url)
      sink.write(event(2))
      #expect(try numbers(in: folder) == [2])
    }
  }

  @Test func `a disk without room is said once, and harms nobody`() {
    let said = Mutex<[String]>([])
    let sink = RotatingFileSink(path: "/dev/full", maxSize: 1000, maxFiles: 1) { text in
      said.withLock { $0.append(text) }
    }
    for number in 0..<10 { sink.write(event(number)) }
    let complaints = said.withLock { $0 }
    #expect(complaints.count == 1)
    #expect(complaints.first?.hasPrefix("cannot write the log /dev/full: No space left") == true)
  }

  @Test func `once there is room again the log says how much is lost`() throws {
    try withTemporaryFolder { folder in
      let inner = folder.appending(path: "later")
      let said = Mutex(0)
      let sink = RotatingFileSink(
        path: inner.appending(path: "run.log").path(), maxSize: 1000, maxFiles: 1,
        complain: { _ in said.withLock { $0 += 1 } })
      for number in 0..<3 { sink.write(event(number)) }
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)
      sink.write(event(3))
      let lines = try String(contentsOf: inner.appending(path: "run.log"), encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines[0].contains("\"lost\": 3"))
      #expect(lines[1].contains("\"n\": 3"))
      #expect(said.withLock { $0 } == 1)
    }
  }
}
