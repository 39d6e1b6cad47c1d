import Foundation

/// Runs programs that were built beside this one.
enum Tool {
  /// The path of a program in this program's own folder.
  ///
  /// - Throws: Where it is not built; the message says how to.
  static func path(_ name: String) throws -> String {
    let own = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let path = own.deletingLastPathComponent().appending(path: name).path()
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw UsageError("\(path) is missing. Build all: swift build --configuration release")
    }
    return path
  }

  /// Runs a program to its end and returns what it printed.
  static func run(_ path: String, _ words: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = words
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw UsageError("'\(([path] + words).joined(separator: " "))' failed")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// What one run of a process took.
struct ProcessTime {
  /// Milliseconds from its start to its end.
  let wall: Double
  /// Milliseconds of processor, its own and the system's for it.
  let processor: Double
  /// The most memory it held, in MB.
  let peak: Double

  /// Runs a command by way of `timed`.
  init(of command: [String]) throws {
    let text = try Tool.run(Tool.path("timed"), command)
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard numbers.count == 3 else { throw UsageError("timed printed '\(text)'") }
    wall = numbers[0] / 1e6
    processor = numbers[1] / 1e6
    peak = numbers[2] * 1024 / 1e6
  }
}
