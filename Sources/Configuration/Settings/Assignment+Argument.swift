extension Assignment {
  /// What `--set section.key=value` assigns; `sections` tell which one a lone key may have meant.
  init(set text: String, sections: [Section]) throws(ConfigurationProblem) {
    let origin = Origin.argument("--set")
    func malformed(_ hint: ConfigurationProblem.Hint) -> ConfigurationProblem {
      ConfigurationProblem(origin, .malformedSet(text, hint))
    }
    guard let equals = text.firstIndex(of: "=") else {
      throw malformed(.example("exit.trail=0.03"))
    }
    let name = text[..<equals]
    // A value may hold a colon; before the "=" one ends the name of a pair.
    if name.contains(":") { throw ConfigurationProblem(origin, .pairs(String(name))) }
    let value = String(text[text.index(after: equals)...])
    guard let point = name.firstIndex(of: ".") else {
      let owner = sections.first { $0.parameter(String(name)) != nil }
      throw malformed(
        owner.map { .similar("\($0.name).\(shown(text))") } ?? .example("exit.trail=0.03"))
    }
    self.init(
      section: String(name[..<point]), key: String(name[name.index(after: point)...]),
      value: value, origin: origin)
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
