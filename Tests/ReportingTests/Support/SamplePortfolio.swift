import Market
import Reporting

@testable import Execution

/// Two pairs of one group and one alone, on one account: the sample run, a pair that is refused by
/// three rules and at whose close the breaker trips, and one that does nothing but move the other way.
enum SamplePortfolio {
  static let limits = PortfolioLimits(
    maxPositions: 2, maxPositionSize: 20, maxCorrelatedExposure: 25, emergencyLiquidationLoss: -10,
    dailyLossLimit: 3)

  static let manifest = PortfolioManifest(
    program: .init(name: "ratchet", version: "0.1.0"),
    pairs: ["BTC-USD", "ETH-USD", "SOL-USD"].map { name in
      .init(
        name: name, data: .init(path: "Data/\(name).csv", bytes: 512, sha256: nil),
        settings: name == "ETH-USD" ? [.init(key: "exit.trail", value: "0.05")] : [])
    },
    settings: settings)

  static let settings: [RunResult.Setting] = [
    .init(key: "strategy.name", value: "confluence"),
    .init(key: "portfolio.position_size", value: "0.1"),
    .init(key: "portfolio.rebalance_threshold_pct", value: "5"),
  ]

  static func make() -> PortfolioResult {
    PortfolioResult(
      pairs: [busy, refused, idle], groups: ["majors", "majors", nil], startingCash: 10_000,
      interval: TimeSpan(seconds: 300), limits: limits, settings: settings,
      changed: [settings[1]])
  }

  /// As many pairs that do nothing.
  static func idle(_ count: Int, candles: Int = 40) -> PortfolioResult {
    let pairs: [RunResult] = (0..<count).map { index in
      let all: [Candle] = (0..<candles).map { place in
        let steps = 1_000 + place * place * index % 17
        return Candle(start: Int64(place) * 300, flat: Price(steps: Int64(steps)))
      }
      return RunBuilder().result(candles: all, product: Product(id: "PAIR\(index)-USD"))
    }
    return PortfolioResult(
      pairs: pairs, groups: Array(repeating: nil, count: count), startingCash: 10_000,
      interval: TimeSpan(seconds: 300), limits: .off, settings: settings, changed: [])
  }

  private static var busy: RunResult {
    var result = SampleRun.make()
    result.product.id = "BTC-USD"
    return result
  }

  private static var refused: RunResult {
    var run = RunBuilder()
    let time = { Timestamp(seconds: SampleRun.begin + $0) }
    let entry = run.submit(.entry, limit: 10, quantity: 30, at: time(600))
    run.fill(entry, price: 10, quantity: 20, fee: 1, candle: 2, at: time(800))
    run.cancel(entry, .expiry, at: time(1500))
    for second in [900, 1200] as [Int64] {
      run.signal(.skipped(.risk), at: time(second))
      run.refuse(
        Refusal(rule: .maxPositions, value: WideMoney(count: 3), limit: WideMoney(count: 2)),
        at: time(second))
    }
    run.cutSize(from: 30, to: 20, at: time(1500))
    run.signal(.skipped(.risk), at: time(1500))
    // Figures that two decimals cannot tell apart.
    run.refuse(
      Refusal(
        rule: .maxCorrelatedExposure, value: WideMoney(Money(steps: 2_500_001_000_000_000_000_000)),
        limit: WideMoney(2_500)), at: time(1500))
    run.loseDay(at: time(1800))
    run.trip(BreakerTrip(time: time(2100), equity: 8_990, level: WideMoney(9_000)))
    run.signal(.skipped(.risk), at: time(2400))
    run.refuse(
      Refusal(rule: .breaker, value: WideMoney(8_990), limit: WideMoney(9_000)), at: time(2400))
    return run.result(
      candles: candles([10, 11, 10, 12, 11, 10, 9, 10, 11]), product: Product(id: "ETH-USD"),
      trail: Rate(steps: 50_000_000_000_000_000),
      open: .init(entryTime: time(800), quantity: 20, highest: 12, trigger: 9), settings: settings,
      source: "Data/ETH-USD.csv")
  }

  private static var idle: RunResult {
    RunBuilder().result(
      candles: candles([50, 48, 49, 47, 48, 50, 51]), product: Product(id: "SOL-USD"),
      settings: settings, source: "Data/SOL-USD.csv")
  }

  private static func candles(_ closes: [Price]) -> [Candle] {
    closes.enumerated().map { Candle(start: SampleRun.begin + Int64($0) * 300, flat: $1) }
  }
}
