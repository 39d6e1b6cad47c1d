/// One subcommand: its words, its options, and what it does.
struct Subcommand: Sendable {
  /// The words that call it, such as `data synth`.
  let words: [String]
  /// One line for the overview.
  let summary: String
  /// What the operands are called, such as `FILE`.
  var operands: [String] = []
  /// What a shell offers for the first operand.
  var operandChoices = ValueChoices.files
  /// Its options, without `--help`.
  let options: [Option]
  /// More for its help, after the options.
  var details: @Sendable (Program, Invocation) -> String = { _, _ in "" }
  /// What it does.
  let run: @Sendable (Program, Invocation) throws -> Void

  /// Its options and `--help`.
  var allOptions: [Option] {
    let help = Option("--help", "-h", help: "Show this help.")
    return options + [options.last.map { help.titled($0.title) } ?? help]
  }
}
