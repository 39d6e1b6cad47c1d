import Configuration
import Market
import Simulator
import Testing

@testable import Runner

@Suite("Options about the CSV file")
struct CandleFileArgumentsTests {
  private func options(_ words: [String]) throws -> CandleFileOptions {
    let invocation = try Invocation(words, options: CandleFileArguments.options, operandNames: [])
    let program = Program(strategies: StrategyEntry.builtIn)
    let settings = try Settings(strategies: program.strategyKeys)
    return try CandleFileArguments.options(invocation, settings.simulation)
  }

  @Test func `they reach the reader of the file`() throws {
    let options = try options([
      "--column", "time=Date", "--column=volume=Volume = BTC", "--time-unit", "ms", "--delimiter",
      "tab",
    ])
    #expect(options.columns == [.time: "Date", .volume: "Volume = BTC"])
    #expect(options.timeUnit == .milliseconds)
    #expect(options.delimiter == .tab)
    #expect(options.interval.seconds == 300)
    #expect(!options.skipsBadRows)
  }

  private static let columnHint =
    "expected NAME=HEADER, with NAME one of time, open, high, low, close, volume"

  @Test(
    "What is wrong with them is said in full",
    arguments: [
      (["--column", "date=Date"], "--column is 'date=Date', \(columnHint)"),
      (["--column", "time"], "--column is 'time', \(columnHint)"),
      (["--column", "time="], "--column is 'time=', \(columnHint)"),
      (
        ["--column", "time=a", "--column", "time=b"],
        "--column time=… was given twice; once is enough"
      ),
      (["--time-unit", "min"], "--time-unit is 'min', expected s, ms, us, ns"),
      (["--delimiter", ","], "--delimiter is ',', expected comma, semicolon, tab"),
    ])
  func refuses(_ words: [String], _ message: String) throws {
    let error = #expect(throws: UsageError.self) { try options(words) }
    #expect(error?.description == message)
  }
}
