import Execution
import Indicators
import Market
import Matching
import Reference
import Simulator
import Strategy

/// A year of 5-minute candles through indicators, strategy, engine and simulated market.
enum EngineBenchmark {
  /// 105,120 synthetic candles, the same in every run.
  static let year: [Candle] = Array(SyntheticCandles(.init(seed: 2018, count: 105_120)))

  /// Prints the lines whose name contains `wanted`; the reference is always measured.
  static func run(rounds: Int, only wanted: String = "") throws {
    let candles = year
    let count = candles.count
    let plain = candles.map {
      reference_candle(
        high: $0.high.double, low: $0.low.double, close: $0.close.double,
        volume: $0.volume.double, day: Int($0.start.day))
    }
    let reference = Measurement(units: count, rounds: rounds) {
      Int(reference_indicators(plain, count))
    }
    print(reference.line("C: RSI+MACD+VWAP on doubles", per: "candle", reference: reference))

    let indicators = Measurement(units: count, rounds: rounds) { Self.indicators(plain) }
    print(indicators.line("Indicators: the same three", per: "candle", reference: reference))

    for entry in [
      StrategyEntry(ConfluenceStrategy.self), StrategyEntry(MovingAverageCrossStrategy.self),
    ] {
      for every in [false, true] {
        let how = every ? ", every point" : ""
        guard wanted.isEmpty || "\(entry.name)\(how)" == wanted else { continue }
        let plan = plan(entry, walksEveryCandle: every)
        var orders = 0
        let run = try Measurement(units: count, rounds: rounds) {
          orders = try entry.run(plan, candles, nil).record.orders.count
          return orders
        }
        print(
          run.line("Engine: \(entry.name)\(how)", per: "candle", reference: reference)
            + "  \(orders) orders")
      }
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

  private static func plan(_ entry: StrategyEntry, walksEveryCandle: Bool) -> BacktestPlan {
    let model = MarketModel()
    var plan = BacktestPlan(
      engine: EngineSettings(
        product: Product(), positionSize: Rate(steps: 50_000_000_000_000_000),
        takerRate: model.takerRate),
      cash: 10_000, model: model, strategy: Parameters(entry.parameters),
      exit: Parameters(entry.exitParameters))
    plan.walksEveryCandle = walksEveryCandle
    return plan
  }
}
