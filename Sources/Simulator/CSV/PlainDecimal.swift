/// The plain form in which nearly all candles are written: digits, and a point with 1 to 8 more.
package enum PlainDecimal {
  /// The value in steps of 1e-8, or `nil` where the text has another form, or more than 18 digits.
  ///
  /// It decides nothing: for what it does not know the caller asks `ExactDecimal.parse`, which gives
  /// the same value for what it does know, but is generic and so takes ten times as long here.
  package static func steps(_ bytes: Span<UInt8>) -> Int64? {
    guard !bytes.isEmpty, bytes.count <= 19 else { return nil }
    var value: Int64 = 0
    var digits = 0
    var missing = 8
    var hasPoint = false
    for index in 0..<bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      if digit < 10 {
        value = value &* 10 &+ Int64(digit)  // At most 18 digits, then 8 zeros: checked below.
        digits += 1
        if hasPoint { missing -= 1 }
      } else if bytes[index] == UInt8(ascii: "."), !hasPoint, digits > 0 {
        hasPoint = true
      } else {
        return nil
      }
    }
    guard missing >= 0, digits + missing <= 18, !hasPoint || missing < 8 else { return nil }
    for _ in 0..<missing { value &*= 10 }
    return value
  }
}
