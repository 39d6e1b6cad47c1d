import Strategy

/// The annotated example file, made from the declarations so that it cannot fall behind them.
public enum ExampleFile {
  /// Every key with its help, type, range and default; `Data/config.example.yaml` is this text.
  ///
  /// The first strategy, or `confluence`, stands as it would be used, the others as comments.
  public static func text(strategies: [StrategyKeys]) -> String {
    let standard = StrategyKeys.standard(among: strategies)
    var lines = [
      "# Ratchet's configuration: every key, at its default. A key left out keeps its default.",
      "#",
      "# Use it with -c FILE; of several files the later one wins, and --set section.key=value wins",
      "# over files. Numbers are exact decimals: 0.02 is 2/100. A fraction of 0.02 is 2 percent.",
    ]
    for section in Section.all(for: standard, among: strategies) {
      lines += ["", "# \(section.help)"] + Self.lines(of: section, chosen: standard)
    }
    for other in strategies where other.name != standard.name {
      lines += [
        "", "# Another strategy, \(other.name), with keys of its own:", "# \(other.summary)", "#",
      ]
      for section in Section.all(for: other, among: strategies)
      where section.name == "strategy" || section.name == "exit" {
        lines += Self.lines(of: section, chosen: other).map { $0.isEmpty ? "#" : "# \($0)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(of section: Section, chosen: StrategyKeys) -> [String] {
    guard !section.parameters.isEmpty else { return ["# \(section.name): no keys"] }
    var lines = ["\(section.name):"]
    for parameter in section.parameters {
      let isName = section.name == "strategy" && parameter.name == "name"
      let value = isName ? chosen.name : parameter.defaultText
      lines += [
        "  # \(parameter.help)", "  # \(parameter.kind); default \(parameter.defaultText)",
        "  \(parameter.name): \(YAMLText.value(value))",
      ]
    }
    return lines
  }
}
