import Execution
import Market

/// Finds sizes and limits of a portfolio that do not go together.
///
/// An entry's notional is at most position_size / (1 + taker_rate) of equity (SEMANTICS 4.4), and at most
/// max_position_size_pct of it (8.4(b)). Everything is compared exactly, in steps of 1e-18 of equity.
struct PortfolioCheck {
  /// What an entry of a pair costs.
  private struct Size {
    let name: String
    let group: String?
    let size: Rate
    let takerRate: Rate

    init(_ pair: PairSettings) {
      name = pair.name
      group = pair.group
      size = pair.positionSize
      takerRate = pair.simulation.takerRate
    }

    /// The entry before any limit cuts it.
    var entry: Int128 {
      Int128(size.steps) * Int128(Rate.stepsPerUnit)
        / (Int128(Rate.stepsPerUnit) + Int128(takerRate.steps))
    }
  }

  private let limits: PortfolioLimits
  private let settings: [Setting]
  private let sizes: [Size]

  /// A look at limits, where `settings` say they come from, and the pairs that they are for.
  init(limits: PortfolioLimits, settings: [Setting], pairs: [PairSettings]) {
    self.limits = limits
    self.settings = settings
    sizes = pairs.map(Size.init)
  }

  /// What there is to say, in the order of the limits.
  var warnings: [ConfigurationWarning] { positions + cuts + groups + cash }

  /// An entry as the size limit leaves it.
  private func entry(_ size: Size) -> Int128 {
    guard let limit = limits.maxPositionSize else { return size.entry }
    return min(size.entry, limit.steps / 100)
  }

  private func warning(
    _ key: String, _ reason: ConfigurationWarning.Reason
  ) -> ConfigurationWarning {
    let origin = settings.first { $0.key == "portfolio.\(key)" }?.origin
    return ConfigurationWarning(origin: origin ?? .standard, reason: reason)
  }

  private var positions: [ConfigurationWarning] {
    // Of one pair the limit is that of a portfolio to come.
    guard let most = limits.maxPositions, sizes.count > 1, most > sizes.count else { return [] }
    return [warning("max_positions", .limitOutOfReach(most, pairs: sizes.count))]
  }

  private var cuts: [ConfigurationWarning] {
    guard let limit = limits.maxPositionSize else { return [] }
    return sizes.filter { $0.entry * 100 > limit.steps }.map {
      warning(
        "max_position_size_pct", .alwaysCut(pair: $0.name, size: $0.size, limit: limit))
    }
  }

  private var groups: [ConfigurationWarning] {
    guard let limit = limits.maxCorrelatedExposure else { return [] }
    let key = "max_correlated_exposure_pct"
    let refused = sizes.filter { entry($0) * 100 > limit.steps }.map {
      warning(key, .alwaysRefused(pair: $0.name, limit: limit))
    }
    var names: [String] = []
    for size in sizes { if let name = size.group, !names.contains(name) { names.append(name) } }
    let lone = names.compactMap { name -> ConfigurationWarning? in
      let members = sizes.filter { $0.group == name }
      let smallest = members.map(entry).sorted().prefix(2)
      guard smallest.count == 2, smallest.reduce(0, +) * 100 > limit.steps else { return nil }
      return warning(
        key, .groupHoldsOne(name, pairs: members.map(\.name), limit: limit))
    }
    return refused + lone
  }

  private var cash: [ConfigurationWarning] {
    guard sizes.count > 1 else { return [] }
    let largest = sizes.map(entry).sorted(by: >).prefix(limits.maxPositions ?? sizes.count)
    let sum = largest.reduce(0, +)
    guard sum > Int128(Rate.stepsPerUnit) else { return [] }
    // Rounded to hundredths of a percent, which is plenty for a sentence.
    let hundredth = Money.stepsPerUnit / 100
    let percent = Money(steps: (sum * 100 + hundredth / 2) / hundredth * hundredth)
    return [warning("position_size", .moreThanCash(percent: percent))]
  }
}
