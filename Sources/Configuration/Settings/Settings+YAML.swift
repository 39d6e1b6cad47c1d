import Strategy

extension Settings {
  /// The settings as a configuration file, each key with its origin beside it; of a pair what is its own.
  ///
  /// Read again, the text gives the same values, but for a password, which it does not tell.
  public var yaml: String {
    var lines: [String] = []
    var section: String?
    for setting in pairs.isEmpty ? all : all.filter({ $0.key != "product.id" }) {
      if setting.section != section {
        if section != nil { lines.append("") }
        lines.append("\(setting.section):")
        section = setting.section
      }
      lines.append("  " + Self.line(setting.parameter.name, setting))
    }
    if !pairs.isEmpty { lines += ["", "\(Section.pairs.name):"] }
    for pair in pairs { lines += Self.lines(of: pair) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// An item of the list, its keys in their sections.
  private static func lines(of pair: PairSettings) -> [String] {
    var lines: [String] = []
    if let name = pair["product.id"] { lines.append("  - " + line(Section.pairName, name)) }
    for setting in pair.own where setting.section == Section.pairs.name {
      lines.append("    " + line(setting.parameter.name, setting))
    }
    var section: String?
    for setting in pair.own where setting.section != Section.pairs.name {
      if setting.section != section {
        lines.append("    \(setting.section):")
        section = setting.section
      }
      lines.append("      " + line(setting.parameter.name, setting))
    }
    return lines
  }

  private static func line(_ name: String, _ setting: Setting) -> String {
    let origin = shown(setting.origin.description)
    // As a comment, for it is not the value.
    if setting.value == .secret(isGiven: true) { return "# \(name): \(setting.text)  # \(origin)" }
    return "\(name): \(YAMLText.value(setting.text))  # \(origin)"
  }
}
