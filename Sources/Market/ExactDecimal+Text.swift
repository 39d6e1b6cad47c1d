/// The text of a decimal, the same wherever it is printed, kept or sent.
extension ExactDecimal {
  /// Hands over the text as ASCII: digits, and behind a point those decimals that end in no zero.
  ///
  /// No exponent, no grouping, no `-0`. It makes no string on the way: a curve of a million points
  /// and a record of every event are written by this.
  @inlinable
  public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // 39 digits of 128 bits, a sign, a point and a zero before it.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { buffer in
      var start = buffer.count
      func put(_ digit: UInt64) {
        start -= 1
        buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      }
      let unit = UInt64(Self.stepsPerUnit)  // At most 18 decimals: fits.
      var whole: UInt64
      var fraction: UInt64
      var upper: UInt128 = 0  // What of the whole does not fit.
      if let small = UInt64(exactly: steps.magnitude) {
        (whole, fraction) = small.quotientAndRemainder(dividingBy: unit)
      } else {
        let (wide, rest) = UInt128(steps.magnitude).quotientAndRemainder(
          dividingBy: UInt128(unit))
        fraction = UInt64(truncatingIfNeeded: rest)
        whole = 0
        upper = wide
      }
      if fraction != 0 {
        var decimals = Self.decimals
        while fraction % 10 == 0 { (fraction, decimals) = (fraction / 10, decimals - 1) }
        for _ in 0..<decimals {
          put(fraction % 10)
          fraction /= 10
        }
        start -= 1
        buffer[start] = UInt8(ascii: ".")
      }
      while upper > UInt128(UInt64.max) {
        let (quotient, digit) = upper.quotientAndRemainder(dividingBy: 10)
        put(UInt64(truncatingIfNeeded: digit))
        upper = quotient
      }
      if upper != 0 { whole = UInt64(truncatingIfNeeded: upper) }
      repeat {
        put(whole % 10)
        whole /= 10
      } while whole != 0
      if steps < 0 {
        start -= 1
        buffer[start] = UInt8(ascii: "-")
      }
      return body(UnsafeBufferPointer(rebasing: buffer[start...]))
    }
  }
}
