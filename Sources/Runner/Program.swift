import Configuration
import Persistence
import Reporting
import Simulator

/// The program: its strategies, its subcommands, and the way from words to an exit code.
struct Program: Sendable {
  static let version = "0.1.0"

  /// What the user typed to start it, without its folder: `runner`, or an outside package's name.
  var name = "runner"
  let strategies: [StrategyEntry]
  /// The schema of its databases.
  var migrator = Schema.migrator

  static let subcommands: [Subcommand] =
    [
      BacktestCommand.subcommand, PaperCommand.subcommand, LiveCommand.subcommand,
      DoctorCommand.subcommand, SandboxCommand.subcommand,
      VerifyCommand.subcommand,
      WhyCommand.subcommand, DemoCommand.subcommand, AuditCommand.subcommand,
      DataCheckCommand.subcommand, DataResampleCommand.subcommand, DataSynthCommand.subcommand,
    ] + operating
    + [
      DatabaseMigrateCommand.subcommand, DatabaseCheckCommand.subcommand,
      DatabaseBackupCommand.subcommand, DatabaseEncryptionCommand.encrypt,
      DatabaseEncryptionCommand.decrypt, DatabaseEncryptionCommand.rekey,
      CredentialsCommand.check, ConfigCommand.check, ConfigCommand.show,
      CompletionCommand.subcommand,
    ]

  /// The operator's commands, those of one noun together.
  private static let operating: [Subcommand] =
    WatchingCommand.positions.map(\.subcommand) + [SteeringCommands.forceExit]
    + WatchingCommand.orders.map(\.subcommand) + [SteeringCommands.cancel]
    + WatchingCommand.others.map(\.subcommand) + SteeringCommands.others

  var identity: ResultDocument.Program { .init(name: "ratchet", version: Self.version) }

  var strategyKeys: [StrategyKeys] {
    strategies.map {
      StrategyKeys(
        name: $0.name, summary: $0.summary, parameters: $0.parameters,
        exitParameters: $0.exitParameters, check: $0.check)
    }
  }

  /// The strategy that checked settings choose.
  func strategy(of settings: Settings) -> StrategyEntry {
    guard let entry = strategies.first(where: { $0.name == settings.strategyName }) else {
      preconditionFailure("the configuration chose '\(settings.strategyName)', which is unknown")
    }
    return entry
  }

  func run(_ words: [String]) -> ExitCode {
    do {
      return try dispatch(words)
    } catch let failure as SilentFailure {
      return failure.code
    } catch {
      let error = Interruption.cause(of: error)
      let code = ExitCode(of: error)
      let call = [name] + helpWords(for: words) + ["--help"]
      let hint = error is UsageError ? "See '\(call.joined(separator: " "))'." : nil
      // What is wrong may be somebody else's words, and a terminal obeys what it is sent.
      for line in "\(error)".split(separator: "\n") {
        Output.message("\(name): \(shown(line, atMost: .max))")
      }
      if let hint { Output.message(hint) }
      return code
    }
  }

  private func dispatch(_ words: [String]) throws -> ExitCode {
    guard let first = words.first else {
      Output.message(HelpText.overview(self))
      return .usage
    }
    switch first {
    case "help", "--help", "-h":  // `runner help backtest` is `runner backtest --help`.
      guard words.count > 1 else {
        try Output.data(HelpText.overview(self) + "\n")
        return .ok
      }
      return try dispatch(words.dropFirst() + ["--help"])
    case "--version":
      try Output.data("ratchet \(Self.version)\n")
      return .ok
    default:
      break
    }
    if words.count == 2, ["--help", "-h"].contains(words[1]), !Self.group(first).isEmpty {
      try Output.data(HelpText.of(Self.group(first), self) + "\n")
      return .ok
    }
    let subcommand = try subcommand(for: words)
    let invocation = try Invocation(
      Array(words.dropFirst(subcommand.words.count)), options: subcommand.allOptions,
      operandNames: subcommand.operands)
    if invocation.has("--help") {
      try Output.data(HelpText.of(subcommand, self, invocation) + "\n")
      return .ok
    }
    try subcommand.run(self, invocation)
    return .ok
  }

  /// The subcommand that the first one or two words name.
  private func subcommand(for words: [String]) throws(UsageError) -> Subcommand {
    if let match = Self.subcommands.first(where: { words.starts(with: $0.words) }) { return match }
    if words[0].hasPrefix("-") {
      throw .unknownOption(
        words[0], nearestName(to: words[0], among: ["--help", "--version"]))
    }
    let names = Self.group(words[0]).map { $0.words[1] }
    if names.isEmpty {
      throw .unknownCommand(
        words[0], nearestName(to: words[0], among: Self.subcommands.map { $0.words[0] } + ["help"]))
    }
    guard words.count > 1, !words[1].hasPrefix("-") else {
      throw .incomplete("\(name) \(words[0])", names)
    }
    let near = nearestName(to: words[1], among: names).map { "\(words[0]) \($0)" }
    throw .unknownCommand("\(words[0]) \(words[1])", near)
  }

  /// The subcommands that begin with a word they share, such as `config`.
  private static func group(_ word: String) -> [Subcommand] {
    subcommands.filter { $0.words.count > 1 && $0.words[0] == word }
  }

  /// Whose help serves somebody who typed this.
  private func helpWords(for words: [String]) -> [String] {
    if let match = Self.subcommands.first(where: { words.starts(with: $0.words) }) {
      return match.words
    }
    return words.prefix(1).filter { !Self.group($0).isEmpty }
  }
}
