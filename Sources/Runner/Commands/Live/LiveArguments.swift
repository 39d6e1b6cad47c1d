import Configuration
import LiveBroker
import Market
import Sandbox
import Simulator

/// What a command line asks of a session on an exchange.
struct LiveArguments: Sendable {
  /// Whether the money is simulated.
  let isPaper: Bool
  /// Everything that the run depends on.
  let settings: Settings
  /// The strategy that the settings choose.
  let strategy: StrategyEntry
  /// The database.
  let database: String
  /// What is done with orders and positions at the end.
  let farewell: LiveSession.Farewell
  /// The candles of the exchange inside; none of a session on Coinbase.
  let sandbox: [CandleSource]
  /// How fast those come.
  let pace: SandboxPace
  /// What goes wrong on the exchange inside.
  let faults: FaultPlan
  /// Which key of a local exchange the session has, and with that whose API it speaks.
  let key: NeighbouringExchange.Key
  /// How the files of candles are read.
  let candles: CandleFileOptions
  /// The folder of a local exchange in a process of its own.
  let neighbour: String?

  /// Reads the words of a command line.
  ///
  /// - Throws: `UsageError`, `ConfigurationError`, `FaultPlanError`.
  init(_ program: Program, _ invocation: Invocation, isPaper: Bool) throws {
    self.isPaper = isPaper
    let sources = try CandleSource.list(invocation.values("--sandbox"), option: "--sandbox")
    settings = try SettingsOptions.settings(
      program, invocation, pairs: sources.compactMap(\.pair), namedBy: "--sandbox")
    if !settings.pairs.isEmpty, invocation.has("--product") {
      throw UsageError.conflict(
        "--product", "pairs",
        why: sources.contains { $0.pair != nil }
          ? "each is named where its candles are" : "the configuration lists what is traded")
    }
    try Self.checkSimulation(settings, invocation, isPaper: isPaper)
    strategy = program.strategy(of: settings)
    database = invocation.value("--db") ?? ""
    guard invocation.has("--sandbox") || !invocation.has("--speed") else {
      throw UsageError.useless("--speed", without: "--sandbox FILE")
    }
    guard invocation.has("--sandbox") || !invocation.has("--faults") else {
      throw UsageError.useless("--faults", without: "--sandbox FILE")
    }
    faults = try invocation.value("--faults").map(FaultPlan.init(path:)) ?? .none
    try faults.check(against: SandboxSettings(settings, pace: .lockstep))
    neighbour = try Self.neighbour(invocation)
    pace = try SandboxPace(invocation)
    key = try Self.key(invocation)
    let text = invocation.value("--on-exit") ?? LiveSession.Farewell.keep.rawValue
    guard let farewell = LiveSession.Farewell(rawValue: text) else {
      throw UsageError.invalid(
        option: "--on-exit", value: text, expected: "keep, cancel-entries or liquidate")
    }
    self.farewell = farewell
    guard settings.live.timeScale == 1 || invocation.has("--sandbox") || neighbour != nil else {
      throw UsageError.useless("live.time_scale", without: "--sandbox FILE or --exchange FOLDER")
    }
    sandbox = try CandleSource.match(sources, settings, option: "--sandbox")
    candles = CandleFileOptions(
      interval: settings.simulation.interval, skipsBadRows: settings.simulation.skipsBadRows)
  }

  /// Refuses what is not simulated here: flags, and cash by `--set`, which the exchange has.
  ///
  /// The same keys in a file are left alone: it may be that of a backtest too. By `--set` they are the market
  /// of the backtest with which an audit compares the session, and kept with it.
  private static func checkSimulation(
    _ settings: Settings, _ invocation: Invocation, isPaper: Bool
  ) throws(UsageError) {
    guard !invocation.has("--sandbox") else { return }
    let cash = "simulation.cash"
    var unused = ["simulation.path", "simulation.on_bad_row"]
    if !isPaper {
      unused += [
        cash, "simulation.slippage", "simulation.fill_on_touch", "simulation.participation",
      ]
    }
    let common = settings.all.map { (pair: "", setting: $0) }
    let own = settings.pairs.flatMap { pair in
      pair.own.map { (pair: "\(pair.name):", setting: $0) }
    }
    for (pair, setting) in common + own where unused.contains(setting.key) {
      guard case .argument(let option) = setting.origin, option != "--set" || setting.key == cash
      else { continue }
      let name = option == "--set" ? "--set \(pair)\(setting.key)" : option
      guard setting.key != cash else {
        throw .refused(
          option: name,
          why: "the account begins with what the exchange has available for it; keep the rest in "
            + "another portfolio")
      }
      throw .useless(name, without: isPaper ? "--csv FILE or --sandbox FILE" : "--sandbox FILE")
    }
  }

