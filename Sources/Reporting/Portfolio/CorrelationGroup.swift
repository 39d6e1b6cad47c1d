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

  /// The groups of pairs, in the order in which their first pairs are registered.
  ///
  /// - Parameter pairs: Each pair's name and that of its group, `nil` where it has none.
  /// - Returns: The groups; every pair is in one.
  public static func all(of pairs: [(name: String, group: String?)]) -> [CorrelationGroup] {
    var all: [CorrelationGroup] = []
    var named: [String: Int] = [:]
    for (pair, names) in pairs.enumerated() {
      if let name = names.group, let place = named[name] {
        all[place].pairs.append(pair)
      } else {
        if let name = names.group { named[name] = all.count }
        all.append(CorrelationGroup(name: names.group ?? names.name, pairs: [pair]))
      }
    }
    return all
  }
}

extension PortfolioResult {
  /// The groups in the order in which their first pairs are registered.
  public var correlationGroups: [CorrelationGroup] {
    CorrelationGroup.all(of: pairs.indices.map { (pairs[$0].product.id, groups[$0]) })
  }
}
