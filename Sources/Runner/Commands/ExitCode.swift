/// How the program ended, for scripts.
///
/// The numbers are part of the interface.
public enum ExitCode: Int32, Sendable {
  /// All is well.
  case ok = 0
  /// The run itself failed.
  case failed = 1
  /// The command line was not understood.
  case usage = 2
  /// A data file is missing or bad.
  case data = 3
  /// The configuration is bad.
  case configuration = 4
}

/// Ends a command with a code, after it has said why itself.
struct SilentFailure: Error {
  var code = ExitCode.failed
}
