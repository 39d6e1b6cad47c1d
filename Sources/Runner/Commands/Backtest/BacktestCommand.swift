import Configuration
import Reporting

/// `runner backtest`: a strategy against a file of candles.
///
/// Three steps, each a type of its own: what was asked for (`BacktestArguments`), the run
/// (`BacktestRun`), and what is written about it (`BacktestOutput`).
enum BacktestCommand {
  static let subcommand = Subcommand(
    words: ["backtest"], summary: "play a strategy against a CSV file of candles",
    options: BacktestArguments.options, details: SettingsOptions.strategyKeyHelp
  ) { program, invocation in
    if PathIntervalCommand.isAsked(by: invocation) {
      return try PathIntervalCommand.run(program, invocation)
    }
    let arguments = try BacktestArguments(program, invocation)
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      let identity = FileIdentity(path: arguments.csv)
      let file = try arguments.readCandles(log)
      let run = BacktestRun(
        arguments.strategy, arguments.settings, file, source: arguments.csv,
        walksEveryCandle: arguments.walksEveryCandle)
      let watch = Stopwatch()
      let result = try run.play(withIndicators: arguments.json != nil)
      log.finished(result, after: watch)
      try BacktestOutput(arguments, program, identity, log).write(result)
    }
  }
}
