import Execution
import Reporting
import Telemetry

extension CommandLog {
  /// Tells that a run is over, of one pair or of several, and how long it took.
  func finished(_ results: [RunResult], after watch: Stopwatch) {
    func setting(_ key: String) -> LogValue {
      "\(results.first?.settings.first { $0.key == key }?.value ?? "")"
    }
    func sum(_ count: (RunResult) -> Int) -> LogValue {
      LogValue(results.reduce(0) { $0 + count($1) })
    }
    logger.info(
      "run finished",
      [
        "strategy": setting("strategy.name"), "path": setting("simulation.path"),
        "candles": sum { $0.candles.count },
        "orders": sum { $0.record.orders.count },
        "trades": sum { $0.record.trades.count }, "seconds": LogValue(watch.seconds),
      ])
  }
}
