/// Tells its sinks what happens, as events with fields rather than prose.
///
///     log.info("read candles", ["file": "\(path)", "rows": LogValue(count)])
///
/// An event below the level costs one comparison: neither message nor fields are made. It is a value
/// that may be used from any thread; what is shared behind it, the sinks and the redactor, locks for
/// itself. It reads no clock: whoever makes it passes one in.
public struct Logger: Sendable {
  /// What is less important goes nowhere.
  public let level: LogLevel
  private let sinks: [any LogSink]
  private let redactor: Redactor
  /// Nanoseconds since 1970-01-01 00:00 UTC.
  private let clock: @Sendable () -> Int64
  private var context: [LogEvent.Field] = []

  /// A logger.
  ///
  /// - Parameters:
  ///   - level: What is less important goes nowhere.
  ///   - sinks: Where events go.
  ///   - redactor: Takes the secrets out, before any sink sees the event.
  ///   - clock: Nanoseconds since 1970, asked once for each event.
  public init(
    level: LogLevel, sinks: [any LogSink], redactor: Redactor = Redactor(),
    clock: @escaping @Sendable () -> Int64
  ) {
    self.level = level
    self.sinks = sinks
    self.redactor = redactor
    self.clock = clock
  }

  /// The same logger, which adds these fields to each event, before the event's own.
  public func adding(_ fields: KeyValuePairs<String, LogValue>) -> Logger {
    var logger = self
    logger.context += fields.map { LogEvent.Field($0.key, $0.value) }
    return logger
  }

  /// Whether an event of this level goes anywhere.
  public func isEnabled(_ level: LogLevel) -> Bool { level >= self.level && !sinks.isEmpty }

  /// Tells of an event; `message` and `fields` are made only where it goes somewhere.
  public func log(
    _ level: LogLevel, _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    guard isEnabled(level) else { return }
    let event = redactor.redact(
      LogEvent(
        time: clock(), level: level, message: message(),
        fields: context + fields().map { LogEvent.Field($0.key, $0.value) }))
    for sink in sinks { sink.write(event) }
  }

  /// Every step, for finding a fault.
  public func trace(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) { log(.trace, message(), fields()) }

  /// What helps to understand a run.
  public func debug(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) { log(.debug, message(), fields()) }

  /// What happened, as planned.
  public func info(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) { log(.info, message(), fields()) }

  /// What somebody should look at.
  public func warn(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) { log(.warn, message(), fields()) }

  /// What went wrong.
  public func error(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) { log(.error, message(), fields()) }
}
