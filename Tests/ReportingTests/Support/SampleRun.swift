import Execution
import Market
import Reporting
import Strategy

/// A run made by hand that has one of everything: a partial entry that expires, a stop moved up, an
/// escalation that sells, skipped signals, and a position that is open at the end.
enum SampleRun {
  static let begin: Int64 = 1_758_002_400

  static let manifest = Manifest(
    program: .init(name: "ratchet", version: "0.1.0"),
    data: .init(
      path: "Data/by-hand.csv", bytes: 512,
      sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
    reading: .init(columns: [.init(key: "time", value: "When")], timeUnit: "ms"),
    settings: [
      .init(key: "strategy.name", value: "by \"hand\""), .init(key: "exit.trail", value: "0.02"),
    ])

  static func make() -> RunResult {
    var run = RunBuilder()
    let time = { Timestamp(seconds: begin + $0) }
    run.signal(.skipped(.size), at: time(300))
    run.signal(.entry(1), at: time(600))
    let entry = run.submit(.entry, limit: 100, quantity: 5, at: time(600))
    run.fill(
      entry, price: 100, quantity: Quantity(steps: 250_000_000), fee: Money(steps: cents(125)),
      candle: 2, at: time(700))
    run.signal(.skipped(.position), at: time(900))
    let stop = run.submit(
      .stop, limit: 97, trigger: 98, quantity: Quantity(steps: 250_000_000), at: time(700))
    run.cancel(entry, .expiry, at: time(1500))
    run.ratchet(at: time(1600))
    run.cancel(stop, .ratchet, at: time(1600))
    let raised = run.submit(
      .stop, limit: 99, trigger: 101, quantity: Quantity(steps: 250_000_000), at: time(1600))
    run.fill(
      raised, price: 100, quantity: 1, fee: Money(steps: cents(90)), .taker, candle: 5,
      at: time(1700))
    run.cancel(raised, .escalation, at: time(1800))
    let rescue = run.submit(
      .escalation, limit: 90, quantity: Quantity(steps: 150_000_000), at: time(1800))
    run.fill(
      rescue, price: 95, quantity: Quantity(steps: 150_000_000), fee: Money(steps: cents(128)),
      .taker, candle: 5, at: time(1800))
    run.close(
      ClosedTrade(
        entryTime: time(700), exitTime: time(1800), entryOrder: 1,
        quantity: Quantity(steps: 250_000_000), entryNotional: 250,
        exitNotional: Money(steps: cents(24_250)), fees: Money(steps: cents(343)),
        exitReason: .escalated, highest: 103, ratchets: 1, escalations: 1))
    run.signal(.entry(5), at: time(2100))
    let last = run.submit(.entry, limit: 94, quantity: 20, at: time(2100))
    run.fill(
      last, price: 94, quantity: 20, fee: Money(steps: cents(940)), candle: 7, at: time(2400))
    return run.result(
      candles: candles, trail: Rate(steps: 20_000_000_000_000_000),
      open: RunResult.OpenPosition(
        entryTime: time(2400), quantity: 20, highest: 96, trigger: Price(steps: 9_212_000_000)),
      data: DataQuality(
        gaps: 1, missing: 2, badRows: 1,
        bad: [DataQuality.BadRow(line: 4, reason: "its low 7 is above its \"open\" or close")]),
      settings: [
        RunResult.Setting(key: "simulation.cash", value: "10000"),
        RunResult.Setting(key: "exit.trail", value: "0.02"),
        RunResult.Setting(key: "simulation.slippage", value: "0.0001"),
        RunResult.Setting(key: "simulation.maker_rate", value: "0.005"),
        RunResult.Setting(key: "simulation.taker_rate", value: "0.009"),
      ],
      changed: [RunResult.Setting(key: "exit.trail", value: "0.02")],
      indicators: [
        RunResult.IndicatorRow(
          time: time(0), readings: [Reading("rsi", 41.5), Reading("vwap", nil)])
      ],
      source: "Data/by-hand.csv")
  }

  private static func cents(_ number: Int128) -> Int128 { number * 10_000_000_000_000_000 }

  private static var candles: [Candle] {
    let closes: [Price] = [101, 101, 100, 102, 103, 102, 95, 94, 93, 96]
    return closes.enumerated().map { index, close in
      var candle = Candle(start: begin + Int64(index) * 300, flat: close)
      candle.high += 1
      candle.low -= 1
      return candle
    }
  }
}
