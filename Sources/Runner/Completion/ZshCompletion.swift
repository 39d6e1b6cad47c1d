/// Completion for zsh, as a script to be sourced, or a file `_runner` in a folder of `fpath`.
struct ZshCompletion {
  private let table: CompletionTable

  init(_ table: CompletionTable) { self.table = table }

  /// The script.
  var script: String {
    let (name, function) = (table.program.name, table.function)
    return """
      #compdef \(name)
      # Completion of \(name) for zsh. Try it: source <(\(name) completion zsh)
      \(function)_settings() {
        if [[ $PREFIX != *=* ]]; then
          compadd -S = -- \(words(table.keys.map(\.name)))
          return
        fi
        local key=${PREFIX%%=*}
        compset -P '*='
        case $key in
      \(keyCases)
        esac
      }
      \(function)() {
        local command
        if [[ $words[2] == help ]] && ((CURRENT > 2)); then
          shift words
          ((CURRENT--))
        fi
        if ((CURRENT == 2)); then
          local -a names=(
      \(entries(table.firstWords.map { ($0, table.summary(of: $0)) } + [("help", "explain a command")]))
          )
          _describe command names
          compadd -- --help --version
          return
        fi
        case $words[2] in
      \(groupCases)
          *)
            command=$words[2]
            shift words
            ((CURRENT--))
            ;;
        esac
        case $command in
      \(commandCases)
        esac
      }
      if [[ $funcstack[1] == \(function) ]]; then
        \(function) "$@"
      else
        compdef \(function) \(shellQuoted(name))
      fi

      """
  }

  private var keyCases: String {
    table.keys.filter { !$0.words.isEmpty }.map { key in
      "    \(key.name)) compadd -- \(words(key.words)) ;;"
    }.joined(separator: "\n")
  }

  private var groupCases: String {
    table.groups.map { group in
      """
          \(group))
            if ((CURRENT == 3)); then
              local -a names=(
      \(entries(table.members(of: group).map { ($0.words[1], $0.summary) }))
              )
              _describe command names
              compadd -- --help
              return
            fi
            command="$words[2] $words[3]"
            shift 2 words
            ((CURRENT -= 2))
            ;;
      """
    }.joined(separator: "\n")
  }

  private var commandCases: String {
    Program.subcommands.map { command in
      let operands = command.operands.indices.map { index in
        let choices = index == 0 ? command.operandChoices : .nothing
        let name = command.operands[index].filter { $0 != "[" && $0 != "]" }
        return shellQuoted("\(index + 1):\(name):\(action(of: choices))")
      }
      let lines = (command.allOptions.flatMap(specifications) + operands).map { "        \($0)" }
      return """
            \(shellQuoted(command.words.joined(separator: " "))))
              _arguments \\
        \(lines.joined(separator: " \\\n"))
              ;;
        """
    }.joined(separator: "\n")
  }

  /// What `_arguments` is to know of an option, for each of its names.
  private func specifications(_ option: Option) -> [String] {
    option.names.map { name in
      var text = (option.isRepeatable ? "*" : "") + name
      if option.value != nil, name.hasPrefix("--") { text += "=" }
      text += "[\(escaped(option.help))]"
      if let value = option.value { text += ":\(escaped(value)):\(action(of: option.choices))" }
      return shellQuoted(text)
    }
  }

  private func action(of choices: ValueChoices) -> String {
    switch choices {
    case .nothing, .words([]): " "
    case .files: "_files"
    case .folders: "_files -/"
    case .words(let list) where list.contains { $0.hasSuffix("=") }:
      "{compadd -S \"\" -- \(words(list))}"
    case .words(let list): "(\(words(list)))"
    case .strategies: "(\(words(table.strategies)))"
    case .settings: "\(table.function)_settings"
    }
  }

  private func entries(_ names: [(String, String)]) -> String {
    names.map { "        " + shellQuoted("\($0.0):\(escaped($0.1))") }.joined(separator: "\n")
  }

  private func words(_ list: [String]) -> String { list.joined(separator: " ") }

  /// Without what `_arguments` and `_describe` take for marks of their own.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "\\[]:".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
