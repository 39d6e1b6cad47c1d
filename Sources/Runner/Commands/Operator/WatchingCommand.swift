import Reporting

/// A command that looks at a run: what it is told, and what it makes of the run.
struct WatchingCommand: Sendable {
  /// What is said of a run, for people and for programs.
  typealias Answering = @Sendable (Watched) throws -> (text: String, json: JSONWriter)

  let subcommand: Subcommand
  let answer: Answering

  /// A command.
  ///
  /// - Parameters:
  ///   - words: What calls it.
  ///   - summary: One line for the overview.
  ///   - asksForID: Whether it is about one order or position, whose ID is its operand.
  ///   - options: Its own.
  ///   - json: What `--json` writes.
  ///   - details: More for its help.
  ///   - answer: What it makes of a run.
  init(
    _ words: [String], _ summary: String, asksForID: Bool = false, options: [Option] = [],
    json: String, details: String = "", answer: @escaping Answering
  ) {
    self.answer = answer
    subcommand = Subcommand(
      words: words, summary: summary, operands: asksForID ? ["ID"] : [], operandChoices: .nothing,
      options: DatabaseArguments.options(options, json),
      details: { _, _ in (details.isEmpty ? "" : details + "\n\n") + Watching.explanation },
      run: { program, invocation in try Watching(program, invocation).say(answer) })
  }

  /// All of them, in the order of the help.
  static let all = positions + orders + others
  static let positions = [PositionsListCommand.command, PositionShowCommand.command]
  static let orders = [OrdersListCommand.command, OrderShowCommand.command]
  static let others =
    [TradesSummaryCommand.command] + TradesCommands.all + PortfolioCommands.all
    + [BreakerStatusCommand.command, IncidentsListCommand.command]
}
