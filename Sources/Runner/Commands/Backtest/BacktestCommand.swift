import Configuration
import Persistence
import Reporting
import Telemetry

/// `runner backtest`: a strategy against a file of candles, or against those of several pairs.
///
/// Three steps, each a type of its own: what was asked for (`BacktestArguments`), the run
/// (`BacktestRun`, `PortfolioRun`), and what is written about it (`BacktestOutput`).
enum BacktestCommand {
  static let subcommand = Subcommand(
    words: ["backtest"], summary: "play a strategy against CSV files of candles",
    options: BacktestArguments.options, details: SettingsOptions.strategyKeyHelp
  ) { program, invocation in
    if PathIntervalCommand.isAsked(by: invocation) {
      return try PathIntervalCommand.run(program, invocation)
    }
    let arguments = try BacktestArguments(program, invocation)
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      try play(arguments, program, log) { output in
        try arguments.database.map {
          try RunStore($0, .backtest, output.manifest(), arguments.settings, program, log)
        }
      }
    }
  }

  /// Reads the candles, plays them and writes what was asked for.
  ///
  /// - Parameters:
  ///   - arguments: What was asked for.
  ///   - program: Who plays.
  ///   - log: Who hears of it.
  ///   - open: Opens the store that keeps the run, where one does.
  /// - Throws: Whatever goes wrong; nothing is left half-written.
  static func play(
    _ arguments: BacktestArguments, _ program: Program, _ log: CommandLog,
    keptIn open: (BacktestOutput) throws -> RunStore?
  ) throws {
    for warning in arguments.settings.warnings { log.logger.warn("\(warning)") }
    let identities = arguments.sources.map { FileIdentity(path: $0.path) }
    let files = try arguments.sources.map { try arguments.readCandles(of: $0, log) }
    let output = BacktestOutput(arguments, program, identities, log)
    let watch = Stopwatch()
    let store = try open(output)
    if arguments.settings.pairs.isEmpty {
      let run = BacktestRun(
        arguments.strategy, arguments.settings, files[0], source: arguments.sources[0].path,
        walksEveryCandle: arguments.walksEveryCandle)
      let result = try run.play(withIndicators: arguments.json != nil, keptBy: store?.keeper)
      try store?.finish(result)
      log.finished([result], after: watch)
      try output.write(result)
    } else {
      let run = PortfolioRun(
        arguments.strategy, arguments.settings,
        zip(arguments.sources, files).map { .init(source: $0.path, file: $1) },
        walksEveryCandle: arguments.walksEveryCandle)
      let result = try run.play(withIndicators: arguments.json != nil, keptBy: store?.keeper)
      try store?.finish(result)
      log.finished(result.pairs, after: watch)
      try output.write(result)
    }
  }
}
