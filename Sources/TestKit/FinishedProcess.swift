import Glibc

/// What a program left behind when it ended.
package struct FinishedProcess: Sendable {
  /// The exit code; the signal's number below 0 where a signal ended it.
  package let code: Int32
  package let output: [UInt8]
  /// Empty where they went into the output.
  package let errors: [UInt8]

  package var outputText: String { String(decoding: output, as: UTF8.self) }

  /// Runs a program to its end, which must not wait for that of another.
  package static func of(
    _ program: String, _ arguments: [String], in directory: String,
    environment: [String: String] = [:]
  ) async throws -> FinishedProcess {
    await Turnstile.programs.enter()
    defer { Turnstile.programs.leave() }
    let files = try Files()
    let child = try ChildProcess(
      program, arguments, in: directory, environment: environment, streams: files.streams)
    return files.finished(try await child.end())
  }

  /// Runs a program to its end in a test that is not asynchronous.
  package static func holdingThread(
    _ program: String, _ arguments: [String], input: [UInt8] = [], errorsInOutput: Bool = false
  ) throws -> FinishedProcess {
    var files = try Files()
    try files.write(input)
    if errorsInOutput { files.streams.errors = nil }
    let child = try ChildProcess(program, arguments, streams: files.streams)
    return files.finished(child.endHoldingThread())
  }

  /// A folder with a child's streams.
  ///
  /// Files, since a full pipe that nobody empties stops a process
  /// for good.
  private struct Files: ~Copyable {
    private let folder: String
    var streams = ChildProcess.Streams()

    init() throws {
      let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      let template = strdup("\(temporary)/ratchet-streams-XXXXXX")
      defer { free(template) }
      guard let template, mkdtemp(template) != nil else {
        throw ChildProcess.Failure(description: "no folder can be made in \(temporary)")
      }
      folder = String(cString: template)
      streams.output = "\(folder)/output"
      streams.errors = "\(folder)/errors"
    }

    deinit {
      for name in ["input", "output", "errors"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }

    mutating func write(_ input: [UInt8]) throws {
      guard !input.isEmpty else { return }
      streams.input = "\(folder)/input"
      guard let file = fopen(streams.input, "we") else {
        throw ChildProcess.Failure(description: "\(streams.input) cannot be written")
      }
      defer { fclose(file) }
      fwrite(input, 1, input.count, file)
    }

    func finished(_ code: Int32) -> FinishedProcess {
      FinishedProcess(
        code: code, output: Self.bytes(of: streams.output),
        errors: streams.errors.map(Self.bytes) ?? [])
    }

    private static func bytes(of path: String) -> [UInt8] {
      guard let file = fopen(path, "re") else { return [] }
      defer { fclose(file) }
      var bytes: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = fread(&part, 1, part.count, file), count > 0 {
        bytes += part[..<count]
      }
      return bytes
    }
  }
}
