import Execution
import Foundation
import Market
import Reporting
import Simulator
import Strategy
import Testing

@testable import Runner

@Suite("runner why of several pairs")
struct WhyPortfolioTests {
  private static func explained(_ folder: borrowing TemporaryFolder) throws -> ExplainedRun {
    try ExplainedRun(
      of: ResultFile(path: folder.path("run.json")), csv: ["\(folder.path("candles"))"],
      by: Program(strategies: StrategyEntry.builtIn))
  }

  private static func object(_ explanation: DecisionExplanation) throws -> [String: Any] {
    var json = JSONWriter()
    explanation.write(to: &json)
    let object = try JSONSerialization.jsonObject(with: Data(json.bytes))
    return try #require(object as? [String: Any])
  }

  @Test func `every refusal is explained by the figures that made it up`() async throws {
    let folder = try await PortfolioFolder.make()
    let run = try Self.explained(folder)
    let result = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes(of: "run.json")) as? [String: Any])
    let refusals = try #require(result["refusals"] as? [[String: Any]])
    var rules: Set<String> = []
    for (index, refusal) in refusals.enumerated() {
      let rule = try #require(refusal["rule"] as? String)
      // Of each rule the first, and some of the rest.
      guard rules.insert(rule).inserted || index % 17 == 0 else { continue }
      let why = try run.explainRefusal(index + 1, of: nil)
      let json = try Self.object(why)
      let outcome = try #require(json["outcome"] as? [String: Any])
      #expect(outcome["refusal"] as? Int == index + 1)
      #expect(json["product"] as? String == refusal["pair"] as? String)
      #expect(why.account.time == Timestamp(seconds: Int64(refusal["time"] as? Int ?? 0)))
      for member in ["rule", "value", "limit"] {
        #expect(outcome[member] as? String == refusal[member] as? String, "refusal \(index + 1)")
      }
      guard case .refused(let given, _) = why.outcome else {
        Issue.record("refusal \(index + 1) is none")
        continue
      }
      #expect(given.value.description == refusal["value"] as? String)
      #expect(why.madeUp == given, "refusal \(index + 1)")
      for condition in why.signal.conditions { #expect(condition.isMet) }
      for line in why.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    #expect(
      rules == [
        "breaker", "daily_loss_limit_pct", "max_positions", "max_correlated_exposure_pct",
      ])
  }

  @Test func `every signal is explained, whatever came of it`() async throws {
    let folder = try await PortfolioFolder.make(["--set", "strategy.cooldown=9"])
    let run = try Self.explained(folder)
    let result = try #require(
      try JSONSerialization.jsonObject(with: folder.bytes(of: "run.json")) as? [String: Any])
    var outcomes: [String: Int] = [:]
    for pair in try #require(result["pairs"] as? [[String: Any]]) {
      let name = try #require(pair["pair"] as? String)
      for signal in try #require(pair["signals"] as? [[String: Any]]) {
        let outcome = try #require(signal["result"] as? String)
        outcomes[outcome, default: 0] += 1
        guard outcomes[outcome, default: 0] % 20 == 1 else { continue }
        let time = Timestamp(seconds: Int64(try #require(signal["time"] as? Int)))
        let why = try run.explainSignal(at: time, of: name)
        let json = try Self.object(why)
        #expect((json["outcome"] as? [String: Any])?["result"] as? String == outcome)
        for line in why.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        switch why.outcome {
        case .entry(let entry, _):
          #expect(entry.order.submitted == time)
          #expect(entry.order.limit == why.terms.limit)
          #expect(entry.order.quantity == why.terms.cut ?? why.terms.quantity)
        case .position(let position):
          #expect(position?.quantity == why.account.stakes[why.account.pair].position)
          #expect(why.account.stakes[why.account.pair].position > .zero)
        case .workingOrder(let entry):
          #expect(try #require(entry).order.submitted < time)
        case .cooldown(_, let candles, let required):
          #expect(required == 9)
          #expect((0..<9).contains(try #require(candles)))
        case .size, .refused, .halted: break
        }
      }
    }
    #expect(
      Set(outcomes.keys).isSuperset(of: ["entry", "position", "cooldown", "working_order", "risk"]),
      "\(outcomes)")
  }

  @Test func `a trade has its number of the list and among those of its pair`() async throws {
    let folder = try await PortfolioFolder.make()
    let list = try await RunnerProcess.run(
      ["backtest", "--csv", "candles", "-c", "pairs.yaml", "--trades"], in: folder)
    let rows = list.outputText.split(separator: "\n").map { $0.split(separator: " ") }
    let last = try #require(rows.last)
    let (number, pair) = (String(last[0]), String(last[1]))
    let ofPair = rows.filter { $0.count > 5 && $0[1] == pair && Int($0[0]) != nil }.count
    let run = try await RunnerProcess.run(["why", number, "run.json"], in: folder)
    #expect(run.errors == "")
    #expect(
      run.outputText.hasPrefix(
        "Trade \(number) of \(number), \(pair) no. \(ofPair) of \(ofPair): confluence on \(pair), ")
    )
    let again = try await RunnerProcess.run(
      ["why", "run.json", "\(ofPair)", "--pair", pair], in: folder)
    #expect(again.output == run.output)
    let json = try await RunnerProcess.run(
      ["why", "run.json", number, "--json", "-"], in: folder)
    let object = try #require(
      try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    #expect(object["trade"] as? Int == ofPair)
    #expect(object["account_trade"] as? Int == Int(number))
  }

  @Test func `every trade of several pairs adds up`() async throws {
    let folder = try await PortfolioFolder.make()
    let run = try Self.explained(folder)
    let count = try ResultFile(path: folder.path("run.json")).tradeCount()
    var reasons: Set<ExitReason> = []
    for number in 1...count where number % 5 == 1 || number > count - 3 {
      let why = try run.explainTrade(number, of: nil)
      reasons.insert(why.trade.exitReason)
      let notional = why.executions.filter { $0.fill.side == .buy }
        .reduce(Money.zero) { $0 + $1.fill.notional }
      #expect(notional == why.trade.entryNotional, "trade \(number)")
      #expect(why.entry.order.quantity == why.terms.cut ?? why.terms.quantity, "trade \(number)")
      for line in why.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      if why.trade.exitReason == .liquidation {
        #expect(why.text.contains("the breaker tripped: the stop was cancelled"))
      }
    }
    #expect(reasons.contains(.liquidation), "\(reasons)")
  }

  static let refused: [(words: [String], code: Int32, message: String)] = [
    (
      ["--pair", "XRP-USD", "1"], 2,
      "--pair is 'XRP-USD', expected a pair of the result: BTC-USD, ETH-USD, SOL-USD"
    ),
    (
      ["1", "--refusal", "2"], 2,
      "TRADE and --refusal do not go together: each asks for something of its own"
    ),
    (["--refusal", "0"], 2, "--refusal is '0', expected a number from 1"),
    (
      ["--signal", "yesterday"], 2,
      "--signal: 'yesterday' is no moment: write a day as 20240101, a time as 20240101T0930, or "
        + "ten digits of seconds since 1970, all UTC"
    ),
  ]

  @Test("What cannot be understood", arguments: refused)
  func messages(_ words: [String], _ code: Int32, _ message: String) async throws {
    let folder = try await PortfolioFolder.make()
    let run = try await RunnerProcess.run(["why", "run.json"] + words, in: folder)
    #expect(run.errors == "runner: \(message)\nSee 'runner why --help'.\n")
    #expect(run.code == code)
  }

  @Test func `what is not there is said with what is`() async throws {
    let folder = try await PortfolioFolder.make()
    var run = try await RunnerProcess.run(["why", "run.json", "--refusal", "99999"], in: folder)
    #expect(run.code == 1)
    #expect(
      run.errors.hasPrefix("runner: run.json: there is no refusal 99999: give a number from 1 to "))
    run = try await RunnerProcess.run(["why", "run.json", "--signal", "2024-01-01"], in: folder)
    #expect(run.code == 1)
    #expect(
      run.errors.hasPrefix(
        "runner: run.json: no close was a signal at 2024-01-01T00:00:00Z; the next one is that of "
          + "2024-01-01T"))
  }

  @Test func `a single result has refusals too, once its account has limits`() async throws {
    let folder = try await PortfolioFolder.make()
    let call = ["backtest", "--csv", "candles/SOL-USD.csv", "--json", "one.json"]
    let limits = ["--set", "portfolio.max_correlated_exposure_pct=3"]
    #expect(try await RunnerProcess.run(call + limits, in: folder).code == 0)
    let run = try await RunnerProcess.run(["why", "one.json", "--refusal", "1"], in: folder)
    #expect(run.errors == "")
    #expect(run.outputText.hasPrefix("Refusal 1 of "))
    #expect(run.outputText.contains("Refused by max_correlated_exposure_pct\n"))
    #expect(run.outputText.contains(" = 3% of ") || run.outputText.contains(": 3% of 10,000.00"))

    #expect(try await RunnerProcess.run(call, in: folder).code == 0)
    let none = try await RunnerProcess.run(["why", "one.json", "--refusal", "1"], in: folder)
    #expect(none.code == 1)
    #expect(
      none.errors
        == "runner: one.json: no limit refused an entry, so there is no refusal to explain\n")
  }
}

