/// `runner completion`: what a shell needs to complete command lines.
enum CompletionCommand {
  private static let shells = ["bash", "zsh"]

  static let subcommand = Subcommand(
    words: ["completion"], summary: "print a script that completes commands in bash or zsh",
    operands: ["SHELL"], operandChoices: .words(shells), options: [],
    details: { program, _ in explanation(program.name) }, run: run)

  private static func explanation(_ name: String) -> String {
    """
    SHELL is bash or zsh. For every new shell, add this line to ~/.bashrc:

      source <(\(name) completion bash)

    or, behind 'compinit', this one to ~/.zshrc:

      source <(\(name) completion zsh)
    """
  }

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let table = CompletionTable(program)
    switch invocation.operands[0] {
    case "bash": try Output.data(BashCompletion(table).script)
    case "zsh": try Output.data(ZshCompletion(table).script)
    case let other:
      throw UsageError.invalid(
        option: "SHELL", value: other, expected: shells.joined(separator: " or "))
    }
  }
}
