import Configuration
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
      for warning in arguments.settings.warnings { log.logger.warn("\(warning)") }
      let identities = arguments.sources.map { FileIdentity(path: $0.path) }
      let files = try arguments.sources.map { try arguments.readCandles(of: $0, log) }
      let output = BacktestOutput(arguments, program, identities, log)
      let watch = Stopwatch()
      let store = try arguments.database.map { path in
        let key = try DatabasePassword.current(arguments.settings.persistence)
        if let key { log.hide(key) }
        return try BacktestStore(path, key: key, output.manifest(), arguments.settings, program)
      }
      if arguments.settings.pairs.isEmpty {
        let run = BacktestRun(
          arguments.strategy, arguments.settings, files[0], source: arguments.sources[0].path,
          walksEveryCandle: arguments.walksEveryCandle)
        let result = try run.play(
          withIndicators: arguments.json != nil, keptBy: store?.keeper)
        try store?.finish(result)
        log.finished([result], after: watch)
        try output.write(result)
      } else {
        let run = PortfolioRun(
          arguments.strategy, arguments.settings,
          zip(arguments.sources, files).map { .init(source: $0.path, file: $1) },
          walksEveryCandle: arguments.walksEveryCandle)
        let result = try run.play(
          withIndicators: arguments.json != nil, keptBy: store?.keeper)
        try store?.finish(result)
        log.finished(result.pairs, after: watch)
        try output.write(result)
      }
    }
  }
}
