import Configuration
import Execution
import Foundation
import Market
import Reporting
import Simulator
import Testing

@testable import Runner

/// The hand-made golden runs of two pairs on one account, one rule of SEMANTICS 8 each.
@Suite struct GoldenPortfolioTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Portfolio")

  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path())
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func `the runs are there`() { #expect(Self.names.count >= 13) }

  @Test("The run equals the golden one to the last unit", arguments: names, [false, true])
  func run(name: String, everyPoint: Bool) throws {
    let data = try Data(contentsOf: Self.folder.appending(path: name + ".json"))
    let golden = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let result = try Self.play(golden, everyPoint: everyPoint)
    let manifest = PortfolioManifest(
      program: .init(name: "ratchet", version: "test"), pairs: [], settings: [])
    var json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(PortfolioDocument(result, manifest: manifest).bytes)) as? [String: Any])
    if let refusals = json["refusals"] as? [Any] { json["refusals"] = Array(refusals.prefix(20)) }
    let fills = json["fills"] as? [Any] ?? []
    json["first_fills"] = Array(fills.prefix(20))
    json["last_fills"] = Array(fills.suffix(5))
    json["pairs"] = (json["pairs"] as? [[String: Any]] ?? []).map { pair in
      var pair = pair
      let trades = pair["trades"] as? [Any] ?? []
      pair["first_trades"] = Array(trades.prefix(3))
      pair["last_trades"] = Array(trades.suffix(2))
      return pair
    }
    let differences = Comparison.differences(golden: golden, ours: json)
    #expect(differences.isEmpty, "\(differences.prefix(5).joined(separator: "\n"))")
  }

  static func play(_ golden: [String: Any], everyPoint: Bool) throws -> PortfolioResult {
    let strategies = StrategyEntry.builtIn
    let common = try #require(golden["set"] as? [String: String])
    let limitKeys = [
      "portfolio.max_positions", "portfolio.max_position_size_pct",
      "portfolio.max_correlated_exposure_pct", "portfolio.emergency_liquidation_loss_pct",
      "portfolio.daily_loss_limit_pct",
    ]
    func limit(_ index: Int) throws -> Money? {
      guard let text = common[limitKeys[index]], text != "off" else { return nil }
      return try Money(text)
    }
    var plans: [BacktestPlan] = []
    var files: [CandleFile] = []
    var all: [Settings] = []
    var entry = strategies[0]
    for pair in try #require(golden["csv"] as? [[String: Any]]) {
      let name = try #require(pair["pair"] as? String)
      let csv = try #require((pair["file"] as? String)?.split(separator: "/").last)
      let own = pair["set"] as? [String: String] ?? [:]
      var values = common.merging(own) { $1 }
      let group = values.removeValue(forKey: "correlation_group")
      values["product.id"] = name
      for key in limitKeys { values[key] = nil }
      let settings = try Settings(
        sets: values.map { "\($0.key)=\($0.value)" },
        strategies: Program(strategies: strategies).strategyKeys)
      entry = try #require(strategies.first { $0.name == settings.strategyName })
      var plan = BacktestPlan(settings)
      plan.group = group
      plan.walksEveryCandle = everyPoint
      plans.append(plan)
      all.append(settings)
      files.append(
        try CandleFile.read(
          path: folder.appending(path: csv).path(),
          options: CandleFileOptions(interval: settings.simulation.interval)))
    }
    let limits = PortfolioLimits(
      maxPositions: try limit(0).map { Int($0.double) }, maxPositionSize: try limit(1),
      maxCorrelatedExposure: try limit(2), emergencyLiquidationLoss: try limit(3),
      dailyLossLimit: try limit(4))
    let plan = PortfolioPlan(pairs: plans, cash: all[0].simulation.cash, limits: limits)
    let outcomes = try entry.runPortfolio(plan, files.map(\.candles), nil)
    let results = try outcomes.indices.map { index in
      RunResult(
        source: "", product: all[index].product, interval: all[index].simulation.interval,
        candles: files[index].candles, data: files[index].quality,
        settings: all[index].ofRun.map { .init(key: $0.key, value: $0.text) }
          + [.init(key: "correlation_group", value: plans[index].group ?? "")],
        changed: [], startingCash: plan.cash,
        trail: try Rate(#require(all[index]["exit.trail"]).text),
        record: outcomes[index].record, openPosition: outcomes[index].openPosition,
        workingOrders: outcomes[index].workingOrders,
        indicators: try entry.indicators(plans[index], files[index].candles))
    }
    let parameters = golden["parameters"] as? [String: String] ?? [:]
    return PortfolioResult(
      pairs: results, groups: plans.map(\.group), startingCash: plan.cash,
      interval: all[0].simulation.interval, limits: limits,
      settings: parameters.map { .init(key: $0.key, value: $0.value) }, changed: [])
  }
}
