import Foundation
import FuzzTargets
import Testing

@Suite("The fuzzers' corpus")
struct CorpusTests {
  /// The folder `Fuzzing/Corpus` of this checkout.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fuzzing/Corpus").standardizedFileURL

  private static func files(of target: FuzzTarget) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: target.rawValue), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  @Test("Nothing in the corpus breaks a promise", arguments: FuzzTarget.allCases)
  func corpus(of target: FuzzTarget) async throws {
    let files = try Self.files(of: target)
    // A database has a page for each table: there are few.
    #expect(files.count > (target == .database ? 4 : 20))
    for file in files {
      let bytes = Array(try Data(contentsOf: file))
      // A target may wait for tasks, which need the threads that tests run on.
      let finding = await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: target.finding(in: bytes)) }
      }
      #expect(finding == nil, "Fuzzing/Corpus/\(target.rawValue)/\(file.lastPathComponent)")
    }
  }

  @Test func `the corpus is small enough for a repository`() throws {
    let sizes = try FuzzTarget.allCases.flatMap { try Self.files(of: $0) }.map {
      try Data(contentsOf: $0).count
    }
    #expect(sizes.reduce(0, +) < 300_000)
  }
}
