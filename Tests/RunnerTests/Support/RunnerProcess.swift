import Foundation
import TestKit

/// What a process left behind.
struct Finished: Sendable {
  /// The exit code; the signal's number below 0 where a signal ended it.
  let code: Int32
  let output: Data
  let errors: String

  var outputText: String { String(decoding: output, as: UTF8.self) }
}

/// The built executable `runner`, which the package manager puts beside the test bundle.
enum RunnerProcess {
  static let executable: URL = {
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "runner")
  }()

  /// Runs `runner` in a folder.
  static func run(
    _ arguments: [String], in folder: borrowing TemporaryFolder,
    from directory: URL? = nil, environment: [String: String] = [:]
  ) async throws -> Finished {
    try await run(
      executable, arguments, in: folder.url, from: directory ?? folder.url, environment)
  }

  /// Runs a line of the shell in a folder; it calls the executable `$RUNNER`.
  static func shell(
    _ line: String, in folder: borrowing TemporaryFolder
  ) async throws -> Finished {
    try await run(
      URL(filePath: "/bin/sh"), ["-c", line], in: folder.url, from: folder.url,
      ["RUNNER": executable.path(percentEncoded: false)])
  }

  /// Runs lines of bash in a folder, likewise.
  static func bash(
    _ lines: String, in folder: borrowing TemporaryFolder
  ) async throws -> Finished {
    try await run(
      URL(filePath: "/bin/bash"), ["-c", lines], in: folder.url, from: folder.url,
      ["RUNNER": executable.path(percentEncoded: false)])
  }

  /// As `shell`, and whoever there wants more than 100 MB of addresses gets none.
  static func bounded(
    _ line: String, in folder: borrowing TemporaryFolder
  ) async throws -> Finished {
    try await shell(isSanitized ? line : "ulimit -v 100000\n\(line)", in: folder)
  }

  /// Whether these tests, and so the executable, are built for a sanitizer, which maps terabytes.
  private static let isSanitized = ["__asan_init", "__tsan_init"].contains {
    (name: String) in dlsym(nil, name) != nil
  }

  private static func run(
    _ program: URL, _ arguments: [String], in folder: URL, from directory: URL,
    _ environment: [String: String]
  ) async throws -> Finished {
    let finished = try await FinishedProcess.of(
      program.path(percentEncoded: false), arguments, in: directory.path(percentEncoded: false),
      environment: environment)
    return Finished(
      code: finished.code, output: Data(finished.output),
      errors: String(decoding: finished.errors, as: UTF8.self))
  }
}
