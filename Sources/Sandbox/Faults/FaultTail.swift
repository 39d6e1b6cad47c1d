package import Market

/// Delays as networks have them: most are short, and a few very long.
///
///     delay = median · (p99 / median)^(z / 2.326…)          z: drawn from the standard normal distribution
///
/// The logarithm of what is drawn is distributed normally, half of it is below `median`, and one in a
/// hundred is above `p99`. What would be longer than `longest` is cut to that.
package struct FaultTail: Hashable, Sendable {
  /// What half of the delays are below.
  package let median: TimeSpan
  /// What one delay in a hundred is above.
  package let p99: TimeSpan

  /// As often as `p99` exceeds the median this exceeds `p99`: of 600,000 draws one would be above.
  package let longest: TimeSpan

  /// What the standard normal distribution is above in one case of a hundred.
  private static let normalP99 = 2.326_347_874_040_841

  /// A tail of these figures; `nil` where there is none: the median must be above 0, and `p99` not below it.
  package init?(median: TimeSpan, p99: TimeSpan) {
    guard median > .nothing, p99 >= median else { return nil }
    self.median = median
    self.p99 = p99
    // 62 bits by 62 bits; in the range of spans again by the bound.
    let square = Int128(p99.nanoseconds) * Int128(p99.nanoseconds) / Int128(median.nanoseconds)
    longest = TimeSpan(nanoseconds: Int64(min(square, FaultText.longest)))
  }

  /// Draws one, in whole microseconds.
  func draw(using random: inout FaultRandom) -> TimeSpan {
    let ratio = Double(p99.nanoseconds) / Double(median.nanoseconds)
    let power = Self.normal(using: &random) / Self.normalP99
    let drawn = Double(median.nanoseconds) * (power * ratio.binaryLogarithm).binaryExponential
    guard drawn < Double(longest.nanoseconds) else { return longest }
    return TimeSpan(nanoseconds: Int64(drawn / 1000) * 1000)
  }

  /// A number of the standard normal distribution, by Marsaglia's polar method (1964).
  private static func normal(using random: inout FaultRandom) -> Double {
    while true {
      let x = Double.random(in: -1..<1, using: &random)
      let y = Double.random(in: -1..<1, using: &random)
      let size = x * x + y * y
      guard size > 0, size < 1 else { continue }
      let logarithm = size.binaryLogarithm * Double.naturalLogarithmOf2
      return x * (-2 * logarithm / size).squareRoot()
    }
  }
}

extension Double {
  fileprivate static let naturalLogarithmOf2 = 0.693_147_180_559_945_3

  /// Its logarithm to base 2, of a normal number above 0, to about 15 digits.
  ///
  /// Made of what IEEE 754 rounds in one way only, so that a seed gives the same on every platform; a
  /// library's logarithm may differ in its last bit.
  fileprivate var binaryLogarithm: Double {
    // ln m = 2·(s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), at most 1/3.
    let s = (significand - 1) / (significand + 1)
    var (sum, power) = (0.0, s)
    for term in 0..<20 {
      sum += power / Double(2 * term + 1)
      power *= s * s
    }
    return Double(exponent) + 2 * sum / Self.naturalLogarithmOf2
  }

  /// 2 to its power, likewise; of a number between -1000 and 1000.
  fileprivate var binaryExponential: Double {
    let whole = rounded(.down)
    let x = (self - whole) * Self.naturalLogarithmOf2
    var (sum, power) = (0.0, 1.0)
    for term in 1...20 {
      sum += power
      power *= x / Double(term)
    }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }
}
