import Configuration
import Market
import Sandbox
import Simulator

/// What a command line asks of a local exchange.
struct SandboxArguments: Sendable {
  /// Everything that the market depends on besides its candles.
  let settings: Settings
  /// The files, in the order of the listings.
  let sources: [CandleSource]
  /// How they are read.
  let candles: CandleFileOptions
  /// The part that is played; what is before it is history.
  let timeRange: TimeRange?
  /// Where it listens; 0 is any port that is free.
  let port: UInt16
  /// How fast it goes.
  let pace: SandboxSettings.Pace
  /// What the names of orders are made from.
  let seed: UInt64
  /// What goes wrong on purpose.
  let faults: FaultPlan
  /// The folder for keys and addresses.
  let credentials: String?

  /// Reads the words of a command line.
  ///
  /// - Throws: `UsageError`, `ConfigurationError`, `FaultPlanError`.
  init(_ program: Program, _ invocation: Invocation) throws {
    let named = try CandleSource.list(invocation.values("--csv"))
    settings = try SettingsOptions.settings(program, invocation, pairs: named.compactMap(\.pair))
    sources = try CandleSource.match(named, settings)
    candles = try CandleFileArguments.options(invocation, settings.simulation)
    timeRange = try BacktestArguments.timeRange(invocation)
    pace =
      switch try SandboxPace(invocation) {
      case .lockstep: .lockstep
      case .speed(let speed): .speed(speed)
      }
    port = try Self.number("--port", invocation, "a port from 0 to 65535") ?? 0
    seed = try Self.number("--seed", invocation, "a number from 0") ?? 1
    faults = try invocation.value("--faults").map(FaultPlan.init(path:)) ?? .none
    try faults.check(against: SandboxSettings(settings, pace: pace))
    credentials = invocation.value("--credentials")
  }

  private static func number<Number: FixedWidthInteger>(
    _ option: String, _ invocation: Invocation, _ expected: String
  ) throws(UsageError) -> Number? {
    guard let text = invocation.value(option) else { return nil }
    guard let number = Number(text) else {
      throw .invalid(option: option, value: text, expected: expected)
    }
    return number
  }

  /// The options, in the order in which one decides on them.
  static let options: [Option] =
    (input + SettingsOptions.options("--interval", "--on-bad-row") + CandleFileArguments.options)
    .map { $0.titled("Input") } + serving.map { $0.titled("Serving") }
    + (SettingsOptions.options("--config", "--set", "--product", "--cash", "--path", "--slippage")
    + SettingsOptions.options("--fill-on-touch", "--log-level", "--log-format"))
    .map { $0.titled("Settings") }

  private static let input = [
    Option(
      "--csv", value: "FILE", isRepeatable: true, isRequired: true,
      help: """
        The prices: a file of candles, PAIR=FILE for each of several products, or a folder of \
        files called after their pairs.
        """),
    Option(
      "--timerange", value: "FROM-TO",
      help: """
        Play this part of the files, such as 20240101-20240601, in UTC; TO is not in it. What is \
        earlier is history, which clients can ask for.
        """),
  ]

  /// What goes wrong, of any local exchange.
  static let faultsOption = Option(
    "--faults", value: "FILE",
    help: """
      What goes wrong on the local exchange, by chance or at a time: a YAML file, see \
      Documentation/faults.md. Nothing if not given.
      """)

  private static let serving = [
    Option(
      "--port", value: "PORT", help: "Where it listens on 127.0.0.1; any free port if not given."),
    Option(
      "--speed", value: "FACTOR",
      help: """
        How fast the candles come: a number (times the clock), or lockstep (as fast as the clients \
        can follow, and the same each time). 60 if not given.
        """),
    Option(
      "--seed", value: "N",
      help: "What the exchange's names of orders are made from, the same each time. 1 if not given."
    ),
    faultsOption,
    Option(
      "--credentials", value: "FOLDER",
      help: "Write ca.pem, keys and addresses there; it is made if it is not there."),
  ]
}
