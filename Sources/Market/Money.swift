/// An amount of quote currency, in steps of 1e-18.
///
/// Price × quantity has 16 decimals and is exact here, and what the exchange computed, up to 18
/// decimals, is kept unrounded. Holds up to about 1.7e20. DESIGN, decision 1.
public struct Money: ExactDecimal {
  /// The value in steps of 1e-18.
  public var steps: Int128

  /// An amount of so many steps of 1e-18.
  @inlinable
  public init(steps: Int128) { self.steps = steps }

  /// Eighteen: money counts steps of 1e-18.
  @inlinable
  public static var decimals: Int { 18 }
  /// "amount".
  public static var noun: String { "amount" }

  /// `self × rate`, rounded half-even at the 18th decimal; SEMANTICS 1.4.
  ///
  /// - Parameter rate: A fee rate below 1 in magnitude, so that the result fits.
  /// - Returns: The fee, of the sign of the product.
  public func fee(at rate: Rate) -> Money {
    let unit: UInt128 = 1_000_000_000_000_000_000
    let (left, right) = (steps.magnitude, UInt128(rate.steps.magnitude))
    // Below 2^128 there is an easier division, and hardly any fill is so large that it is not.
    var (quotient, rest) =
      left.leadingZeroBitCount + right.leadingZeroBitCount >= 128
      ? (left &* right).quotientAndRemainder(dividingBy: unit)
      : unit.dividingFullWidth(left.multipliedFullWidth(by: right))
    if rest > unit / 2 || (rest == unit / 2 && quotient & 1 == 1) { quotient += 1 }
    let magnitude = Int128(quotient)
    return Money(steps: (steps < 0) != (rate.steps < 0) ? -magnitude : magnitude)
  }
}
