import Strategy

extension Section {
  /// `strategy`: the choice of one, and its keys.
  static func strategy(_ keys: StrategyKeys, among available: [StrategyKeys]) -> Section {
    let name = Parameter(
      "name", .choice(available.map(\.name)),
      default: StrategyKeys.standard(among: available).name,
      help: "which strategy decides on entries")
    return Section(
      "strategy", help: "when to buy; the keys below name are those of the chosen strategy",
      parameters: [name] + keys.parameters)
  }

  /// `exit`: the keys of the chosen strategy's exit.
  static func exit(_ keys: StrategyKeys) -> Section {
    Section(
      "exit", help: "how a position is left; the keys are those of the chosen strategy's exit",
      parameters: keys.exitParameters)
  }
}
