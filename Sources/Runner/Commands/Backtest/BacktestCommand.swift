import Configuration
import Execution
import Reporting
import Telemetry

/// `runner backtest`: a strategy against a file of candles, or against those of several pairs.
///
/// Three steps, each a type of its own: what was asked for (`BacktestArguments`), the run
/// (`BacktestRun`, `PortfolioRun`), and what is written about it (`BacktestOutput`).
enum BacktestCommand {
  static let subcommand = Subcommand(
    words: ["backtest"], summary: "play a strategy against CSV files of candles",
    options: BacktestArguments.options, details: SettingsOptions.keyHelp
  ) { program, invocation in
    let arguments = try BacktestArguments(program, invocation)
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      for warning in arguments.settings.warnings { log.logger.warn("\(warning)") }
      let identities = arguments.sources.map { FileIdentity(path: $0.path) }
      let files = try arguments.sources.map { try arguments.readCandles(of: $0, log) }
      let output = BacktestOutput(arguments, program, identities, log)
      let watch = Stopwatch()
      if arguments.settings.pairs.isEmpty {
        let run = BacktestRun(
          arguments.strategy, arguments.settings, files[0], source: arguments.sources[0].path,
          walksEveryCandle: arguments.walksEveryCandle)
        let result = try run.play(withIndicators: arguments.json != nil)
        tell(log, arguments, [result], watch)
        try output.write(result)
      } else {
        let run = PortfolioRun(
          arguments.strategy, arguments.settings,
          zip(arguments.sources, files).map { .init(source: $0.path, file: $1) },
          walksEveryCandle: arguments.walksEveryCandle)
        let result = try run.play(withIndicators: arguments.json != nil)
        tell(log, arguments, result.pairs, watch)
        try output.write(result)
      }
    }
  }

  private static func tell(
    _ log: CommandLog, _ arguments: BacktestArguments, _ results: [RunResult], _ watch: Stopwatch
  ) {
    log.logger.info(
      "run finished",
      [
        "strategy": "\(arguments.settings.strategyName)",
        "candles": LogValue(results.reduce(0) { $0 + $1.candles.count }),
        "orders": LogValue(results.reduce(0) { $0 + $1.record.orders.count }),
        "trades": LogValue(results.reduce(0) { $0 + $1.record.trades.count }),
        "seconds": LogValue(watch.seconds),
      ])
  }
}
