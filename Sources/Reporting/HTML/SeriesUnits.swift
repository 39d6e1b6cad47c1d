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
    var price: Int64 = 0
    var volume: Int128 = 0
    for candle in result.candles {
      for part in [candle.open, candle.high, candle.low, candle.close] {
        price = Self.commonDivisor(price, part.steps)
      }
      volume = Self.commonDivisor(volume, candle.volume.steps)
    }
    for entry in result.record.orders {
      price = Self.commonDivisor(price, entry.order.limit.steps)
      if let trigger = entry.order.trigger { price = Self.commonDivisor(price, trigger.steps) }
    }
    for fill in result.record.fills { price = Self.commonDivisor(price, fill.price.steps) }
    self.price = Price(steps: max(price, 1))
    self.volume = max(volume, 1)
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

  /// Euclid's; 0 divides nothing and changes nothing.
  private static func commonDivisor<Steps: FixedWidthInteger & SignedInteger>(
    _ left: Steps, _ right: Steps
  ) -> Steps {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    return a < 0 ? -a : a
  }
}
