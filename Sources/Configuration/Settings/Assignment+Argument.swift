import Strategy

extension Assignment {
  /// What `--set section.key=value` assigns, or `--set PAIR:section.key=value`, and then to whom.
  ///
  /// `sections` tell which one a lone key may have meant; of a pair a lone key is enough.
  static func set(
    _ text: String, sections: [Section]
  ) throws(ConfigurationProblem) -> (pair: String?, assignment: Assignment) {
    let origin = Origin.argument("--set")
    func malformed(_ hint: ConfigurationProblem.Hint) -> ConfigurationProblem {
      ConfigurationProblem(origin, .malformedSet(text, hint))
    }
    guard let equals = text.firstIndex(of: "=") else {
      throw malformed(.example("exit.trail=0.03"))
    }
    var name = text[..<equals]
    var pair: String?
    // A value may hold a colon; before the "=" one ends the name of a pair.
    if let colon = name.lastIndex(of: ":") {
      pair = String(name[..<colon])
      name = name[name.index(after: colon)...]
      guard pair != "", !name.isEmpty else { throw malformed(.example("BTC-USD:exit.trail=0.03")) }
    }
    let secret = sections.lazy.flatMap { section in
      section.parameters.filter { $0.kind == .secret }.map { (section.name, $0.name) }
    }.first { name == $0.1 || name.hasSuffix(".\($0.1)") }
    // Before anything that would repeat the text.
    if let secret { throw ConfigurationProblem(origin, .secretInSet("\(secret.0).\(secret.1)")) }
    let value = String(text[text.index(after: equals)...])
    guard let point = name.firstIndex(of: ".") else {
      if pair != nil {
        let key = String(name)
        return (
          pair, Assignment(section: Section.pairs.name, key: key, value: value, origin: origin)
        )
      }
      let owner = sections.first { $0.parameter(String(name)) != nil }
      throw malformed(
        owner.map { .similar("\($0.name).\(shown(text))") } ?? .example("exit.trail=0.03"))
    }
    return (
      pair,
      Assignment(
        section: String(name[..<point]), key: String(name[name.index(after: point)...]),
        value: value, origin: origin)
    )
  }

  /// What a flag of its own assigns.
  init(_ flag: FlagSetting) {
    let parts = flag.key.split(separator: ".", maxSplits: 1)
    precondition(parts.count == 2, "flag \(flag.flag) sets '\(flag.key)', not section.key")
    self.init(
      section: String(parts[0]), key: String(parts[1]), value: flag.value,
      origin: .argument(flag.flag))
  }

  private init(section: String, key: String, value: String, origin: Origin) {
    self.init(
      section: section, key: key, content: value.isEmpty ? .nothing : .text(value),
      sectionOrigin: origin, keyOrigin: origin, origin: origin)
  }
}
