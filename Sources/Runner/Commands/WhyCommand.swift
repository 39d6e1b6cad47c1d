import Reporting

/// `runner why`: a trade of a result, from the figures that made its signal to what it realised; or a
/// signal that became none, and what stood in its way.
enum WhyCommand {
  static let subcommand = Subcommand(
    words: ["why"], summary: "explain a trade, or why a signal became none",
    operands: ["RESULT.json", "[TRADE]"],
    options: [
      Option(
        "--pair", value: "PAIR",
        help: "Of several pairs: TRADE or --refusal counts those of this one; --signal is its own."),
      Option("--refusal", value: "N", help: "The N-th entry that a limit refused, from 1."),
      Option(
        "--signal", value: "TIME",
        help: """
          The signal at the close of this time, such as '2024-01-08 06:05' or 20240108T0605, UTC; \
          whatever came of it.
          """),
      CandlePlaces.option, JSONTarget.option("the explanation"),
    ],
    details: { _, _ in explanation }, run: run)

  private static let explanation = """
    TRADE is a number of the trade list ('runner backtest --trades'), from 1; with
    --pair, one of that pair's trades. The run is made again from the result and
    must be the recorded one, as 'runner verify' checks; then its journal tells the
    story of the trade.

    In place of TRADE, --refusal or --signal: what kept an entry from being bought,
    with the account as it was at that moment.
    """

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let (file, question) = try question(of: invocation)
    let target = try JSONTarget(of: invocation, repeating: file)
    let run = try ExplainedRun(of: file, csv: invocation.values("--csv"), by: program)
    var json = JSONWriter()
    let text: String
    switch question {
    case .trade(let number, let pair):
      let explanation = try run.explainTrade(number, of: pair)
      explanation.write(to: &json)
      text = explanation.text
    case .refusal(let word, let pair):
      let explanation = try run.explainRefusal(word, of: pair)
      explanation.write(to: &json)
      text = explanation.text
    case .signal(let time, let pair):
      let explanation = try run.explainSignal(at: time, of: pair)
      explanation.write(to: &json)
      text = explanation.text
    }
    if let target { try target.write(json.bytes) }
    if target?.isStandardOutput != true { try Output.data(text) }
    target?.announce()
  }

  /// The file and what is asked about it, in either order: `why 17 run.json` is what one says aloud.
  private static func question(of invocation: Invocation) throws -> (ResultFile, WhyQuestion) {
    var words = invocation.operands
    if words.count == 2, Int(words[0]) != nil, Int(words[1]) == nil { words.swapAt(0, 1) }
    let file = try ResultFile(path: words[0])
    let question = try WhyQuestion(
      of: file, trade: words.count == 2 ? words[1] : nil, refusal: invocation.value("--refusal"),
      signal: invocation.value("--signal"), pair: invocation.value("--pair"))
    return (file, question)
  }
}
