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
    lines += [""] + pairs
    return lines.joined(separator: "\n") + "\n"
  }

  /// A list of pairs as comments: with it, candles would have to be named for each.
  private static let pairs = """
    # Several pairs on one account, in the order in which they are asked at one close. Each item has
    # a product_id and what differs for it: a correlation_group, any key of product, strategy and exit
    # (but product.id and strategy.name), portfolio.position_size, and any key of simulation but
    # interval and cash. A key may stand in its section or, where no other section has one of that
    # name, alone. What a pair has for itself wins over the sections above and over --set without a
    # pair; --set BTC-USD:exit.trail=0.04 wins over this. Candles: --csv BTC-USD=FILE for each pair.
    #
    # pairs:
    #   - product_id: BTC-USD
    #     correlation_group: majors
    #     position_size: 0.04
    #     trail: 0.03
    #   - product_id: ETH-USD
    #     correlation_group: majors
    #     product:
    #       base_increment: 0.00001
    #     strategy:
    #       rsi_oversold: 35
    """.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  private static func lines(of section: Section, chosen: StrategyKeys) -> [String] {
    guard !section.parameters.isEmpty else { return ["# \(section.name): no keys"] }
    var lines = ["\(section.name):"]
    for parameter in section.parameters {
      let isName = section.name == "strategy" && parameter.name == "name"
      let value = isName ? chosen.name : parameter.defaultText
      let advice = Section.recommendation(section: section.name, key: parameter.name)
      lines += [
        "  # \(parameter.help)",
        "  # \(parameter.kind); default \(parameter.defaultText)"
          + (advice.map { "; recommended: \($0)" } ?? ""),
        "  \(parameter.name): \(YAMLText.value(value))",
      ]
    }
    return lines
  }
}
