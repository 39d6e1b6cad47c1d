import Configuration
import Execution
import Market
import Reporting
import Simulator

/// `runner why`: a trade of a result, from the figures that made its signal to what it realised.
enum WhyCommand {
  static let subcommand = Subcommand(
    words: ["why"], summary: "explain a trade: its signal, stops, fills and cost",
    operands: ["RESULT.json", "[TRADE]"],
    options: [
      Option(
        "--csv", value: "FILE",
        help: """
          Where the candles are now, if they are neither where they were nor beside the result.
          """),
      JSONTarget.option("the explanation"),
    ],
    details: { _, _ in explanation }, run: run)

  private static let explanation = """
    TRADE is a number of the trade list ('runner backtest --trades'), from 1. The
    run is made again from the result and must be the recorded one, as 'runner
    verify' checks; then its journal tells the story of the trade.
    """

  private static func run(_ program: Program, _ invocation: Invocation) throws {
    let (file, number) = try operands(of: invocation)
    let target = try JSONTarget(of: invocation, repeating: file)
    let explanation = try explain(number, of: file, csv: invocation.value("--csv"), by: program)
    if let target {
      var json = JSONWriter()
      explanation.write(to: &json)
      try target.write(json.bytes)
    }
    if target?.isStandardOutput != true { try Output.data(explanation.text) }
    target?.announce()
  }

  /// The file and the trade, in either order: `why 17 run.json` is what one says aloud.
  private static func operands(of invocation: Invocation) throws -> (ResultFile, Int) {
    var words = invocation.operands
    if words.count == 2, Int(words[0]) != nil, Int(words[1]) == nil { words.swapAt(0, 1) }
    let file = try ResultFile(path: words[0])
    let count = file.tradeCount
    guard count > 0 else { throw WhyError.noTrades(file.path) }
    guard words.count == 2 else { throw UsageError.missing("TRADE, a number from 1 to \(count),") }
    guard let number = Int(words[1]), (1...count).contains(number) else {
      throw UsageError.invalid(
        option: "TRADE", value: words[1], expected: "a number from 1 to \(count)")
    }
    return (file, number)
  }

  /// Makes the run again and explains one of its trades.
  static func explain(
    _ number: Int, of file: ResultFile, csv: String?, by program: Program
  ) throws -> TradeExplanation {
    let repeated: RepeatedRun
    do {
      repeated = try RepeatedRun(of: file, csv: csv, by: program)
    } catch let refusal as RepeatedRun.Refusal {
      throw WhyError.differs(file.path, refusal.differences[0])
    }
    let result = try repeated.run.play()
    if let difference = try file.comparison(with: result, by: program).differences.first {
      throw WhyError.differs(file.path, difference)
    }
    let candles = repeated.candles.candles
    var plan = BacktestPlan(repeated.settings)
    plan.warmUp = repeated.candles.warmUp
    let entry = result.record.orders[Int(result.record.trades[number - 1].entryOrder) - 1].order
    // The entry was submitted at a close: that candle is the last whose close has come by then.
    let seen = candles.prefix { $0.start + result.interval <= entry.submitted }
    guard let signal = try repeated.strategy.explain(plan, seen) else {
      preconditionFailure("order \(entry.id.number) was submitted at a close that is no signal")
    }
    return TradeExplanation(
      number: number, of: result, journal: try repeated.strategy.record(plan, candles),
      signal: signal, engine: plan.engine, slippage: repeated.settings.simulation.slippage)
  }
}

/// Why a trade cannot be explained.
enum WhyError: Error, Hashable, CustomStringConvertible {
  case noTrades(String)
  case differs(String, ResultComparison.Difference)

  var description: String {
    switch self {
    case .noTrades(let path): "\(path): its run closed no position, so there is no trade to explain"
    case .differs(let path, let difference):
      "\(path): the run made again is not the recorded one: \(difference.section)"
        + (difference.place.isEmpty ? "" : ", \(difference.place)")
        + ". What differs: runner verify \(path)"
    }
  }
}
