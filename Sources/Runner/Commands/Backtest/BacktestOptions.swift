import Reporting

/// The options of `runner backtest`, in the order in which one decides on them.
extension BacktestArguments {
  static let options: [Option] =
    input.map { $0.titled("Input") } + range.map { $0.titled("Range") }
    + settings.map { $0.titled("Strategy and settings") } + output.map { $0.titled("Output") }
    + checks.map { $0.titled("Checks and help") }

  private static let input =
    [
      Option(
        "--csv", value: "FILE", isRepeatable: true, isRequired: true,
        help: """
          Candles: a header with timestamp (or time, date, datetime, open_time, start), open, \
          high, low, close, volume in any order. Several pairs on one account: --csv BTC-USD=FILE \
          for each, or a folder of files called after their pairs. Their order is their priority.
          """)
    ] + SettingsOptions.options("--interval", "--on-bad-row") + CandleFileArguments.options

  private static let range = [
    Option(
      "--timerange", value: "FROM-TO",
      help: """
        Trade in this part of the file only, such as 20240101-20240601 or 20240101-, in UTC; TO is \
        not in it. Earlier candles warm the indicators. Times: 20240101T0930, or seconds.
        """)
  ]

  private static let settings =
    SettingsOptions.options("--strategy", "--config", "--set", "--product", "--cash")
    + [PathIntervalCommand.option] + SettingsOptions.options("--slippage", "--fill-on-touch")

  private static let output =
    [
      Option("--trades", help: "List every trade."),
      Option(
        "--breakdown", value: "PERIOD", isRepeatable: true,
        choices: .words(CalendarPeriod.allCases.map(\.rawValue)),
        help: "Add the run by day, week or month."),
      JSONTarget.option("the result"),
      Option("--equity", help: "Add the equity after each candle to the JSON."),
      Option(
        "--html", value: "FILE",
        help: """
          Write the result as a page for the browser: charts, trades, figures. One file that needs \
          no network.
          """),
      Option(
        "--db", value: "FILE",
        help: """
          Keep the run in this database, made if it is not there, for 'positions', 'orders', \
          'trades' and the other commands that take --db. A run that was killed goes on.
          """),
      Option(
        "--export-freqtrade", value: "FOLDER",
        help: """
          Write the run as freqtrade's own tools read a backtest; the folder is made if it is not \
          there.
          """),
    ] + SettingsOptions.options("--log-level", "--log-format")

  private static let checks = [
    Option(
      "--every-point",
      help: """
        Walk candles that touch no order as well. The result is the same, only slower: a check of \
        Ratchet itself.
        """)
  ]
}
