/// Who the pairs of the account are, in the order of registration, with what was given to each alone.
struct PairRegistry {
  private(set) var pairs: [PairAssignments] = []
  private(set) var problems: [ConfigurationProblem] = []
  private let option: String

  /// Brings together the lists of files, what `--set` gives to pairs, and the candles that the command
  /// line names.
  ///
  /// - Parameters:
  ///   - layers: In the order of the sources.
  ///   - commandLine: The pairs for which the command line names candles.
  ///   - option: By which option it does.
  init(_ layers: [PairAssignments], commandLine: [String], option: String) {
    self.option = option
    for layer in layers where layer.isDeclaration {
      if let index = pairs.firstIndex(where: { $0.pair == layer.pair }) {
        pairs[index].assignments += layer.assignments  // A later file.
      } else {
        pairs.append(layer)
      }
    }
    let origin = Origin.argument(option)
    if pairs.isEmpty {
      pairs = commandLine.map {
        PairAssignments(pair: $0, origin: origin, isDeclaration: true, assignments: [])
      }
    } else if !commandLine.isEmpty {
      for name in commandLine where !pairs.contains(where: { $0.pair == name }) {
        problems.append(.init(origin, .unknownPair(name, hint(for: name))))
      }
      for pair in pairs where !commandLine.contains(pair.pair) {
        problems.append(.init(pair.origin, .noCandles(pair.pair, option: option)))
      }
    }
    for layer in layers where !layer.isDeclaration {
      if let index = pairs.firstIndex(where: { $0.pair == layer.pair }) {
        pairs[index].assignments += layer.assignments
      } else {
        problems.append(.init(layer.origin, .unknownPair(layer.pair, hint(for: layer.pair))))
      }
    }
  }

  private func hint(for name: String) -> ConfigurationProblem.Hint {
    let names = pairs.map(\.pair)
    if let near = nearestName(to: name, among: names) { return .similar(near) }
    return names.isEmpty ? .noPairs(option: option) : .known(names)
  }
}
