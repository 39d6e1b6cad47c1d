public import Strategy

/// A section of the configuration and the keys it declares; SEMANTICS 9.
public struct Section: Hashable, Sendable {
  /// The name, such as `simulation`.
  public let name: String
  /// One line for the example file.
  public let help: String
  /// The keys, in the order of reports.
  public let parameters: [Parameter]

  /// A section of these keys.
  public init(_ name: String, help: String, parameters: [Parameter]) {
    self.name = name
    self.help = help
    self.parameters = parameters
  }

  /// All sections in the order of SEMANTICS 9, then what runs around the simulation, with the keys of one strategy.
  ///
  /// `available` are those that `strategy.name` may choose, at least one; its default is the one
  /// called `confluence`, else the first.
  public static func all(
    for strategy: StrategyKeys, among available: [StrategyKeys]
  ) -> [Section] {
    [
      .product, .strategy(strategy, among: available), .exit(strategy), .simulation, .portfolio,
      .logging, .persistence, .exchange, .live, .sandbox,
    ]
  }

  /// The declaration of a key.
  func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }
}