  private static func neighbour(_ invocation: Invocation) throws(UsageError) -> String? {
    guard let folder = invocation.value("--exchange") else { return nil }
    guard !invocation.has("--sandbox") else {
      throw .conflict("--exchange", "--sandbox", why: "a session is on one exchange")
    }
    return folder
  }

  private static func key(
    _ invocation: Invocation
  ) throws(UsageError) -> NeighbouringExchange.Key {
    guard let text = invocation.value("--key") else { return .es256 }
    guard invocation.has("--exchange") || invocation.has("--sandbox") else {
      throw .useless("--key", without: "--sandbox FILE or --exchange FOLDER")
    }
    guard let key = NeighbouringExchange.Key(rawValue: text) else {
      throw .invalid(option: "--key", value: text, expected: "es256, ed25519 or exchange")
    }
    return key
  }

  /// Whether its exchange is Coinbase, no local one.
  var isOnCoinbase: Bool { sandbox.isEmpty && neighbour == nil }

  /// What is traded.
  var names: [String] { settings.tradedPairs.map(\.name) }

  /// The options of a session on an exchange.
  static let options: [Option] =
    sessionOptions + SettingsOptions.options.map { ofSession($0).titled("Settings") }

  /// What an option of the simulation is here: one of the exchange inside.
  private static func ofSession(_ option: Option) -> Option {
    switch option.key {
    case "--cash":
      option.explained(
        """
        What the account begins with on the exchange of --sandbox; on any other it begins with what \
        is available there. Sets simulation.cash.
        """)
    case "--path", "--slippage", "--on-bad-row", "--fill-on-touch":
      option.explained("\(option.help) With --sandbox alone.")
    default: option
    }
  }

  /// Those of the session alone.
  static let sessionOptions: [Option] =
    [
      Option(
        "--db", value: "FILE", isRequired: true,
        help: """
          The database of the session, made if it is not there. A session that was stopped or \
          killed goes on with it.
          """),
      Option(
        "--on-exit", value: "ACTION",
        choices: .words(LiveSession.Farewell.allCases.map(\.rawValue)),
        help: """
          What becomes of orders and positions when the session is ended: keep (stops and entries \
          stay at the exchange), cancel-entries, or liquidate (positions are sold). keep if not \
          given.
          """),
      Option(
        "--sandbox", value: "FILE", isRepeatable: true,
        help: """
          Trade on a local exchange inside, whose prices are these candles: a file, PAIR=FILE for \
          each pair, or a folder of files named after their pairs.
          """),
      Option(
        "--speed", value: "FACTOR",
        help: """
          How fast the local exchange goes: a number (times the clock), or lockstep (as fast as the \
          session can follow, and the same each time). 60 if not given.
          """),
      SandboxArguments.faultsOption,
      Option(
        "--exchange", value: "FOLDER",
        help: """
          Trade on a local exchange that runs already: the folder that 'runner sandbox \
          --credentials' has written.
          """),
      Option(
        "--key", value: "KEY",
        choices: .words(NeighbouringExchange.Key.allCases.map(\.rawValue)),
        help: """
          Which key of the local exchange is used: es256 or ed25519 of Advanced Trade, or exchange \
          of the Exchange API. es256 if not given.
          """),
    ].map { $0.titled("Session") }
}

/// How fast the exchange inside goes.
enum SandboxPace: Hashable, Sendable {
  case lockstep
  case speed(Double)

  /// What `--speed` asks for.
  init(_ invocation: Invocation) throws(UsageError) {
    switch invocation.value("--speed") {
    case nil: self = .speed(60)
    case "lockstep"?: self = .lockstep
    case let text?:
      // A candle that is due after the end of all clocks cannot be waited for.
      guard let number = Double(text), number >= 0.000001, number.isFinite else {
        throw .invalid(
          option: "--speed", value: text, expected: "a number from 0.000001, or lockstep")
      }
      self = .speed(number)
    }
  }
}
