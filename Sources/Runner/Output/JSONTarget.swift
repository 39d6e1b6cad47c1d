import Reporting

/// `--json FILE`: where what a command has to say goes for programs, the same for every command.
struct JSONTarget {
  let path: String

  /// The option of a command that writes this.
  static func option(_ what: String) -> Option {
    Option(
      "--json", value: "FILE",
      help: "Write \(what) as JSON; - is standard output, which then holds nothing else.")
  }

  /// The place that a command line names; `nil` where it names none.
  ///
  /// - Parameters:
  ///   - invocation: The command line.
  ///   - files: What else the command reads or writes, and what a complaint calls it.
  /// - Throws: `UsageError` where it is one of those.
  init?(
    _ invocation: Invocation, besides files: [(path: String, name: String)] = []
  ) throws(UsageError) {
    guard let path = invocation.value("--json") else { return nil }
    for file in files where path == file.path || FileIdentity.areSame(path, file.path) {
      throw .invalid(
        option: "--json", value: path,
        expected: "another \(path == "-" ? "place" : "file") than "
          + file.name)
    }
    self.path = path
  }

  /// The place for what is found by repeating the run of a result.
  init?(of invocation: Invocation, repeating result: ResultFile) throws(UsageError) {
    let candles =
      CandleSource.paths(invocation.values("--csv")) + result.manifest.inputs.map(\.data.path)
    try self.init(
      invocation,
      besides: [(result.path, "the result itself")]
        + candles.map { ($0, "the candles themselves") })
  }

  /// Whether standard output is for JSON alone.
  var isStandardOutput: Bool { path == "-" }

  /// Writes a document.
  func write(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    var output = try OutputFile(path)
    try output.write(bytes)
    try output.finish()
  }

  /// Says, last of all, that there is a file now.
  func announce(_ log: CommandLog? = nil) {
    if isStandardOutput { return }
    guard let log else { return Output.message("wrote \(path)") }
    log.notice("wrote \(path)", ["file": "\(path)"])
  }
}
