import Execution
import Reporting
import Telemetry

extension CommandLog {
  /// Tells that a run is over, and how long it took.
  func finished(_ result: RunResult, after watch: Stopwatch) {
    func setting(_ key: String) -> LogValue {
      "\(result.settings.first { $0.key == key }?.value ?? "")"
    }
    logger.info(
      "run finished",
      [
        "strategy": setting("strategy.name"), "path": setting("simulation.path"),
        "candles": LogValue(result.candles.count),
        "orders": LogValue(result.record.orders.count),
        "trades": LogValue(result.record.trades.count), "seconds": LogValue(watch.seconds),
      ])
  }
}
