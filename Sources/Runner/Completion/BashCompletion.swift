/// Completion for bash, as a script to be sourced.
struct BashCompletion {
  private let table: CompletionTable

  init(_ table: CompletionTable) { self.table = table }

  /// The script.
  var script: String {
    let name = table.program.name
    return """
      # Completion of \(name) for bash. Try it: source <(\(name) completion bash)
      \(table.function)() {
      \(Self.opening)
      \(commandCases)
        local option=$prev lead= values= kind=
        if [[ $cur == --*=* ]]; then
          option=${cur%%=*} lead=${cur%%=*}= cur=${cur#*=}
        fi
        case "$command:$option" in
      \(valueCases)
          *)
            if [[ $cur == -* ]]; then
              case $command in
      \(optionCases)
              esac
            else
              case $command in
      \(operandCases)
              esac
            fi
            ;;
        esac
        if [[ $kind == settings && $cur == *=* ]]; then
          lead+=${cur%%=*}= values=
          case ${cur%%=*} in
      \(keyCases)
          esac
          cur=${cur#*=}
        elif [[ $kind == settings ]]; then
          values=\(shellQuoted(table.keys.map { "\($0.name)=" }.joined(separator: " ")))
        fi
      \(Self.ending)
      }
      complete -F \(table.function) \(shellQuoted(name))

      """
  }

  /// Where readline ends words at `=`, `--json=a` comes in three parts; what was typed of the last
  /// is all that a reply may replace.
  private static let opening = """
      local words=() word i
      for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == = || ${COMP_WORDS[i - 1]} == = ]]; then
          words[${#words[@]} - 1]+=$word
        elif [[ $i == 1 && $word == help && $COMP_CWORD -gt 1 ]]; then
          continue
        else
          words+=("$word")
        fi
      done
      local last=$((${#words[@]} - 1))
      local cur=${words[last]} prev=${words[last - 1]} command=
      local typed=${COMP_WORDS[COMP_CWORD]}
      [[ $typed == = ]] && typed=
      local joined=${cur%"$typed"}
    """

  private static let ending = """
      COMPREPLY=()
      case $kind in
        files)
          compopt -o filenames 2>/dev/null
          while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
          ;;
        folders)
          compopt -o filenames 2>/dev/null
          while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$cur")
          ;;
        *) COMPREPLY=($(compgen -W "$values" -- "$cur")) ;;
      esac
      for i in "${!COMPREPLY[@]}"; do
        word=$lead${COMPREPLY[i]}
        COMPREPLY[i]=${word#"$joined"}
      done
      if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
      fi
    """

  private var commandCases: String {
    var lines = ["  case $last:${words[1]} in"]
    let first = table.firstWords + ["help", "--help", "--version"]
    lines.append("    1:*)")
    lines.append("      COMPREPLY=($(compgen -W \(list(first)) -- \"$cur\"))")
    lines += ["      return", "      ;;"]
    for group in table.groups {
      let members = table.members(of: group).map { $0.words[1] } + ["--help"]
      lines.append("    2:\(group))")
      lines.append("      COMPREPLY=($(compgen -W \(list(members)) -- \"$cur\"))")
      lines += ["      return", "      ;;"]
      lines.append("    *:\(group)) command=\"${words[1]} ${words[2]}\" ;;")
    }
    return (lines + ["    *) command=${words[1]} ;;", "  esac"]).joined(separator: "\n")
  }

  /// What the value of an option can be; nothing is offered where nobody can know.
  private var valueCases: String {
    var lines: [String] = []
    for command in Program.subcommands {
      for option in command.allOptions where option.value != nil {
        let patterns = option.names.map {
          shellQuoted("\(command.words.joined(separator: " ")):\($0)")
        }
        lines.append("    \(patterns.joined(separator: " | "))) \(effect(of: option.choices)) ;;")
      }
    }
    return lines.joined(separator: "\n")
  }

  private var optionCases: String {
    Program.subcommands.map { command in
      "          \(name(command))) values=\(list(command.allOptions.flatMap(\.names))) ;;"
    }.joined(separator: "\n")
  }

  private var operandCases: String {
    Program.subcommands.filter { !$0.operands.isEmpty }.map { command in
      "          \(name(command))) \(effect(of: command.operandChoices)) ;;"
    }.joined(separator: "\n")
  }

  private var keyCases: String {
    table.keys.filter { !$0.words.isEmpty }.map { key in
      "      \(key.name)) values=\(list(key.words)) ;;"
    }.joined(separator: "\n")
  }

  private func effect(of choices: ValueChoices) -> String {
    switch choices {
    case .nothing, .words([]): ":"
    case .files: "kind=files"
    case .folders: "kind=folders"
    case .words(let words): "values=\(list(words))"
    case .strategies: "values=\(list(table.strategies))"
    case .settings: "kind=settings"
    }
  }

  private func name(_ command: Subcommand) -> String {
    shellQuoted(command.words.joined(separator: " "))
  }

  private func list(_ words: [String]) -> String { shellQuoted(words.joined(separator: " ")) }
}
