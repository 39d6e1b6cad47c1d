import Configuration
import Market
import Persistence
import Simulator

/// `runner paper`: a strategy with simulated money, each event durable before what came of it is done.
///
/// The engine, the market and the loop are those of the backtest. What is added is what a session
/// has: a store that a kill cannot hurt, an operator, and time.
enum PaperCommand {
  static let subcommand = Subcommand(
    words: ["paper"], summary: "trade simulated money, kept in a database and steered from outside",
    options: options, details: { _, _ in explanation }, run: run)

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    guard invocation.has("--csv") else { return try follow(program, invocation) }
    for option in ["--sandbox", "--exchange"] where invocation.has(option) {
      throw UsageError.conflict("--csv", option, why: "prices come from one place")
    }
    guard !invocation.has("--faults") else {
      throw UsageError.useless("--faults", without: "--sandbox FILE")
    }
    guard !invocation.has("--key") else {
      throw UsageError.useless("--key", without: "--sandbox FILE or --exchange FOLDER")
    }
    guard !invocation.has("--on-exit") else {
      throw UsageError.conflict(
        "--csv", "--on-exit", why: "orders and positions wait in the database")
    }
    let arguments = try BacktestArguments(program, invocation)
    let pace = try Pace(invocation)
    let log = CommandLog(arguments.settings.logging, of: program)
    try log.recording {
      do {
        try BacktestCommand.play(arguments, program, log) { output in
          let store = try RunStore(
            invocation.value("--db") ?? "", .paper, output.manifest(), arguments.settings, program,
            log)
          store.keeper.wait = pace.wait
          return store
        }
      } catch let interrupted as Interrupted {
        log.notice(
          "stopped. All that happened is in the database, and positions keep their stops: the same "
            + "command goes on from here")
        throw interrupted
      }
    }
  }

  /// Simulated money on a live feed.
  private static func follow(_ program: Program, _ invocation: Invocation) throws {
    for option in candleOptions where invocation.has(option) {
      throw UsageError.useless(option, without: "--csv FILE")
    }
    try LiveRun.start(try LiveArguments(program, invocation, isPaper: true), program)
  }

  /// What only candles of a file have a use for.
  private static let candleOptions = [
    "--timerange", "--column", "--time-unit", "--delimiter", "--json", "--equity", "--html",
    "--trades", "--breakdown",
  ]

  private static let options: [Option] =
    BacktestArguments.options.flatMap(ofSession)
    + [
      Option(
        "--speed", value: "FACTOR",
        help: """
          How much faster than the clock the candles come: a number, or max. Of a local exchange: a \
          number, or lockstep. 60 if not given.
          """)
    ].map { $0.titled("Session") }
    + LiveArguments.sessionOptions.filter { $0.key != "--speed" }

  /// What an option of a backtest is here: most are the same.
  private static func ofSession(_ option: Option) -> [Option] {
    switch option.key {
    case "--every-point", "--export-freqtrade", "--db": return []
    case "--csv":
      return [
        Option(
          "--csv", value: "FILE", isRepeatable: true,
          help: """
            Candles that come as if they were happening now: a file, PAIR=FILE for each of several \
            pairs, or a folder of files called after them. Without it, prices are those of \
            Coinbase's public feed, or of a local exchange.
            """
        ).titled(option.title)
      ]
    case "--path": return SettingsOptions.options("--path").map { $0.titled(option.title) }
    default: return [option]
    }
  }

  private static let explanation = """
    Without --csv the prices are those of Coinbase's public feed, for which no key
    is needed; with --sandbox or --exchange, those of a local exchange. With it, the
    candles come one after the other as if they were happening now. Fills, fees and
    cash are simulated as in a backtest (section simulation).

    Every event is in the database before the orders that came of it are sent, so
    the session may be killed at any moment. On the prices of Coinbase it is on the
    disk by then; with --csv, and on a local exchange, a power cut may take the last
    events. Meanwhile 'positions', 'orders', 'portfolio', 'halt' and the others look
    at it and steer it.
    """
}
