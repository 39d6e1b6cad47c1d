import Strategy

extension Settings {
  /// The settings as a configuration file, each key with its origin beside it.
  ///
  /// Read again, the text gives the same values.
  public var yaml: String {
    var lines: [String] = []
    var section: String?
    for setting in all {
      if setting.section != section {
        if section != nil { lines.append("") }
        lines.append("\(setting.section):")
        section = setting.section
      }
      let value = YAMLText.value(setting.text)
      lines.append("  \(setting.parameter.name): \(value)  # \(shown(setting.origin.description))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
