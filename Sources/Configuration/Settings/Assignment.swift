/// A value given to a key, before anybody knows whether either is right.
struct Assignment {
  enum Content {
    case text(String)
    /// The key is there, its value is not.
    case nothing
    /// Something that is no single value, by its noun.
    case other(String)

    /// What it is, for a message.
    var noun: String {
      switch self {
      case .text: "a single value"
      case .nothing: "nothing"
      case .other(let noun): noun
      }
    }
  }

  var section: String
  /// `nil` where the section holds no keys, but `content`.
  var key: String?
  var content: Content
  /// Where the section begins.
  var sectionOrigin: Origin
  /// Where the key is.
  var keyOrigin: Origin
  /// Where the value is.
  var origin: Origin
}

extension Assignment {
  /// What a file assigns in its sections, and to pairs alone.
  static func list(
    from file: ConfigurationFile
  ) throws(ConfigurationProblem) -> (
    common: [Result<Assignment, ConfigurationProblem>], pairs: [PairAssignments]
  ) {
    var assignments: [Result<Assignment, ConfigurationProblem>] = []
    var pairs: [PairAssignments] = []
    guard let root = try YAMLReader.read(file) else { return ([], []) }
    func origin(_ line: Int, _ column: Int) -> Origin {
      .file(file.name, line: line, column: column)
    }
    guard case .mapping(let sections) = root.content else {
      throw ConfigurationProblem(origin(root.line, root.column), .noSections(found: root.noun))
    }
    for section in sections {
      let place = origin(section.line, section.column)
      if section.key == Section.pairs.name {
        let list = PairAssignments.list(from: section.value, origin: place, file: file.name)
        pairs += list.pairs
        assignments += list.problems.map { .failure($0) }
        continue
      }
      var keys: [YAMLNode.Entry] = []
      if case .mapping(let entries) = section.value.content { keys = entries }
      if keys.isEmpty {
        let noun = section.value.content == .mapping([]) ? "nothing" : section.value.noun
        assignments.append(
          .success(
            Assignment(
              section: section.key, key: nil, content: .other(noun), sectionOrigin: place,
              keyOrigin: place, origin: place)))
      }
      for entry in keys {
        assignments.append(
          .success(
            Assignment(
              section: section.key, key: entry.key, content: Content(entry.value),
              sectionOrigin: place,
              keyOrigin: origin(entry.line, entry.column),
              origin: origin(entry.value.line, entry.value.column))))
      }
    }
    return (assignments, pairs)
  }
}

extension Assignment.Content {
  /// What stands behind a key.
  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(_, .block), .sequence, .mapping: self = .other(node.noun)
    case .scalar(let text, .plain), .scalar(let text, .quoted):
      self = node.isNull ? .nothing : .text(text)
    }
  }
}
