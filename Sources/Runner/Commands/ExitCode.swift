import Configuration
import Credentials
import Persistence
import Sandbox
import Secrets
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
    case is ConfigurationError, is FaultPlanError, is SecretFileError, is DatabasePasswordError,
      is CredentialError:
      self = .configuration
    case let error as SQLiteError: self = ExitCode(of: error.problem)
    case let error as MigrationError:
      // Of a step that failed, the run is at fault; of all else, the file.
      if case .failed = error.problem { self = .failed } else { self = .data }
    case is CandleFileError, is CandleFolderError, is CandleResampler.Overflow,
      is FileIdentityError, is ResultFileError, is UnreadableSession:
      self = .data
    default: self = .failed
    }
  }
}

extension ExitCode {
  /// Whether the file is at fault or what was to be done with it.
  private init(of problem: SQLiteError.Problem) {
    switch problem {
    case .cannotOpen, .readOnly, .notADatabase, .wrongKey, .notEncrypted, .corrupt,
      .unexpectedValue:
      self = .data
    case .libraryMissing, .diskFull, .inputOutput, .locked, .constraint, .interrupted, .other:
      self = .failed
    }
  }
}

/// Ends a command with a code, after it has said why itself.
struct SilentFailure: Error {
  var code = ExitCode.failed
}
