/// An amount of base currency, in steps of 1e-8.
///
/// 128 bits, because orders of 1e13 units exist (SHIB, PEPE) and volumes beyond. DESIGN, decision 1.
public struct Quantity: ExactDecimal {
  /// The value in steps of 1e-8.
  public var steps: Int128

  /// A quantity of so many steps of 1e-8.
  @inlinable
  public init(steps: Int128) { self.steps = steps }

  /// Eight: a quantity counts steps of 1e-8.
  @inlinable
  public static var decimals: Int { 8 }
  /// "quantity".
  public static var noun: String { "quantity" }

  /// The double nearest to the exact value; SEMANTICS 1.1.
  @inlinable
  public var double: Double {
    let small = Int64(truncatingIfNeeded: steps)
    return Int128(small) == steps && small.magnitude <= 1 << 53
      ? Double(small) / 1e8 : NearestDouble.quotient(of: steps, by: 100_000_000)
  }

  /// `self × rate`, rounded down to a step of 1e-8, for `self ≥ 0` and `rate` in `0...1`.
  ///
  /// Flooring to the step first and to a lot afterwards is flooring to the lot.
  @inlinable
  public func portion(_ rate: Rate) -> Quantity {
    let unit: UInt128 = 1_000_000_000_000_000_000
    let (left, right) = (steps.magnitude, UInt128(rate.steps.magnitude))
    if left.leadingZeroBitCount + right.leadingZeroBitCount >= 128 {
      return Quantity(steps: Int128(left &* right / unit))
    }
    let product = left.multipliedFullWidth(by: right)
    return Quantity(steps: Int128(unit.dividingFullWidth(product).quotient))
  }
}
