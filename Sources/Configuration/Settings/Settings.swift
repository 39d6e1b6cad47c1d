public import Execution
public import Market
public import Strategy

/// The configuration of a run: every key with its value, checked, and where it came from.
///
/// Defaults, then the files in their order, then `--set` in its order, then flags: the later wins.
/// All of them are checked, those that lose too. What is given to one pair wins over what is given to
/// all, whatever the layer.
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
  /// What all pairs together may risk.
  public let limits: PortfolioLimits
  /// The pairs in the order of registration; none where a run is of one product and no pair is named.
  public let pairs: [PairSettings]
  /// What holds where no pair has a value of its own: all there is of a run of one product.
  public let common: PairSettings
  /// What is allowed and can hardly be meant.
  public let warnings: [ConfigurationWarning]
  /// What is told about the run while it lasts.
  public let logging: LoggingSettings
  /// How a database is kept.
  public let persistence: PersistenceSettings
  /// Who we are at the exchange.
  public let exchange: ExchangeSettings
  /// How a session on an exchange behaves.
  public let live: LiveSettings
  /// What the local exchange is like.
  public let sandbox: LocalExchangeSettings
  /// Every key in the order of SEMANTICS 9, then those of what runs around the simulation.
  public let all: [Setting]

  /// The keys that decide what a run gives, those of SEMANTICS 9; results list and compare these.
  ///
  /// Where there are pairs, these hold for all that have no value of their own, and each pair has its
  /// own `product.id`.
  public var ofRun: [Setting] {
    all.filter {
      $0.isOfRun && (pairs.isEmpty || $0.key != "product.id")
    }
  }

  /// Puts the layers on each other and checks them.
  ///
  /// - Parameters:
  ///   - files: Those of `-c`, in order.
  ///   - sets: The texts after `--set`, `section.key=value` or `PAIR:section.key=value`, in order.
  ///   - flags: Flags that set a key.
  ///   - pairs: Those that the command line names candles for, in its order. Where files list pairs,
  ///     these must be the same, and the order is that of the list.
  ///   - option: By which option it names them.
  ///   - strategies: Those that `strategy.name` may choose, at least one.
  /// - Throws: `ConfigurationError` with every problem found.
  public init(
    files: [ConfigurationFile] = [], sets: [String] = [], flags: [FlagSetting] = [],
    pairs: [String] = [], namedBy option: String = "--csv", strategies: [StrategyKeys]
  ) throws(ConfigurationError) {
    var layers: [Result<Assignment, ConfigurationProblem>] = []
    var ofPairs: [PairAssignments] = []
    var unread: [ConfigurationProblem] = []
    for file in files {
      do {
        let list = try Assignment.list(from: file)
        layers += list.common
        ofPairs += list.pairs
      } catch {
        unread.append(error)
      }
    }
    // A file that cannot be read may choose the strategy; to judge the rest without it would mislead.
    guard unread.isEmpty else { throw ConfigurationError(unread) }

    let known = Section.all(for: .standard(among: strategies), among: strategies)
    for text in sets {
      do throws(ConfigurationProblem) {
        let (pair, assignment) = try Assignment.set(text, sections: known)
        if let pair {
          ofPairs.append(PairAssignments(pair: pair, set: assignment))
        } else {
          layers.append(.success(assignment))
        }
      } catch {
        layers.append(.failure(error))
      }
    }
    layers += flags.map { .success(Assignment($0)) }

    let values = LayeredValues(layers, strategies: strategies)
    let registry = PairRegistry(ofPairs, commandLine: pairs, option: option)
    let valuesOfPairs = registry.pairs.map { pair in
      values.ofPair(pair.pair, origin: pair.origin, pair.assignments)
    }
    let problems = values.problems + registry.problems + valuesOfPairs.flatMap(\.problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    self.init(values, pairs: valuesOfPairs.map(PairSettings.init))
  }

  private init(_ values: LayeredValues, pairs: [PairSettings]) {
    product = Product(values.values(of: "product"))
    strategyName = values.values(of: "strategy").text("name")
    strategy = values.strategyValues
    exit = values.values(of: "exit")
    simulation = SimulationSettings(values.values(of: "simulation"))
    positionSize = values.values(of: "portfolio").rate("position_size")
    logging = LoggingSettings(values.values(of: "logging"))
    persistence = PersistenceSettings(
      values.values(of: Section.persistence.name), password: values.password)
    exchange = ExchangeSettings(values.values(of: Section.exchange.name))
    live = LiveSettings(values.values(of: Section.live.name))
    sandbox = LocalExchangeSettings(values.values(of: Section.sandbox.name))
    common = PairSettings(values)
    limits = PortfolioLimits(values.values(of: "portfolio"))
    all = values.settings
    self.pairs = pairs
    warnings =
      PortfolioCheck(
        limits: limits, settings: values.settings, pairs: pairs.isEmpty ? [common] : pairs
      ).warnings
  }

  /// The pairs that are traded: those of the list, or the one that the sections describe.
  public var tradedPairs: [PairSettings] { pairs.isEmpty ? [common] : pairs }

  /// The setting of a full key such as `exit.trail`; `nil` where there is none.
  public subscript(key: String) -> Setting? { all.first { $0.key == key } }
}
