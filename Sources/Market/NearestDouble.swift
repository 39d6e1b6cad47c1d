/// Division of integers into the nearest double, rounded once.
@usableFromInline
enum NearestDouble {
  /// The double nearest to `numerator / denominator`, ties to even.
  ///
  /// The denominator is positive and below 2^64, so the quotient of the shifted numerator keeps at
  /// least 64 bits: 53 for the result and more for the rounding; what the division leaves over goes
  /// into the lowest bit, where it breaks ties.
  @usableFromInline
  static func quotient(of numerator: Int128, by denominator: Int128) -> Double {
    precondition(denominator > 0 && denominator < 1 << 64)
    guard numerator != 0 else { return 0 }
    let magnitude = numerator.magnitude
    let shift = magnitude.leadingZeroBitCount
    let (quotient, rest) = (magnitude << UInt128(shift))
      .quotientAndRemainder(dividingBy: denominator.magnitude)
    // The top 64 bits of the quotient, everything below them folded into the lowest bit.
    let drop = 64 - quotient.leadingZeroBitCount
    var top = UInt64(truncatingIfNeeded: quotient >> UInt128(drop))
    let dropped = quotient & ((1 << UInt128(drop)) - 1)
    if dropped != 0 || rest != 0 { top |= 1 }
    let result = Double(sign: .plus, exponent: drop - shift, significand: Double(top))
    return numerator < 0 ? -result : result
  }
}
