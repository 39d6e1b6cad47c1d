import Configuration
import Glibc
import Market
import Reporting
import Simulator

/// `runner demo`: everything once, from candles to report, told step by step.
///
/// It does what a user would do: writes candles and settings to files, and runs `backtest` on them.
enum DemoCommand {
  static let subcommand = Subcommand(
    words: ["demo"], summary: "show a whole run of three made-up pairs, told step by step",
    options: [
      Option(
        "--output", "-o", value: "FOLDER",
        help: "Where candles, settings and report go; a new folder for temporary files otherwise.")
    ],
    details: { _, _ in
      """
      Takes a few seconds, needs no network and no account, and ends with the path
      of a report for the browser. All candles are made up.
      """
    }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let files = DemoFiles(folder: try invocation.value("--output") ?? temporaryFolder())
    try say(
      """
      Ratchet trades three pairs on one account, from candles to a report. The
      candles are made up, nothing leaves this machine, and no money is at stake.
      """)
    try step(1, "Candles")
    try files.writeCandles()
    for market in DemoMarket.all {
      let candles = market.candles
      try say(
        "  \(market.pair)  \(candles.count) candles of 5 minutes, from \(candles[0].open) to "
          + "\(candles[candles.count - 1].close)")
    }
    try say(
      """
      BTC-USD and ETH-USD follow one market, so they rise and fall together:
      a group, called majors. SOL-USD goes its own way.
      """)
    try step(2, "Settings")
    try files.writeSettings()
    try say(
      """
      An entry may cost 6 % of equity, 4 % for SOL-USD. At most two positions at
      once, at most 12 % of equity in one group, and a breaker that sells
      everything if a tenth of the capital is lost.
      """)
    try step(3, "The run")
    try say(files.commandLine(of: program.name).joined(separator: "\n"))
    let (result, output) = try play(files, by: program)
    let story = PortfolioStory(result)
    try say(
      """
      At every close the strategy looks at RSI, MACD and VWAP of each pair. This is
      its best trade:
      """)
    try say(story.trade.joined(separator: "\n"))
    try step(4, "The limits")
    try say("Before an order goes out, the portfolio looks at all pairs together:")
    try say(story.limits.joined(separator: "\n"))
    if !result.refusals.isEmpty {
      try say("What made up the figures of the first one, once this is over:")
      try say("  \(program.name) why --refusal 1 \(files.json)")
    }
    try step(5, "The result")
    try say(story.outcome.joined(separator: "\n"))
    try say(
      """
      Up or down, a made-up market teaches nothing about real ones. Look at how the
      figures come about: exact fees, fills only at prices that traded.
      """)
    try step(6, "The report")
    try output.writeFiles(result)
    try say(
      """
      Change \(DemoFiles.settingsName) and give the command of step 3 again, or begin with
      candles of your own: \(program.name) backtest --help
        \(files.json)
          every order, fill and figure of the run, for programs
        \(files.report)
          the report, for the browser: charts, trades, limits, costs
      """)
  }

  private static func play(
    _ files: DemoFiles, by program: Program
  ) throws -> (PortfolioResult, BacktestOutput) {
    let arguments = try BacktestArguments(
      program,
      Invocation(files.arguments, options: BacktestArguments.options, operandNames: []))
    let log = CommandLog(arguments.settings.logging, of: program)
    let identities = arguments.sources.map { FileIdentity(path: $0.path) }
    let candles = try arguments.sources.map { source in
      PairCandles(source: source.path, file: try arguments.readCandles(of: source, log))
    }
    let run = PortfolioRun(arguments.strategy, arguments.settings, candles)
    return (try run.play(), BacktestOutput(arguments, program, identities, log))
  }

  // MARK: - The telling

  private static func step(_ number: Int, _ title: String) throws(OutputError) {
    // Somebody who watches wants to read; a pipe does not.
    if isatty(STDOUT_FILENO) == 1 { usleep(300_000) }
    try say("\n\(number). \(title)")
  }

  private static func say(_ text: String) throws(OutputError) { try Output.data(text + "\n") }

  /// A new folder that nobody else can write to.
  private static func temporaryFolder() throws(OutputError) -> String {
    let place = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let template = (place.isEmpty ? "/tmp" : place) + "/ratchet-demo-XXXXXX"
    guard let made = template.withCString({ strdup($0) }) else {
      throw OutputError(path: template, cause: SystemError(number: errno))
    }
    defer { free(made) }
    guard mkdtemp(made) != nil else {
      throw OutputError(path: template, cause: SystemError(number: errno))
    }
    return String(cString: made)
  }
}
