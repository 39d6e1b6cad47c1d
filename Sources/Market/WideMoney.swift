/// An amount of quote currency in steps of 1e-36, in 256 bits.
///
/// Money × rate has 36 decimals and price × quantity × (1 + rate) has 34. Budgets and limits are
/// compared and divided at that width, so nothing is rounded on the way (SEMANTICS 1.4).
public struct WideMoney: Hashable, Comparable, Sendable {
  /// The upper half, with the sign.
  @usableFromInline let high: Int128
  /// The lower half.
  @usableFromInline let low: UInt128

  private init(high: Int128, low: UInt128) {
    self.high = high
    self.low = low
  }

  private init(_ left: Int128, times right: Int128) {
    let product = left.multipliedFullWidth(by: right)
    self.init(high: product.high, low: product.low)
  }

  /// The amount itself.
  public init(_ money: Money) { self.init(money, times: .one) }

  /// `money × rate`, exact.
  public init(_ money: Money, times rate: Rate) {
    self.init(money.steps, times: Int128(rate.steps))
  }

  /// Exact sum; amounts are far below the 256th bit.
  public static func + (left: WideMoney, right: WideMoney) -> WideMoney {
    let (low, carry) = left.low.addingReportingOverflow(right.low)
    return WideMoney(high: left.high + right.high + (carry ? 1 : 0), low: low)
  }

  /// Exact difference.
  public static func - (left: WideMoney, right: WideMoney) -> WideMoney {
    let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
    return WideMoney(high: left.high - right.high - (borrow ? 1 : 0), low: low)
  }

  /// Compares exactly.
  public static func < (left: WideMoney, right: WideMoney) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// How much can be bought for this amount at `price × (1 + rate)` each, rounded down to 1e-8.
  ///
  /// 0 where the amount is not positive. `nil` where a quantity cannot hold it. The divisor counts
  /// steps of 1e-26, so the quotient counts 1e-10; flooring it again to 1e-8 floors the exact value.
  public func quantity(at price: Price, plus rate: Rate) -> Quantity? {
    guard high >= 0, price.steps > 0 else { return high >= 0 ? nil : .zero }
    let divisor = (Int128(price.steps) * Int128(rate.growth.steps)).magnitude
    guard high.magnitude < divisor else { return nil }
    let quotient = divisor.dividingFullWidth((high.magnitude, low)).quotient / 100
    return Int128(exactly: quotient).map(Quantity.init(steps:))
  }
}
