import Configuration
import Simulator
import Strategy

/// What can be typed after the program's name, for a shell; made of the declarations that also parse
/// and explain.
struct CompletionTable {
  /// A key of the configuration and the words it can be, if it is one of few.
  struct Key: Hashable {
    let name: String
    let words: [String]
  }

  let program: Program
  /// Words that begin a command line, such as `config`, in the order of the overview.
  let firstWords: [String]
  /// The keys that any strategy has, each once.
  let keys: [Key]

  init(_ program: Program) {
    self.program = program
    var firstWords: [String] = []
    for command in Program.subcommands where !firstWords.contains(command.words[0]) {
      firstWords.append(command.words[0])
    }
    self.firstWords = firstWords
    var keys: [Key] = []
    let strategies = program.strategyKeys
    for strategy in strategies {
      for section in Section.all(for: strategy, among: strategies) {
        for parameter in section.parameters {
          let name = "\(section.name).\(parameter.name)"
          // A secret is not taken from the command line.
          if parameter.kind == .secret || keys.contains(where: { $0.name == name }) { continue }
          keys.append(Key(name: name, words: parameter.kind.words))
        }
      }
    }
    self.keys = keys
  }

  /// The commands that share a first word; none where the word is a command itself.
  func members(of word: String) -> [Subcommand] {
    Program.subcommands.filter { $0.words.count > 1 && $0.words[0] == word }
  }

  /// The first words that need a second one.
  var groups: [String] { firstWords.filter { !members(of: $0).isEmpty } }

  /// One line about a first word.
  func summary(of word: String) -> String {
    let commands = Program.subcommands.filter { $0.words[0] == word }
    return members(of: word).isEmpty
      ? commands[0].summary : commands.map { $0.words[1] }.joined(separator: ", ")
  }

  var strategies: [String] { program.strategies.map(\.name) }

  /// The program's name as the name of a function of a shell.
  var function: String {
    "_" + String(program.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

extension Parameter.Kind {
  /// The words it can be, if it is one of few.
  var words: [String] {
    switch self {
    case .choice(let words): words
    case .flag: ["true", "false"]
    case .path, .limit, .count, .secret, .amounts: ["off"]
    case .integer, .rate, .number, .price, .quantity, .money, .text: []
    }
  }
}

/// A text as one word of a shell.
func shellQuoted(_ text: String) -> String {
  "'" + text.replacing("'", with: "'\\''") + "'"
}
