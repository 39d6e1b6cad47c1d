import Execution
import Market
import Matching
import Reference
import Simulator
import Strategy

/// Candles through indicators, strategy, engine and simulated market.
struct EngineBenchmark {
  /// One way to run the engine.
  private struct Scenario {
    let name: String
    let entry: StrategyEntry
    var strategy: [String: String] = [:]
    var walksEveryCandle = false
  }

  private static let scenarios = [
    Scenario(name: "confluence", entry: StrategyEntry(ConfluenceStrategy.self)),
    Scenario(
      name: "confluence, never entering", entry: StrategyEntry(ConfluenceStrategy.self),
      strategy: ["rsi_oversold": "0"]),
    Scenario(
      name: "confluence, every point", entry: StrategyEntry(ConfluenceStrategy.self),
      walksEveryCandle: true),
    Scenario(name: "sma_cross", entry: StrategyEntry(MovingAverageCrossStrategy.self)),
    // The example's own files, in this module: the loop must be specialised for types that the
    // modules below have never seen.
    Scenario(name: "dip, from Examples", entry: StrategyEntry(DipStrategy.self)),
  ]

  let candles: [Candle]
  let rounds: Int

  /// Prints a line for each scenario whose name contains `wanted`, and the yardstick before it.
  func run(only wanted: String, _ report: inout Report) throws {
    report.heading(
      "engine: \(candles.count) candles, \(rounds) rounds", unit: "ns",
      extra: ["M/s", "orders"])
    let scenarios = Self.scenarios.filter { wanted.isEmpty || $0.name.contains(wanted) }
    let columns = ReferenceColumns(candles)
    let runs = try scenarios.map { scenario in
      let plan = try Self.plan(scenario)
      return Subject(name: scenario.name, units: candles.count) {
        try scenario.entry.run(plan, candles, nil).record.orders.count
      }
    }
    let reference = Subject(name: "C: the same, simple fills", units: candles.count) {
      columns.run().orders
    }
    let subjects = [reference] + runs
    let found = try Measurement.all(subjects, rounds: rounds)
    for (one, subject) in zip(found, subjects) {
      let orders = try subject.work()
      report.add(
        Figure(
          suite: "engine", group: "engine", name: one.name, unit: "ns/candle", rounds: rounds,
          minimum: one.minimum, median: one.median, ratio: one.ratio(to: found[0]),
          extra: ["orders": Double(orders), "allocationsPerCandle": one.allocations]),
        extra: ["\(Int(1e3 / one.minimum))", "\(orders)"])
    }
  }

  private static func plan(_ scenario: Scenario) throws -> BacktestPlan {
    let model = MarketModel()
    var plan = BacktestPlan(
      engine: EngineSettings(
        product: Product(), positionSize: Rate(steps: 50_000_000_000_000_000),
        takerRate: model.takerRate),
      cash: 10_000, model: model,
      strategy: try Parameters(scenario.entry.parameters, scenario.strategy),
      exit: Parameters(scenario.entry.exitParameters))
    plan.walksEveryCandle = scenario.walksEveryCandle
    return plan
  }
}
