import Strategy

extension Section {
  /// What is told while a command runs, and where; it decides nothing about a run.
  public static let logging = Section(
    "logging", help: "what is told while a command runs; it changes no result",
    parameters: [
      Parameter(
        "level", .choice(["trace", "debug", "info", "warn", "error"]), default: "warn",
        help: "what is less important is not told"),
      Parameter(
        "format", .choice(["auto", "text", "json"]), default: "auto",
        help: "lines on standard error; auto: sentences at warn and error, else text with times"),
      Parameter(
        "file", .path, default: "off",
        help: "a file that gets the same as JSON, an object a line, and is kept from run to run"),
      Parameter(
        "max_size", .integer(Bounds(4096...1_000_000_000)), default: "10000000",
        help: "the bytes after which the file is moved to file.1 and a new one begun"),
      Parameter(
        "max_files", .integer(Bounds(1...100)), default: "5",
        help: "how many full files are kept: file.1, file.2, …; the oldest is dropped"),
    ])
}

/// What is told while a command runs.
public struct LoggingSettings: Hashable, Sendable {
  /// `trace`, `debug`, `info`, `warn` or `error`.
  public let level: String
  /// `auto`, `text` or `json`.
  public let format: String
  /// The file that gets the same as JSON, if there is one.
  public let file: String?
  /// The bytes after which the file is moved away.
  public let maxSize: Int
  /// How many full files are kept.
  public let maxFiles: Int

  init(_ values: Parameters) {
    level = values.text("level")
    format = values.text("format")
    let path = values.text("file")
    file = path == "off" ? nil : path
    maxSize = values.integer("max_size")
    maxFiles = values.integer("max_files")
  }
}
