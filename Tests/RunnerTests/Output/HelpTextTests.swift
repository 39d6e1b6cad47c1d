import Configuration
import Simulator
import Strategy
import Testing

@testable import Runner

@Suite("What --help prints")
struct HelpTextTests {
  private static let program = Program(strategies: StrategyEntry.builtIn)
  private static let strategies = program.strategies.map(\.name)
  private static let commands = Program.subcommands.map(\.words)

  private func command(_ words: [String]) throws -> Subcommand {
    try #require(Program.subcommands.first { $0.words == words })
  }

  /// The help of a command whose words are followed by more.
  private func help(_ words: [String], _ more: String...) throws -> String {
    let command = try command(words)
    let invocation = try Invocation(
      more + ["--help"], options: command.allOptions, operandNames: command.operands)
    return HelpText.of(command, Self.program, invocation)
  }

  private func expectNarrow(
    _ text: String, _ location: SourceLocation = #_sourceLocation
  ) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.count <= 80, "\(line)", sourceLocation: location)
      #expect(line.last != " ", "trailing space: \(line)", sourceLocation: location)
    }
    #expect(!text.contains("\n\n\n"), sourceLocation: location)
    #expect(!text.hasSuffix("\n"), sourceLocation: location)
  }

  /// Whether a line of the text begins with the name and a space or nothing follows.
  private func lists(_ text: String, _ name: String) -> Bool {
    text.split(separator: "\n").contains { line in
      let content = line.drop { $0 == " " }
      return content.hasPrefix(name)
        && [nil, " ", ","].contains(content.dropFirst(name.count).first)
    }
  }

  @Test func `the overview lists every command, strategy and exit code in 80 columns`() {
    let text = HelpText.overview(Self.program)
    expectNarrow(text)
    for words in Self.commands { #expect(lists(text, words.joined(separator: " "))) }
    for name in Self.strategies { #expect(lists(text, name)) }
    for code in [ExitCode.ok, .failed, .usage, .data, .configuration] {
      #expect(lists(text, "\(code.rawValue)"))
    }
    #expect(lists(text, "--help"))
    #expect(lists(text, "--version"))
  }

  @Test("A command's help lists all its options in 80 columns", arguments: commands)
  func commandHelp(_ words: [String]) throws {
    let text = try help(words)
    expectNarrow(text)
    for option in try command(words).allOptions {
      for name in option.names { #expect(text.contains(name), "\(name)") }
      #expect(lists(text, option.key), "\(option.key)")
      if let value = option.value { #expect(text.contains("\(option.names.last ?? "") \(value)")) }
    }
  }

  @Test("Names and summaries keep to one style", arguments: commands)
  func style(_ words: [String]) throws {
    let command = try command(words)
    #expect(command.summary.first?.isLowercase == true)
    #expect(!command.summary.hasSuffix("."))
    for option in command.allOptions {
      #expect(option.key.hasPrefix("--"), "\(option.key)")
      #expect(option.help.first?.isUppercase == true, "\(option.key): \(option.help)")
      #expect(option.help.hasSuffix("."), "\(option.key): \(option.help)")
    }
    let names = command.allOptions.flatMap(\.names)
    #expect(Set(names).count == names.count, "two options have one name")
  }

  @Test("The keys of the chosen strategy are listed, each with its default", arguments: strategies)
  func keys(of strategy: String) throws {
    let entry = try #require(Self.program.strategies.first { $0.name == strategy })
    for words in [["backtest"], ["config", "check"], ["config", "show"]] {
      let text = try help(words, "--strategy", strategy)
      expectNarrow(text)
      let own = [("strategy", entry.parameters), ("exit", entry.exitParameters)]
      let others = [
        ("simulation", Section.simulation.parameters), ("product", Section.product.parameters),
        ("portfolio", Section.portfolio.parameters),
      ]
      for (section, parameters) in words == ["backtest"] ? own : own + others {
        for parameter in parameters {
          #expect(lists(text, "\(section).\(parameter.name)"), "\(words) \(parameter.name)")
          #expect(text.contains("[\(parameter.defaultText)]"))
        }
      }
      for other in Self.program.strategies where other.name != strategy {
        for parameter in other.parameters {
          #expect(!lists(text, "strategy.\(parameter.name)"), "\(words) \(parameter.name)")
        }
      }
    }
  }

  @Test func `options of a run stand under titles, every other command's under one`() throws {
    func titles(_ words: [String]) throws -> [String] {
      try help(words).split(separator: "\n").filter { $0.first != " " && $0.hasSuffix(":") }
        .map(String.init)
    }
    let text = try titles(["backtest"])
    #expect(
      text == ["Input:", "Range:", "Strategy and settings:", "Output:", "Checks and help:"])
    #expect(try titles(["paper"]) == text.dropLast() + ["Session:"])
    let titled = [["backtest"], ["paper"], ["live"], ["sandbox"]]
    for words in Self.commands where !titled.contains(words) {
      #expect(try titles(words).first == "Options:", "\(words)")
    }
  }

  @Test func `who opens a database is told where its password comes from`() throws {
    // Others have the whole configuration.
    let others = [["backtest"], ["paper"], ["live"], ["doctor"]]
    for command in Program.subcommands
    where command.options.contains(where: { $0.key == "--db" }) && !others.contains(command.words) {
      let text = try help(command.words)
      #expect(text.contains("RATCHET_DB_PASSWORD"), "\(command.words)")
    }
    #expect(try help(["live"]).contains("'runner doctor'"))
  }

  @Test func `no chosen strategy means the default one`() throws {
    #expect(try help(["backtest"]) == help(["backtest"], "--strategy", "confluence"))
    #expect(try help(["backtest"]) != help(["backtest"], "--strategy", "sma_cross"))
  }

  @Test func `a group of commands lists its members`() {
    let text = HelpText.of(Program.subcommands.filter { $0.words[0] == "config" }, Self.program)
    expectNarrow(text)
    #expect(lists(text, "config check"))
    #expect(lists(text, "config show"))
    #expect(!text.contains("backtest"))
  }

  @Test(
    "Text is wrapped at spaces and never inside a word",
    arguments: [
      ("a b", 0, ["a b"]), ("", 2, ["  "]),
      (String(repeating: "x", count: 90) + " y", 0, [String(repeating: "x", count: 90), "y"]),
      (String(repeating: "x", count: 78) + " y", 0, [String(repeating: "x", count: 78) + " y"]),
      (String(repeating: "x", count: 79) + " y", 0, [String(repeating: "x", count: 79), "y"]),
    ])
  func wraps(_ text: String, indent: Int, lines: [String]) {
    #expect(HelpText.wrap(text, indent) == lines)
  }
}
