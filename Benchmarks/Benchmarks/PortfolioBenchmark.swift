import Execution
import Foundation
import Market
import Matching
import Reference
import Reporting
import Simulator
import Strategy

/// A year of many pairs on one account: what a pair's candle costs beside a pair alone.
///
/// The work is the same: cash grows with the number of pairs and the share of an entry falls with it,
/// so each pair buys for about as much as it would alone, and none is refused. Each pair has candles of
/// its own, of one kind.
struct PortfolioBenchmark {
  private struct Scenario {
    let name: String
    let pairs: Int
    var limits = PortfolioLimits.off
  }

  private static let entry = StrategyEntry(ConfluenceStrategy.self)
  private static let scenarios =
    [1, 10, 50, 200].map { Scenario(name: "pairs: \($0)", pairs: $0) }
    + [1, 50].map {
      Scenario(
        name: "pairs: \($0), every limit", pairs: $0,
        limits: PortfolioLimits(
          maxPositions: 10, maxPositionSize: 5, maxCorrelatedExposure: 20,
          emergencyLiquidationLoss: -90, dailyLossLimit: 50))
    }

  let rounds: Int
  let candlesOfOne: Int

  /// Prints three lines for each number of pairs: C one pair after the other, our engine one pair after
  /// the other, each on an account of its own, and the portfolio.
  func run(only wanted: String, _ report: inout Report) throws {
    let scenarios = Self.scenarios.filter { wanted.isEmpty || $0.name.contains(wanted) }
    guard let most = scenarios.map(\.pairs).max() else { return }
    report.heading(
      "portfolio: \(candlesOfOne) candles of each pair, \(rounds) rounds", unit: "ns",
      extra: ["x one pair", "B/candle", "orders"])
    var candles: [[Candle]] = []
    let memory = try memories(of: scenarios, &candles)
    let columns = candles.prefix(most).map(ReferenceColumns.init)

    var subjects: [Subject] = []
    for scenario in scenarios {
      // So often that the rounds of all scenarios are of one length, more or less.
      let times = max(1, 20 / scenario.pairs)
      let units = times * scenario.pairs * candlesOfOne
      let (plan, some) = (try Self.plan(scenario), Array(candles.prefix(scenario.pairs)))
      subjects.append(
        Subject(name: "C: \(scenario.pairs), each alone", units: units) {
          (0..<times).reduce(0) { sum, _ in
            columns.prefix(scenario.pairs).reduce(sum) { $0 + $1.run().orders }
          }
        })
      let alone = try Self.plan(scenario, isAlone: true)
      subjects.append(
        Subject(name: "ours: \(scenario.pairs), each alone", units: units) {
          // All outcomes are kept until the last is there, as a portfolio's are: memory that is used again
          // is in the cache, and that of the kernel is not.
          try (0..<times).reduce(0) { sum, _ in
            try some.map { try Self.entry.run(alone.pairs[0], $0) }
              .reduce(sum) { $0 + $1.record.orders.count }
          }
        })
      subjects.append(
        Subject(name: scenario.name, units: units) {
          try (0..<times).reduce(0) { sum, _ in
            try Self.entry.runPortfolio(plan, some, nil).reduce(sum) { $0 + $1.record.orders.count }
          }
        })
    }
    let found = try Measurement.all(subjects, rounds: rounds)
    for (index, one) in found.enumerated() {
      let isPortfolio = index % 3 == 2
      let toOne = one.ratio(to: found[index % 3])
      let bytes = isPortfolio ? memory[index / 3] : .nan
      let orders = Double(try subjects[index].work()) / Double(subjects[index].units)
      report.add(
        Figure(
          suite: "portfolio", group: "portfolio", name: one.name, unit: "ns/candle",
          rounds: rounds, minimum: one.minimum, median: one.median,
          ratio: one.ratio(to: found[index - index % 3]),
          extra: isPortfolio
            ? ["timesOnePair": toOne, "bytesPerCandle": bytes] : ["timesOnePair": toOne]),
        extra: [
          String(format: "%.2f", toOne), isPortfolio ? String(format: "%.1f", bytes) : "",
          String(format: "%.4f", orders),
        ])
    }
  }

  /// The peak of memory of each scenario, its candles, run and curve of equity, by candle; makes the
  /// candles on the way, so that nothing else is there.
  private func memories(
    of scenarios: [Scenario], _ candles: inout [[Candle]]
  ) throws -> [Double] {
    let before = try ProcessMemory.now()
    return try scenarios.map { scenario in
      while candles.count < scenario.pairs {
        let seed = UInt64(2018 + candles.count)
        var some: [Candle] = []
        some.reserveCapacity(candlesOfOne)  // As a file's candles are kept: nothing is left over.
        some.append(contentsOf: SyntheticCandles(.init(seed: seed, count: candlesOfOne)))
        candles.append(some)
      }
      try ProcessMemory.forgetPeak()
      let plan = try Self.plan(scenario)
      let some = Array(candles.prefix(scenario.pairs))
      let outcomes = try Self.entry.runPortfolio(plan, some, nil)
      let result = Self.result(plan, some, outcomes)
      precondition(Metrics(result).trades >= 0, "worked out, so that its memory counts")
      return Double(try ProcessMemory.peak() - before) / Double(candles.count * candlesOfOne)
    }
  }

  private static func plan(
    _ scenario: Scenario, isAlone: Bool = false
  ) throws -> PortfolioPlan {
    let model = MarketModel()
    let shares = isAlone ? 1 : scenario.pairs
    let cash = Money(steps: Money.stepsPerUnit * 10_000 * Int128(shares))
    let plans = try (0..<scenario.pairs).map { pair in
      var plan = BacktestPlan(
        engine: EngineSettings(
          product: Product(), positionSize: Rate(steps: 50_000_000_000_000_000 / Int64(shares)),
          takerRate: model.takerRate),
        cash: cash, model: model, strategy: try Parameters(entry.parameters, [:]),
        exit: Parameters(entry.exitParameters))
      plan.group = "\(pair % 5)"
      return plan
    }
    return PortfolioPlan(pairs: plans, cash: cash, limits: scenario.limits)
  }

  private static func result(
    _ plan: PortfolioPlan, _ candles: [[Candle]], _ outcomes: [BacktestOutcome]
  ) -> PortfolioResult {
    let interval = plan.pairs[0].engine.interval
    return PortfolioResult(
      pairs: zip(candles, outcomes).map { candles, outcome in
        RunResult(
          source: "", product: Product(), interval: interval, candles: candles, data: DataQuality(),
          settings: [], changed: [], startingCash: plan.cash, trail: nil, record: outcome.record,
          openPosition: outcome.openPosition, workingOrders: outcome.workingOrders, indicators: [])
      },
      groups: plan.pairs.map(\.group), startingCash: plan.cash, interval: interval,
      limits: plan.limits, settings: [], changed: [])
  }
}

/// What this process holds, in bytes, as Linux counts it.
private enum ProcessMemory {
  static func now() throws -> Int { try figure("VmRSS:") }
  static func peak() throws -> Int { try figure("VmHWM:") }

  /// The peak begins anew at what is held now.
  static func forgetPeak() throws {
    let file = try FileHandle(forWritingTo: URL(filePath: "/proc/self/clear_refs"))
    try file.write(contentsOf: Data("5\n".utf8))
    try file.close()
  }

  private static func figure(_ name: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int($0)
      })
    else { throw UsageError("/proc/self/status has no \(name)") }
    return kilobytes * 1024
  }
}
