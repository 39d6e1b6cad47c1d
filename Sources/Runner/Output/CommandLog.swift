import Configuration
import Glibc
import Market
import Persistence
import Secrets
import Telemetry

/// What a command tells while it runs: the logger that the settings ask for, and its manners.
///
/// By default a command speaks in sentences behind its name, as it always did. Once somebody asks
/// for more, or for JSON, standard error is a log, and everything on it a line of that.
struct CommandLog: Sendable {
  /// Tells of events.
  let logger: Logger
  /// The logger of the file alone; its level lets nothing through where there is no file.
  private let fileLogger: Logger
  private let redactor: Redactor
  /// Whether standard error has sentences rather than a log.
  let isPlain: Bool

  /// The log that settings ask for.
  init(_ settings: LoggingSettings, of program: Program) {
    guard let level = LogLevel(name: settings.level) else {
      preconditionFailure("logging.level was checked, but is '\(settings.level)'")
    }
    isPlain = settings.format == "auto" && level >= .warn
    let format: LogFormat =
      settings.format == "json"
      ? .json
      : isPlain ? .plain(program: program.name) : .text(isColoured: Self.isColourWelcome)
    var files: [any LogSink] = []
    if let path = settings.file {
      files = [
        RotatingFileSink(
          path: path, maxSize: settings.maxSize, maxFiles: settings.maxFiles,
          complain: { Output.message("\(program.name): \($0)") })
      ]
    }
    redactor = Redactor()
    logger = Logger(
      level: level, sinks: [DescriptorSink(STDERR_FILENO, format: format)] + files,
      redactor: redactor, clock: { Timestamp.now.nanoseconds })
    fileLogger = Logger(
      level: level, sinks: files, redactor: redactor, clock: { Timestamp.now.nanoseconds })
  }

  /// Sees to it that a secret is in no event.
  func hide(_ secret: Secret) { redactor.register(secret.reveal()) }

  /// Says what is no warning and still of use to whoever called, such as which file was written.
  func notice(
    _ message: String, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    if isPlain {
      for line in message.split(separator: "\n") { Output.message(String(line)) }
    } else {
      logger.info(message, fields())
    }
  }

  /// Runs a part of a command and sees to it that its failure is in the log.
  func recording<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let failure as SilentFailure {
      throw failure
    } catch {
      let error = Interruption.cause(of: error)
      let code = ExitCode(of: error)
      // In sentences the program says it itself, with a hint where it has one.
      (isPlain ? fileLogger : logger).error("\(error)", ["exit_code": LogValue(code.rawValue)])
      throw isPlain ? error : SilentFailure(code: code)
    }
  }

  /// Whether standard error is a terminal whose user wants colour; see no-color.org.
  private static var isColourWelcome: Bool {
    func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
    let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
    return isatty(STDERR_FILENO) == 1 && !isSet("NO_COLOR") && !isDumb
  }
}

/// How long something takes, for the log.
struct Stopwatch {
  private let start = ContinuousClock.now

  /// Seconds since it was made, to the microsecond.
  var seconds: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1e6
  }
}