extension DecisionExplanation {
  /// The refusal as it follows from the account that the explanation shows.
  fileprivate var madeUp: Refusal? {
    guard case .refused(let refusal, _) = outcome else { return nil }
    let equity = WideMoney(account.equity)
    switch refusal.rule {
    case .breaker:
      return account.trip.map { Refusal(rule: .breaker, value: equity, limit: $0.level) }
    case .dailyLossLimit:
      guard let day = account.day, let percent = limits.dailyLossLimit, day.lost != nil else {
        return nil
      }
      return Refusal(
        rule: .dailyLossLimit, value: equity,
        limit: WideMoney(day.firstEquity, percent: 100 - percent))
    case .maxPositions:
      return limits.maxPositions.map {
        Refusal(
          rule: .maxPositions, value: WideMoney(count: activePairs.count),
          limit: WideMoney(count: $0))
      }
    case .maxCorrelatedExposure:
      return limits.maxCorrelatedExposure.map { percent in
        let held = groupMembers.reduce(terms.notional) { $0 + account.stakes[$1].exposure }
        return Refusal(
          rule: .maxCorrelatedExposure, value: WideMoney(held),
          limit: WideMoney(account.equity, percent: percent))
      }
    case .removal, .maxPositionSize, .maxConcurrentOrders: return nil
    }
  }
}
