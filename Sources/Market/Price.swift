/// What one unit of base currency costs, in quote currency, in steps of 1e-8.
///
/// 64 bits: no Coinbase product has a finer tick, and compares take one instruction. Holds up to
/// 92,233,720,368.54775807. DESIGN, decision 1.
public struct Price: ExactDecimal {
  /// The value in steps of 1e-8.
  public var steps: Int64

  /// A price of so many steps of 1e-8.
  @inlinable
  public init(steps: Int64) { self.steps = steps }

  /// Eight: a price counts steps of 1e-8.
  @inlinable
  public static var decimals: Int { 8 }
  /// "price".
  public static var noun: String { "price" }

  /// The double nearest to the exact value; SEMANTICS 1.1.
  @inlinable
  public var double: Double {
    // Here, not only in the protocol: four times a candle, and this way it is two instructions.
    steps.magnitude <= 1 << 53
      ? Double(steps) / 1e8 : NearestDouble.quotient(of: Int128(steps), by: 100_000_000)
  }

  /// Price × quantity, exact: 8 + 8 decimals are 16, and money keeps 18.
  ///
  /// Traps on overflow; `notional(of:)` tells instead.
  @inlinable
  public static func * (price: Price, quantity: Quantity) -> Money {
    // Nearly always both are so short that no bit can be lost; a check at each step costs more.
    let bits =
      192 - price.steps.magnitude.leadingZeroBitCount
      - quantity.steps.magnitude.leadingZeroBitCount
    if bits <= 120 { return Money(steps: Int128(price.steps) &* quantity.steps &* 100) }
    return Money(steps: Int128(price.steps) * quantity.steps * 100)
  }

  /// Price × quantity, or `nil` where money cannot hold it.
  @inlinable
  public func notional(of quantity: Quantity) -> Money? {
    let (product, overflow) = Int128(steps).multipliedReportingOverflow(by: quantity.steps)
    let (money, overflowed) = product.multipliedReportingOverflow(by: 100)
    return overflow || overflowed ? nil : Money(steps: money)
  }
}

extension Price {
  /// The price nearest to a double, for strategies that measure distances with indicators.
  ///
  /// Half a step rounds away from zero. What no price can hold becomes the greatest or least one;
  /// what is not a number becomes 0. Never use it for money that was exact before.
  public init(nearest value: Double) {
    let steps = value * 1e8
    if steps.isNaN {
      self.init(steps: 0)
    } else if steps.magnitude < 9.2e18 {
      self.init(steps: Int64(steps + (steps < 0 ? -0.5 : 0.5)))
    } else {
      self.init(steps: steps < 0 ? .min : .max)
    }
  }
}
