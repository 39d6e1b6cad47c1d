import Execution
import Market

/// The units in which a page counts prices, volumes and equity: the coarsest that lose nothing.
struct SeriesUnits {
  /// Divides every price of the run.
  let price: Price
  /// Divides every volume; in steps.
  let volume: Int128
  /// A power of ten, a millionth of the starting cash or less: finer than a screen can show.
  let equity: Money

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
    var equity: Int128 = 1
    while equity * 10 <= result.startingCash.steps / 1_000_000 { equity *= 10 }
    self.equity = Money(steps: equity)
  }

  /// A price in units, exact.
  func of(_ price: Price) -> Int64 { price.steps / self.price.steps }

  /// An amount in units, rounded down.
  func ofEquity(_ amount: Money) -> Int128 { amount.steps / equity.steps }

  /// An amount in units, to the nearest; what is beyond all charts is 0.
  func ofEquity(_ amount: Double) -> Int128 {
    Int128(exactly: (amount / equity.double).rounded(.toNearestOrEven)) ?? 0
  }
}

extension CommonStep {
  fileprivate mutating func add(_ price: Price) { add(price.steps.magnitude) }
}
