import Configuration
import Simulator
import Strategy

/// What `--help` prints, 80 columns wide.
enum HelpText {
  /// The program's own help.
  static func overview(_ program: Program) -> String {
    var lines = [
      "Ratchet \(Program.version): one strategy, backtested, rehearsed and traded by one engine.",
      "",
      "Usage: \(program.name) COMMAND [options]", "", "Commands:",
    ]
    for command in Program.subcommands {
      lines += entry(command.words.joined(separator: " "), command.summary)
    }
    lines += ["", "Strategies (--strategy NAME):"]
    for strategy in program.strategies { lines += entry(strategy.name, strategy.summary) }
    lines += ["", "Options:"]
    lines += entry("--help, -h", "Show this help; after a command, the command's.")
    lines += entry("--version", "Show the version.")
    lines += ["", "Exit codes:"]
    lines += entry("0", "all is well")
    lines += entry("1", "the run failed, or a result could not be repeated")
    lines += entry("2", "the command line was not understood")
    lines += entry("3", "a data file is missing or bad")
    lines += entry("4", "the configuration is bad")
    lines += entry("130, 143", "interrupted by Ctrl-C, ended by SIGTERM; no half file is left")
    lines += ["", "Begin with: \(program.name) backtest --csv Data/sample-btc-usd-5m.csv"]
    return lines.joined(separator: "\n")
  }

  /// A subcommand's help.
  static func of(_ command: Subcommand, _ program: Program, _ invocation: Invocation) -> String {
    let required = command.options.filter(\.isRequired).map { "\($0.key) \($0.value ?? "")" }
    let usage = ([program.name] + command.words + command.operands + required + ["[options]"])
    var lines = wrap(sentence(command.summary), 0)
    lines += ["", "Usage: " + usage.joined(separator: " ")]
    var title = ""
    for option in command.allOptions {
      if option.title != title {
        title = option.title
        lines += ["", "\(title):"]
      }
      let names = option.names.joined(separator: ", ")
      let value = option.value.map { " \($0)" } ?? ""
      lines += entry(names + value, option.help + (option.isRepeatable ? " Repeatable." : ""))
    }
    let details = command.details(program, invocation)
    if !details.isEmpty { lines += ["", details] }
    return lines.joined(separator: "\n")
  }

  /// The help of several subcommands that share their first word.
  static func of(_ group: [Subcommand], _ program: Program) -> String {
    let word = group[0].words[0]
    var lines = ["Usage: \(program.name) \(word) COMMAND [options]", "", "Commands:"]
    for command in group { lines += entry(command.words.joined(separator: " "), command.summary) }
    lines += ["", "More on one of them: \(program.name) \(word) COMMAND --help"]
    return lines.joined(separator: "\n")
  }

  /// The keys of the configuration, as `--set` takes them.
  static func keys(_ sections: [Section]) -> String {
    var lines: [String] = []
    for section in sections {
      lines += [""] + wrap("\(section.name): \(section.help)", 2)
      for parameter in section.parameters {
        lines += entry(
          "  \(section.name).\(parameter.name)",
          "\(parameter.help); \(parameter.kind) [\(parameter.defaultText)]", column: 34)
      }
    }
    return lines.dropFirst().joined(separator: "\n")
  }

  /// A phrase as a sentence.
  static func sentence(_ phrase: String) -> String {
    phrase.prefix(1).uppercased() + phrase.dropFirst() + "."
  }

  /// A name and its explanation, the explanation in a column of its own.
  static func entry(_ name: String, _ text: String, column: Int = 26) -> [String] {
    var lines = wrap(text, column)
    let label = "  " + name
    if label.count < column, let first = lines.first {
      lines[0] = label + first.dropFirst(label.count)
    } else {
      lines.insert(label, at: 0)
    }
    return lines
  }

  /// Breaks a text at spaces, each line indented.
  static func wrap(_ text: some StringProtocol, _ indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > 80 {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [margin + line]
  }
}
