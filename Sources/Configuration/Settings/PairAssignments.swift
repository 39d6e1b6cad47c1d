/// What a file or the command line gives to one pair alone, before anybody knows whether it is right.
struct PairAssignments {
  /// The pair.
  var pair: String
  /// Where it is named.
  var origin: Origin
  /// Whether this is an item of the list, which makes the pair one of the account; a `--set` does not.
  var isDeclaration: Bool
  /// The values, of section `pairs` where only the key is written.
  var assignments: [Assignment]
}

extension PairAssignments {
  /// What a `--set` gives to a pair.
  init(pair: String, set assignment: Assignment) {
    self.init(
      pair: pair, origin: assignment.origin, isDeclaration: false, assignments: [assignment])
  }

  /// What the list of section `pairs` says, and what is wrong with its form.
  static func list(
    from node: YAMLNode, origin: Origin, file: String
  ) -> (pairs: [PairAssignments], problems: [ConfigurationProblem]) {
    guard case .sequence(let items) = node.content else {
      return ([], [ConfigurationProblem(origin, .noPairList(found: node.noun))])
    }
    var pairs: [PairAssignments] = []
    var problems: [ConfigurationProblem] = []
    for item in items {
      do {
        let pair = try PairAssignments(item, file: file)
        if let first = pairs.first(where: { $0.pair == pair.pair }) {
          problems.append(.init(pair.origin, .duplicatePair(pair.pair, first: first.origin)))
        }
        pairs.append(pair)
      } catch {
        problems.append(error)
      }
    }
    return (pairs, problems)
  }

  private init(_ item: YAMLNode, file: String) throws(ConfigurationProblem) {
    func place(_ line: Int, _ column: Int) -> Origin { .file(file, line: line, column: column) }
    let origin = place(item.line, item.column)
    guard case .mapping(let entries) = item.content else {
      throw ConfigurationProblem(origin, .noPairKeys(found: item.noun))
    }
    guard let name = entries.first(where: { $0.key == Section.pairName }) else {
      throw ConfigurationProblem(origin, .noPairName)
    }
    let namePlace = place(name.value.line, name.value.column)
    guard case .text(let text) = Assignment.Content(name.value) else {
      throw ConfigurationProblem(namePlace, .noPairName)
    }
    self.init(pair: text, origin: namePlace, isDeclaration: true, assignments: [])
    for entry in entries where entry.key != Section.pairName {
      let keyPlace = place(entry.line, entry.column)
      guard case .mapping(let keys) = entry.value.content, !keys.isEmpty else {
        assignments.append(
          Assignment(
            section: Section.pairs.name, key: entry.key, content: .init(entry.value),
            sectionOrigin: keyPlace, keyOrigin: keyPlace,
            origin: place(entry.value.line, entry.value.column)))
        continue
      }
      for key in keys {
        assignments.append(
          Assignment(
            section: entry.key, key: key.key, content: .init(key.value), sectionOrigin: keyPlace,
            keyOrigin: place(key.line, key.column),
            origin: place(key.value.line, key.value.column)))
      }
    }
  }
}
