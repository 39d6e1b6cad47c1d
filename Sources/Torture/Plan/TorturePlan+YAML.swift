package import Configuration
import Market
import Sandbox
import Simulator
import Strategy

extension TorturePlan {
  /// The strategies that a plan chooses from.
  static let strategies: [StrategyEntry] = [
    StrategyEntry(ConfluenceStrategy.self), StrategyEntry(MovingAverageCrossStrategy.self),
  ]

  /// The configuration of session and exchange: a file for `-c`.
  package var configuration: String {
    var sections: [(name: String, lines: [String])] = []
    func add(_ key: String, _ value: String) {
      let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
      let line = "  \(parts[1]): \(value)"
      if let place = sections.firstIndex(where: { $0.name == parts[0] }) {
        sections[place].lines.append(line)
      } else {
        sections.append((parts[0], [line]))
      }
    }
    add("simulation.interval", "\(interval)")
    add("simulation.cash", "\(cash)")
    for setting in settings { add(setting.key, setting.value) }
    if let ownCoins { add("sandbox.balances", "\(ownCoins) \(pairs[0].coin)") }
    if enforcesMinimums { add("sandbox.enforce_exit_minimums", "true") }
    var lines = sections.flatMap { ["\($0.name):"] + $0.lines }
    lines.append("pairs:")
    for pair in pairs {
      lines.append("  - product_id: \(pair.name)")
      if let group = pair.group { lines.append("    correlation_group: \(group)") }
      lines.append("    product:")
      lines.append("      quote_min_size: \(pair.minimum)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The configuration, read as the session reads it.
  ///
  /// - Throws: `ConfigurationError` where the plan is not one.
  package func checkedSettings() throws -> Settings {
    try Settings(
      files: [ConfigurationFile(name: "seed \(seed)", bytes: Array(configuration.utf8))],
      strategies: Self.strategies.map {
        StrategyKeys(
          name: $0.name, summary: $0.summary, parameters: $0.parameters,
          exitParameters: $0.exitParameters, check: $0.check)
      })
  }

  /// All of it, for reading: what the configuration does not say is in comments.
  package var text: String {
    var lines = [
      "# seed \(seed): key \(key.rawValue), \(history) candles of history, then",
      "# \(pairs[0].candles.count - history) of each pair from \(begin)",
    ]
    for pair in pairs {
      let made = pair.candles
      lines.append(
        "# \(pair.name): candles of seed \(made.seed), volatility \(made.volatility), volume "
          + "\(made.meanVolume), gaps \(made.gapProbability), dead \(made.zeroVolumeProbability)")
    }
    lines += kills.map { "# \($0)" } + acts.map { "# \($0)" }
    lines += faults.yaml.split(separator: "\n").map { "# fault plan: \($0)" }
    return lines.joined(separator: "\n") + "\n" + configuration
  }
}

extension PairSettings {
  /// How many candles an entry lives, SEMANTICS 4.5: of a strategy without a setting as many as a signal has.
  var entryLife: Int {
    guard case .integer(let count)? = self["strategy.entry_ttl"]?.value else {
      return EntrySignal(reference: 1).timeToLive
    }
    return count
  }

  /// What its exits are to be like.
  var exitTerms: Testimony.ExitTerms? {
    guard case .rate(let offset)? = self["exit.stop_limit_offset"]?.value,
      case .integer(let seconds)? = self["exit.escalate_after"]?.value
    else { return nil }
    return Testimony.ExitTerms(
      stopLimitOffset: offset, escalateAfter: TimeSpan(seconds: Int64(seconds)))
  }
}

extension TorturePlan.Pair {
  /// What is bought and sold: `BTC` of `BTC-USD`.
  var coin: String { String(name.prefix { $0 != "-" }) }
}

extension TorturePlan.Kill: CustomStringConvertible {
  /// Such as `killed 300 us after order 7`.
  package var description: String { "\(isPolite ? "told to end" : "killed") \(moment)" }
}

extension TorturePlan.Moment: CustomStringConvertible {
  /// Such as `300 us after order 7`.
  package var description: String {
    switch self {
    case .atEvent(let count, let microseconds): "\(microseconds) us after event \(count)"
    case .atOrder(let count, let microseconds): "\(microseconds) us after order \(count)"
    case .afterStart(let count, let milliseconds): "\(milliseconds) ms after start \(count)"
    }
  }
}
