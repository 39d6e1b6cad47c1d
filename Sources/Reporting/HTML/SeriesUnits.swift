import Execution
import Market

/// The units in which a page counts prices and volumes: the coarsest that lose nothing.
struct SeriesUnits {
  /// Divides every price of the run.
  let price: Price
  /// Divides every volume; in steps.
  let volume: Int128

  init(_ result: RunResult) {
    var prices = CommonStep()
    var volumes = CommonStep()
    for candle in result.candles {
      for price in [candle.open, candle.high, candle.low, candle.close] { prices.add(price) }
      volumes.add(candle.volume.steps.magnitude)
    }
    for entry in result.record.orders {
      prices.add(entry.order.limit)
      if let trigger = entry.order.trigger { prices.add(trigger) }
    }
    for fill in result.record.fills { prices.add(fill.price) }
    price = Price(steps: max(Int64(exactly: prices.step) ?? 1, 1))
    volume = Int128(max(volumes.step, 1))
  }

  /// A price in units, exact.
  func of(_ price: Price) -> Int64 { price.steps / self.price.steps }
}

extension CommonStep {
  fileprivate mutating func add(_ price: Price) { add(price.steps.magnitude) }
}
