public import Market
public import Strategy

/// The configuration of a run: every key with its value, checked, and where it came from.
///
/// Defaults, then the files in their order, then `--set` in its order, then flags: the later wins.
/// All of them are checked, those that lose too.
public struct Settings: Hashable, Sendable {
  /// What is traded.
  public let product: Product
  /// The value of `strategy.name`.
  public let strategyName: String
  /// The chosen strategy's own keys.
  public let strategy: Parameters
  /// The keys of its exit.
  public let exit: Parameters
  /// The simulated market and account.
  public let simulation: SimulationSettings
  /// The budget of an entry, as a fraction of equity.
  public let positionSize: Rate
  /// What is told about the run while it lasts.
  public let logging: LoggingSettings
  /// Every key in the order of SEMANTICS 9, then those of what runs around the simulation.
  public let all: [Setting]

  /// The keys that decide what a run gives, those of SEMANTICS 9; results list and compare these.
  public var ofRun: [Setting] { all.filter { $0.section != Section.logging.name } }

  /// Puts the layers on each other and checks them.
  ///
  /// - Parameters:
  ///   - files: Those of `-c`, in order.
  ///   - sets: The texts after `--set`, `section.key=value`, in order.
  ///   - flags: Flags that set a key.
  ///   - strategies: Those that `strategy.name` may choose, at least one.
  /// - Throws: `ConfigurationError` with every problem found.
  public init(
    files: [ConfigurationFile] = [], sets: [String] = [], flags: [FlagSetting] = [],
    strategies: [StrategyKeys]
  ) throws(ConfigurationError) {
    var layers: [Result<Assignment, ConfigurationProblem>] = []
    var unread: [ConfigurationProblem] = []
    for file in files {
      do { layers += try Assignment.list(from: file).map { .success($0) } } catch {
        unread.append(error)
      }
    }
    // A file that cannot be read may choose the strategy; to judge the rest without it would mislead.
    guard unread.isEmpty else { throw ConfigurationError(unread) }

    let known = Section.all(for: .standard(among: strategies), among: strategies)
    for text in sets {
      layers.append(
        Result { () throws(ConfigurationProblem) in try Assignment(set: text, sections: known) })
    }
    layers += flags.map { .success(Assignment($0)) }

    let values = LayeredValues(layers, strategies: strategies)
    guard values.problems.isEmpty else { throw ConfigurationError(values.problems) }
    self.init(values)
  }

  private init(_ values: LayeredValues) {
    product = Product(values.values(of: "product"))
    strategyName = values.values(of: "strategy").text("name")
    strategy = values.strategyValues
    exit = values.values(of: "exit")
    simulation = SimulationSettings(values.values(of: "simulation"))
    positionSize = values.values(of: "portfolio").rate("position_size")
    logging = LoggingSettings(values.values(of: "logging"))
    all = values.settings
  }

  /// The setting of a full key such as `exit.trail`; `nil` where there is none.
  public subscript(key: String) -> Setting? { all.first { $0.key == key } }
}
