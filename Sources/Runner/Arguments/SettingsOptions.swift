import Configuration
import Strategy

/// The options that make up a configuration, the same for every command that has one.
enum SettingsOptions {
  /// Flags that stand for a key, and the words of their help.
  private static let flags: [(name: String, value: String, key: String, help: String)] = [
    ("--strategy", "NAME", "strategy.name", "Which strategy trades."),
    ("--product", "ID", "product.id", "What is traded, such as BTC-USD."),
    ("--cash", "AMOUNT", "simulation.cash", "What the account begins with."),
    ("--interval", "SECONDS", "simulation.interval", "The candles' length."),
    (
      "--path", "ORDER", "simulation.path",
      "Which extreme of a candle comes first: nearest, high-first or low-first."
    ),
    (
      "--slippage", "FRACTION", "simulation.slippage",
      "How much worse than the market a taker fills."
    ),
    (
      "--on-bad-row", "ACTION", "simulation.on_bad_row",
      "What to do with a row that is no valid candle: refuse the file or skip the row."
    ),
    (
      "--log-level", "LEVEL", "logging.level",
      "How much is told on standard error: trace, debug, info, warn or error."
    ),
    (
      "--log-format", "FORMAT", "logging.format",
      "How it is written: auto, text, or json with an object a line."
    ),
  ]

  /// All of them.
  static let options: [Option] =
    [
      Option(
        "--config", "-c", value: "FILE", isRepeatable: true,
        help: "A YAML file of settings; later files win. Data/config.example.yaml has every key."),
      Option(
        "--set", value: "KEY=VALUE", isRepeatable: true, choices: .settings,
        help: """
          One setting by its full key, such as exit.trail=0.03; wins over files, and a flag of its \
          own such as --cash over it. Of one pair: BTC-USD:exit.trail=0.03.
          """),
    ]
    + flags.map {
      Option(
        $0.name, value: $0.value, choices: choices(of: $0.key), help: "\($0.help) Sets \($0.key).")
    }
    + [
      Option(
        "--fill-on-touch",
        help:
          "A price equal to a resting limit fills it. Sets simulation.fill_on_touch to true.")
    ]

  /// What a key can be, as its section declares it.
  private static func choices(of key: String) -> ValueChoices {
    if key == "strategy.name" { return .strategies }
    for section in [Section.product, .simulation, .logging] {
      for parameter in section.parameters where key == "\(section.name).\(parameter.name)" {
        return .words(parameter.kind.words)
      }
    }
    return .nothing
  }

  /// Some of them, by their keys and in that order.
  static func options(_ keys: String...) -> [Option] {
    keys.flatMap { key in options.filter { $0.key == key } }
  }

  /// The settings that a command line asks for; `pairs` are those that it names candles for, by `option`.
  static func settings(
    _ program: Program, _ invocation: Invocation, pairs: [String] = [],
    namedBy option: String = "--csv"
  ) throws -> Settings {
    let files = try invocation.values("--config").map { path throws(ConfigurationError) in
      try ConfigurationFile(path: path)
    }
    var set = flags.compactMap { flag in
      invocation.value(flag.name).map { FlagSetting(flag.name, sets: flag.key, to: $0) }
    }
    if invocation.has("--fill-on-touch") {
      set.append(FlagSetting("--fill-on-touch", sets: "simulation.fill_on_touch", to: "true"))
    }
    return try Settings(
      files: files, sets: invocation.values("--set"), flags: set, pairs: pairs,
      namedBy: option, strategies: program.strategyKeys)
  }

  /// Every key, with those of the strategy that the command line chooses, for the help.
  static func keyHelp(_ program: Program, _ invocation: Invocation) -> String {
    keyHelp(program, invocation) { _ in true }
  }

  /// The keys of the strategy that the command line chooses, and where the others are listed.
  static func strategyKeyHelp(_ program: Program, _ invocation: Invocation) -> String {
    keyHelp(program, invocation) { ["strategy", "exit"].contains($0) }
      + "\n\nAll other settings, such as fees: \(program.name) config show --help"
  }

  private static func keyHelp(
    _ program: Program, _ invocation: Invocation, where isListed: (String) -> Bool
  ) -> String {
    let keys = program.strategyKeys
    let wanted = invocation.value("--strategy") ?? "confluence"
    guard let strategy = keys.first(where: { $0.name == wanted }) ?? keys.first else { return "" }
    let title = "Settings, for --set and YAML files. Of another strategy: --strategy NAME --help."
    return title + "\n\n"
      + HelpText.keys(Section.all(for: strategy, among: keys).filter { isListed($0.name) })
  }
}
