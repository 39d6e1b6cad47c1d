import Execution
import Foundation
import Market
import Reporting
import Simulator
import Strategy
import Testing

@testable import Runner

@Suite("runner why")
struct WhyCommandTests {
  private static let sample = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../Data/sample-btc-usd-5m.csv"
  ).standardized.path(percentEncoded: false)

  private static func folder(_ arguments: [String] = []) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let backtest = ["backtest", "--csv", sample, "--json", "run.json"]
    #expect(try await RunnerProcess.run(backtest + arguments, in: folder).code == 0)
    return folder
  }

  @Test func `a trade is told from its signal to its result`() async throws {
    let folder = try await Self.folder()
    let run = try await RunnerProcess.run(["why", "run.json", "17"], in: folder)
    #expect(run.errors == "")
    #expect(run.code == 0)
    #expect(
      run.outputText == """
        Trade 17 of 42: confluence on BTC-USD, -14.58 USD (-2.99%)

        Signal at the close of 2024-01-08 06:05, close 33,963.23
          RSI, a dip in 12 candles        28.63 ≤       30.00  rsi_oversold, 05:45
          RSI rises                       33.54 >       33.44  the close before
          close rises                 33,963.23 >   33,962.66  the close before
          MACD histogram                   0.23 >        0.00  zero
          MACD, a crossing from           -2.66 ≤        0.00  zero, 06:00
          MACD, to                         0.23 >        0.00  zero
          close                       33,963.23 ≤   34,209.42  the day's VWAP

        Entry: order no. 164, limit buy 0.01437892 at 33,946.24
            price: 33,963.23 × (1 − 0.0005), down to the tick of 0.01
            size: 5.00% of 9,850.07 USD of equity / (33,946.24 × 1.009), down to the lot
            of 0.00000001
          06:08  bought 0.01437892 at 33,946.24, maker, fee 2.44

        Stop: moved up 3 times
          submitted                highest       trigger         limit   order
          2024-01-08 06:08       33,946.24     33,267.31     33,100.97     165
          2024-01-08 08:03       33,996.89     33,316.95     33,150.36     166
          2024-01-08 08:08       34,039.21     33,358.42     33,191.62     167
          2024-01-08 10:13       34,087.95     33,406.19     33,239.15     168

        Exit: trailing_stop
            a trade at or below the trigger of 33,406.19 woke the stop, which sells at
            33,239.15 or better
          21:13  sold 0.01437892 at 33,402.84, taker, fee 4.32
            market 33,406.19, slippage 0.01%

        Result: held for 15h 5m, highest 34,102.80
          bought                          488.11  USD
          sold                            480.30  USD
          gross                            -7.81  USD
          fees                              6.76  USD
          net                             -14.58  USD, -2.99% of what was bought

        """)
    let spoken = try await RunnerProcess.run(["why", "17", "run.json"], in: folder)
    #expect(spoken.output == run.output)
  }

  /// Settings that make partial fills, expired entries, rescues and stops that trigger on arrival.
  static let worlds: [[String]] = [
    [], ["--set", "simulation.participation=0.0005", "--set", "portfolio.position_size=0.9"],
    ["--set", "exit.stop_limit_offset=0", "--set", "exit.escalate_after=0"],
    ["--strategy", "sma_cross"], ["--timerange", "20240110-20240125"],
    ["--set", "strategy.vwap_discount=0.001", "--path", "low-first"],
    ["--set", "exit.trail=0.002", "--set", "strategy.entry_offset=0", "--slippage", "0.002"],
  ]

  @Test("Every trade of a run adds up", arguments: worlds)
  func everyTrade(_ arguments: [String]) async throws {
    let folder = try await Self.folder(arguments)
    let program = Program(strategies: StrategyEntry.builtIn)
    let file = try ResultFile(path: folder.path("run.json"))
    let trades = file.tradeCount()
    let run = try ExplainedRun(of: file, csv: [], by: program)
    try #require(trades > 0)
    for number in Set([1, 2, trades / 2, trades - 1, trades]).filter({ (1...trades).contains($0) })
    {
      let why = try run.explainTrade(number, of: nil)
      let label: Comment = "trade \(number) of \(arguments)"
      #expect(!why.signal.conditions.isEmpty, label)
      for condition in why.signal.conditions { #expect(condition.isMet, "\(condition), \(label)") }
      let (buys, sells) = (
        why.executions.filter { $0.fill.side == .buy },
        why.executions.filter { $0.fill.side == .sell }
      )
      #expect(buys.reduce(.zero) { $0 + $1.fill.notional } == why.trade.entryNotional, label)
      #expect(sells.reduce(.zero) { $0 + $1.fill.notional } == why.trade.exitNotional, label)
      #expect(why.executions.reduce(.zero) { $0 + $1.fill.fee } == why.trade.fees, label)
      for execution in why.executions {
        #expect((execution.market == nil) == (execution.fill.liquidity == .maker), label)
        #expect((execution.slippage ?? 0) > -1e-9, label)
      }
      #expect(why.gross - why.trade.fees == why.trade.realised, label)
      let triggers = why.stops.compactMap(\.leg.trigger)
      #expect(triggers == triggers.sorted(), label)
      #expect(why.stops.dropFirst().count { $0.highest != nil } == why.trade.ratchets, label)
      #expect(why.rescues.count == why.trade.escalations, label)
      for line in why.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      var json = JSONWriter()
      why.write(to: &json)
      #expect(try JSONSerialization.jsonObject(with: Data(json.bytes)) is [String: Any], label)
    }
  }

  static let refused: [(words: [String], code: Int32, message: String)] = [
    (["run.json"], 2, "TRADE, a number from 1 to 42, is missing\nSee 'runner why --help'."),
    (
      ["run.json", "0"], 2, "TRADE is '0', expected a number from 1 to 42\nSee 'runner why --help'."
    ),
    (
      ["run.json", "x"], 2, "TRADE is 'x', expected a number from 1 to 42\nSee 'runner why --help'."
    ),
    ([], 2, "RESULT.json is missing\nSee 'runner why --help'."),
    (["nothing.json", "1"], 3, "cannot read nothing.json: No such file or directory"),
    (["changed.json", "1"], 1, changed),
  ]

  private static let changed = """
    changed.json: the run made again is not the recorded one: trades, no. 1, highest. What \
    differs: runner verify changed.json
    """

  @Test("What cannot be explained", arguments: refused)
  func messages(_ words: [String], _ code: Int32, _ message: String) async throws {
    let folder = try await Self.folder()
    let text = try folder.text(of: "run.json")
    let highest = try #require(text.matches(of: #/"highest": "[0-9]/#).dropFirst(1).first)
    try folder.write(
      text.replacingCharacters(in: highest.range, with: "\"highest\": \"7"), to: "changed.json")
    let run = try await RunnerProcess.run(["why"] + words, in: folder)
    #expect(run.errors == "runner: \(message)\n")
    #expect(run.outputText == "")
    #expect(run.code == code)
  }

  @Test func `a run without trades has none to explain`() async throws {
    let folder = try await Self.folder(["--set", "strategy.rsi_oversold=0"])
    let run = try await RunnerProcess.run(["why", "run.json", "1"], in: folder)
    #expect(
      run.errors
        == "runner: run.json: its run closed no position, so there is no trade to explain\n")
    #expect(run.code == 1)
  }
}
