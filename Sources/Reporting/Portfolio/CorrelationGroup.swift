public import Market

/// Pairs that are thought to move together; a pair without a group is its own.
public struct CorrelationGroup: Hashable, Sendable {
  /// The group's name, or that of its only pair.
  public var name: String
  /// Its pairs by number.
  public var pairs: [Int]

  /// What its pairs have at stake together, positions and working entries.
  public func exposure(_ exposures: Exposures) -> Money {
    pairs.reduce(.zero) { $0 + exposures.positions[$1] + exposures.entries[$1] }
  }
}

extension PortfolioResult {
  /// The groups in the order in which their first pairs are registered.
  public var correlationGroups: [CorrelationGroup] {
    var all: [CorrelationGroup] = []
    var named: [String: Int] = [:]
    for pair in pairs.indices {
      if let name = groups[pair], let place = named[name] {
        all[place].pairs.append(pair)
      } else {
        if let name = groups[pair] { named[name] = all.count }
        all.append(CorrelationGroup(name: groups[pair] ?? pairs[pair].product.id, pairs: [pair]))
      }
    }
    return all
  }
}
