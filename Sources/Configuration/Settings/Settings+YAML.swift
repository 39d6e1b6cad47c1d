import Strategy

extension Settings {
  /// The settings as a configuration file, each key with its origin beside it; of a pair what is its own.
  ///
  /// Read again, the text gives the same values.
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
    "\(name): \(YAMLText.value(setting.text))  # \(shown(setting.origin.description))"
  }
}
