public import Market
public import Strategy

/// What is in force for one pair of the account: the common values, and over them its own.
///
/// The one product of a run without pairs is such a pair, with nothing of its own.
public struct PairSettings: Hashable, Sendable {
  /// What is traded; its id is the pair's name.
  public let product: Product
  /// The pair's correlation group; a pair without one is its own.
  public let group: String?
  /// The strategy's own keys.
  public let strategy: Parameters
  /// The keys of its exit.
  public let exit: Parameters
  /// The simulated market; interval and cash are those of all pairs.
  public let simulation: SimulationSettings
  /// The budget of an entry, as a fraction of equity.
  public let positionSize: Rate
  /// Every key in force that decides what a run gives, in the order of SEMANTICS 9, then the group.
  public let all: [Setting]
  /// Those that were given for this pair alone.
  public let own: [Setting]

  init(_ values: LayeredValues) {
    product = Product(values.values(of: "product"))
    let group = values.group
    self.group = group == "off" ? nil : group
    strategy = values.strategyValues
    exit = values.values(of: "exit")
    simulation = SimulationSettings(values.values(of: "simulation"))
    positionSize = values.values(of: "portfolio").rate("position_size")
    all = values.settings.filter(\.isOfRun)
    own = values.ownSettings
  }

  /// The pair's name, such as `BTC-USD`.
  public var name: String { product.id }

  /// The stop's distance, of an exit that has such a setting.
  public var trail: Rate? {
    guard case .rate(let trail) = self["exit.trail"]?.value else { return nil }
    return trail
  }

  /// The keys of SEMANTICS 9's sections that are in force, the group not among them.
  public var ofRun: [Setting] { all.filter { $0.section != Section.pairs.name } }

  /// The setting of a full key such as `exit.trail`; `nil` where there is none.
  public subscript(key: String) -> Setting? { all.first { $0.key == key } }
}
