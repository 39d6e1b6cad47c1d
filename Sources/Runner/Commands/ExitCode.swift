import Configuration
import Simulator

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
  /// The user interrupted it, with Ctrl-C: 128 + SIGINT, as shells have it.
  case interrupted = 130
  /// It was asked to end, by SIGTERM: 128 + 15.
  case terminated = 143
}

extension ExitCode {
  /// The code of what a command threw.
  init(of error: any Error) {
    switch error {
    case let failure as SilentFailure: self = failure.code
    case let interrupted as Interrupted: self = interrupted.code
    case is UsageError: self = .usage
    case is ConfigurationError: self = .configuration
    case is CandleFileError, is CandleFolderError, is CandleResampler.Overflow,
      is FileIdentityError, is ResultFileError:
      self = .data
    default: self = .failed
    }
  }
}

/// Ends a command with a code, after it has said why itself.
struct SilentFailure: Error {
  var code = ExitCode.failed
}
