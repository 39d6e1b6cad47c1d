/// An amount of quote currency in steps of 1e-36, in 256 bits.
///
/// Money × rate has 36 decimals and price × quantity × (1 + rate) has 34. Budgets and limits are
/// compared and divided at that width, so nothing is rounded on the way (SEMANTICS 1.4).
public struct WideMoney: Hashable, Comparable, Sendable, Codable {
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

  /// `money × seconds`, exact: what an amount is in the time that it stands.
  public init(_ money: Money, for span: TimeSpan) {
    self.init(money.steps, times: Int128(span.nanoseconds) * 1_000_000_000)
  }

  /// `money × rate`, exact.
  public init(_ money: Money, times rate: Rate) {
    self.init(money.steps, times: Int128(rate.steps))
  }

  /// `money × percent / 100`, rounded down where it has more than 36 decimals; a percentage has 18,
  /// as an amount has.
  public init(_ money: Money, percent: Money) {
    let product = WideMoney(money.steps, times: percent.steps)
    var (high, rest) = product.high.quotientAndRemainder(dividingBy: 100)
    // Down, not towards 0, so that what is left over for the lower half is not negative.
    if rest < 0 { (high, rest) = (high - 1, rest + 100) }
    let low = UInt128(100).dividingFullWidth((rest.magnitude, product.low)).quotient
    self.init(high: high, low: low)
  }

  /// A number of things, as an amount of so many units.
  public init(count: Int) { self.init(Money(steps: Int128(count) * Money.stepsPerUnit)) }

  /// The greatest amount of 18 decimals that is not above it; it must be one that `Money` holds.
  public var floor: Money {
    let stepsOfOne = 1_000_000_000_000_000_000
    var (high, rest) = high.quotientAndRemainder(dividingBy: Int128(stepsOfOne))
    if rest < 0 { (high, rest) = (high - 1, rest + Int128(stepsOfOne)) }
    let low = UInt128(stepsOfOne).dividingFullWidth((rest.magnitude, low)).quotient
    let steps = Int128(truncatingIfNeeded: low)
    precondition(high == (steps < 0 ? -1 : 0), "\(self) is more than an amount can hold")
    return Money(steps: steps)
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

extension WideMoney: CustomStringConvertible {
  /// The exact decimal, as short as it can be: `799.92076882187984`.
  public var description: String {
    let isNegative = high < 0
    var (high, low) = (high.magnitude, low)
    if isNegative {
      // The magnitude of two's complement: invert and add one.
      (low, high) = (~self.low &+ 1, UInt128(bitPattern: ~self.high) &+ (self.low == 0 ? 1 : 0))
    }
    var digits: [UInt8] = []
    while high != 0 || low != 0 || digits.count <= 36 {
      let (quotient, rest) = high.quotientAndRemainder(dividingBy: 10)
      let part = UInt128(10).dividingFullWidth((rest, low))
      (high, low) = (quotient, part.quotient)
      digits.append(UInt8(ascii: "0") + UInt8(part.remainder))
    }
    var fraction = digits[..<36]
    while fraction.first == UInt8(ascii: "0") { fraction.removeFirst() }
    let whole = String(decoding: digits[36...].reversed(), as: UTF8.self)
    let text =
      fraction.isEmpty ? whole : whole + "." + String(decoding: fraction.reversed(), as: UTF8.self)
    return (isNegative ? "-" : "") + text
  }
}
