import Execution
import Indicators
import Market
import Matching
import Reference
import Simulator
import Strategy

/// Candles through indicators, strategy, engine and simulated market.
struct EngineBenchmark {
  /// One way to run the engine.
  struct Scenario {
    let name: String
    let entry: StrategyEntry
    var strategy: [String: String] = [:]
    var walksEveryCandle = false
  }

  static let scenarios = [
    Scenario(
      name: "confluence, never entering", entry: StrategyEntry(ConfluenceStrategy.self),
      strategy: ["rsi_oversold": "0"]),
    Scenario(name: "confluence", entry: StrategyEntry(ConfluenceStrategy.self)),
    Scenario(
      name: "confluence, every point", entry: StrategyEntry(ConfluenceStrategy.self),
      walksEveryCandle: true),
    Scenario(name: "sma_cross", entry: StrategyEntry(MovingAverageCrossStrategy.self)),
  ]

  let candles: [Candle]
  let rounds: Int

  /// Prints a line for each scenario whose name contains `wanted`, and the yardsticks before it.
  func run(only wanted: String) throws {
    let count = candles.count
    let plain = candles.map {
      reference_candle(
        high: $0.high.double, low: $0.low.double, close: $0.close.double,
        volume: $0.volume.double, day: Int($0.start.day))
    }
    let reference = Measurement(units: count, rounds: rounds) {
      Int(reference_indicators(plain, count))
    }
    print("\(count) candles, \(rounds) rounds")
    print(reference.line("C: RSI+MACD+VWAP on doubles", per: "candle", reference: reference))
    let indicators = Measurement(units: count, rounds: rounds) { Self.indicators(plain) }
    print(indicators.line("Indicators: the same three", per: "candle", reference: reference))

    for scenario in Self.scenarios where wanted.isEmpty || scenario.name.contains(wanted) {
      let plan = try Self.plan(scenario)
      var orders = 0
      let run = try Measurement(units: count, rounds: rounds) {
        orders = try scenario.entry.run(plan, candles, nil).record.orders.count
        return orders
      }
      print(
        run.line("Engine: \(scenario.name)", per: "candle", reference: reference)
          + "  \(orders) orders")
    }
  }

  private static func indicators(_ candles: [reference_candle]) -> Int {
    var rsi = RelativeStrengthIndex(period: 14)
    var macd = MovingAverageConvergenceDivergence(fast: 12, slow: 26, signal: 9)
    var vwap = VolumeWeightedAveragePrice()
    var sum = 0.0
    for candle in candles {
      sum += rsi.update(candle.close) ?? 0
      sum += macd.update(candle.close)?.histogram ?? 0
      sum +=
        vwap.update(
          .init(
            day: Int64(candle.day), high: candle.high, low: candle.low, close: candle.close,
            volume: candle.volume)) ?? 0
    }
    return Int(sum)
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
