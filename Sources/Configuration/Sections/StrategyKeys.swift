public import Strategy

/// What the configuration must know of a strategy: its name, and the keys of it and of its exit.
public struct StrategyKeys: Sendable {
  /// The value of `strategy.name` that chooses it.
  public let name: String
  /// One line for the example file and `--help`.
  public let summary: String
  /// The keys of section `strategy`, without `name`.
  public let parameters: [Parameter]
  /// The keys of section `exit`.
  public let exitParameters: [Parameter]
  /// Throws where two values, each fine alone, do not go together.
  let check: @Sendable (_ strategy: Parameters, _ exit: Parameters) throws(ParameterError) -> Void

  /// A strategy of these keys; `name` is not one of them, because the section has it already.
  public init(
    name: String, summary: String, parameters: [Parameter], exitParameters: [Parameter],
    check: @escaping @Sendable (Parameters, Parameters) throws(ParameterError) -> Void = { _, _ in }
  ) {
    precondition(
      !parameters.contains { $0.name == "name" },
      "strategy \(name) declares a key 'name', which section strategy has already")
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.exitParameters = exitParameters
    self.check = check
  }

  /// What a strategy's type declares.
  public init<S: TradingStrategy>(_ type: S.Type) {
    self.init(
      name: S.name, summary: S.summary, parameters: S.parameters,
      exitParameters: S.Exit.parameters
    ) { strategy, exit throws(ParameterError) in
      _ = try S(strategy, exit: try S.Exit(exit))
    }
  }

  /// The one that a configuration without `strategy.name` means.
  static func standard(among available: [StrategyKeys]) -> StrategyKeys {
    precondition(!available.isEmpty, "at least one strategy must be available")
    return available.first { $0.name == "confluence" } ?? available[0]
  }
}
